"""How the spread of the initial weights decides whether a deep net can learn."""

from __future__ import annotations

from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.weight_initialization.presets import PRESETS
from trainingwheels.labs.weight_initialization.signals import Signals

__all__ = ["WeightInitialization"]


class WeightInitialization(Lab):
    """The flagship: a signal goes up a deep net at its initialization, its gradient comes down; nothing is trained."""

    slug = "weight-initialization"
    number = "03"
    title = "Weight initialization"
    summary = "How the spread of the initial weights decides whether a deep net can learn."
    part = "One-time setup"
    presets = PRESETS
    views = (Signals,)
