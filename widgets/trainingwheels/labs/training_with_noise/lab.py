"""Training with noise: add some kind of randomness in training, and average it out at test time."""

from __future__ import annotations

from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.training_with_noise.at_test_time import AtTestTime
from trainingwheels.labs.training_with_noise.pattern import ThePattern
from trainingwheels.labs.training_with_noise.presets import PRESETS
from trainingwheels.labs.training_with_noise.training import InTraining

__all__ = ["TrainingWithNoise"]


class TrainingWithNoise(TrainingLab):
    """One pattern for nine methods: what is random, what the test does instead, and what it buys."""

    slug = "training-with-noise"
    number = "12"
    title = "Train with noise: a common pattern"
    summary = "Dropout, DropConnect, stochastic depth, cutout, mixup and others: what is random, and what it buys."
    part = "Training dynamics"
    presets = PRESETS
    views = (ThePattern, InTraining, AtTestTime)
