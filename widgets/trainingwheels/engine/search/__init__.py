"""Search for good hyperparameters: grid against random and what came after, on the same budget; cross-validation."""

from trainingwheels.engine.search.live import LiveSearch, search, search_steps
from trainingwheels.engine.search.results import Result, Trial
from trainingwheels.engine.search.samplers import SAMPLERS
from trainingwheels.engine.search.spaces import Choices, LogUniform, Uniform

__all__ = [
    "SAMPLERS",
    "Choices",
    "LiveSearch",
    "LogUniform",
    "Result",
    "Trial",
    "Uniform",
    "search",
    "search_steps",
]
