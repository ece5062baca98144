"""Batch normalization: the layer alone, at training and at test time, backward, and what it buys."""

from __future__ import annotations

from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.batch_normalization.at_test_time import AtTestTime
from trainingwheels.labs.batch_normalization.backward import Backward
from trainingwheels.labs.batch_normalization.layer import TheLayer
from trainingwheels.labs.batch_normalization.presets import PRESETS
from trainingwheels.labs.batch_normalization.what_it_buys import WhatItBuys

__all__ = ["BatchNormalization"]


class BatchNormalization(TrainingLab):
    """The layer alone (train, test, backward), and nets that train live with it and without."""

    slug = "batch-normalization"
    number = "04"
    title = "Batch normalization"
    summary = "The layer alone, forward, backward and at test time; and what it buys, trained live."
    part = "One-time setup"
    presets = PRESETS
    views = (TheLayer, AtTestTime, Backward, WhatItBuys)
