"""Penalties: a term that is added to the loss, what it does to weights, and what it buys."""

from __future__ import annotations

from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.penalties.classifier import LinearClassifier
from trainingwheels.labs.penalties.full_loss import TheFullLoss
from trainingwheels.labs.penalties.geometry import TwoWeights
from trainingwheels.labs.penalties.net import OneNet
from trainingwheels.labs.penalties.presets import PRESETS
from trainingwheels.labs.penalties.sweep import AgainstLambda

__all__ = ["Penalties"]


class Penalties(TrainingLab):
    """The full loss, two weights, a linear classifier, and nets that train with a penalty."""

    slug = "penalties"
    number = "09"
    title = "Penalties"
    summary = "L2, L1 and elastic net: the full loss, its geometry, exact zeros, and nets that train with it."
    part = "One-time setup"
    presets = PRESETS
    views = (TheFullLoss, TwoWeights, LinearClassifier, OneNet, AgainstLambda)
