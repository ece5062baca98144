"""What to do with nets that have been trained: choose a moment of a run, and average several."""

from trainingwheels.engine.evaluation.averaging import COMBINATIONS, combine
from trainingwheels.engine.evaluation.stopping import Stop, stop_early
from trainingwheels.engine.evaluation.subsets import subset_accuracy

__all__ = ["COMBINATIONS", "Stop", "combine", "stop_early", "subset_accuracy"]
