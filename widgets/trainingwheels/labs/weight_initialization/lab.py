"""How the spread of the initial weights decides whether a deep net can learn."""

from __future__ import annotations

from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.weight_initialization.presets import PRESETS
from trainingwheels.labs.weight_initialization.signals import Signals
from trainingwheels.labs.weight_initialization.training import NetsFromBirth

__all__ = ["WeightInitialization"]


class WeightInitialization(TrainingLab):
    """The flagship: a signal goes up a deep net as it is born, and its gradient comes down; then such nets train."""

    slug = "weight-initialization"
    number = "03"
    title = "Weight initialization"
    summary = "How the spread of the initial weights decides whether a deep net can learn."
    part = "One-time setup"
    presets = PRESETS
    views = (Signals, NetsFromBirth)
