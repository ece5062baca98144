"""Optimizers: how a gradient becomes a step, and how long a step should be."""

from __future__ import annotations

from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.optimizers.batches import Batches
from trainingwheels.labs.optimizers.momentum import Momentum
from trainingwheels.labs.optimizers.presets import PRESETS
from trainingwheels.labs.optimizers.race import Race
from trainingwheels.labs.optimizers.schedules import Schedules
from trainingwheels.labs.optimizers.surfaces import Surfaces

__all__ = ["Optimizers"]


class Optimizers(TrainingLab):
    """Paths of update rules on surfaces, momentum in its plane, batches, and nets that race."""

    slug = "optimizers"
    number = "08"
    title = "Optimizers"
    summary = "Seven update rules on surfaces, momentum in its plane, batches, a race of nets, and schedules."
    part = "Training dynamics"
    presets = PRESETS
    views = (Surfaces, Momentum, Batches, Race, Schedules)
