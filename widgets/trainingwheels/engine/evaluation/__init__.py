"""What to do with nets that have been trained: choose a moment of a run, and average several."""

from trainingwheels.engine.evaluation.averaging import COMBINATIONS, combine
from trainingwheels.engine.evaluation.stopping import Stop, stop_early
from trainingwheels.engine.evaluation.subsets import subset_accuracy
from trainingwheels.engine.evaluation.transfer import METHODS, Method, adaptations, transfer

__all__ = [
    "COMBINATIONS",
    "METHODS",
    "Method",
    "Stop",
    "adaptations",
    "combine",
    "stop_early",
    "subset_accuracy",
    "transfer",
]
