"""Dropout: masks, their mean, what test time makes of it, and what it buys."""

from __future__ import annotations

from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.dropout.ensemble import Ensemble
from trainingwheels.labs.dropout.integral import TheIntegral
from trainingwheels.labs.dropout.net import TheNet
from trainingwheels.labs.dropout.neuron import OneNeuron
from trainingwheels.labs.dropout.presets import PRESETS
from trainingwheels.labs.dropout.removal import Removing
from trainingwheels.labs.dropout.training import Training

__all__ = ["Dropout"]


class Dropout(TrainingLab):
    """Masks, the mean over them, vanilla and inverted; ensembles of masks, and nets that train with them."""

    slug = "dropout"
    number = "10"
    title = "Dropout"
    summary = "Units that blink out: masks, their mean, vanilla and inverted, ensembles of masks, and what it buys."
    part = "One-time setup"
    presets = PRESETS
    views = (TheNet, OneNeuron, TheIntegral, Ensemble, Removing, Training)
