"""Search for good hyperparameters: grid against random and what came after, on the same budget; cross-validation."""

from trainingwheels.engine.search.choosing_features import FeatureChoice, choose_before_and_inside
from trainingwheels.engine.search.folds import (
    Nested,
    cross_validate,
    cross_validate_each,
    cross_validate_steps,
    nested_cross_validate,
)
from trainingwheels.engine.search.live import LiveSearch, join, search, search_steps, watch
from trainingwheels.engine.search.repeated import Repeated
from trainingwheels.engine.search.results import Result, Trial
from trainingwheels.engine.search.samplers import SAMPLERS
from trainingwheels.engine.search.side_by_side import SideBySide, side_by_side
from trainingwheels.engine.search.spaces import Choices, LogUniform, Uniform

__all__ = [
    "SAMPLERS",
    "Choices",
    "FeatureChoice",
    "LiveSearch",
    "LogUniform",
    "Nested",
    "Repeated",
    "Result",
    "SideBySide",
    "Trial",
    "Uniform",
    "choose_before_and_inside",
    "cross_validate",
    "cross_validate_each",
    "cross_validate_steps",
    "join",
    "nested_cross_validate",
    "search",
    "search_steps",
    "side_by_side",
    "watch",
]
