"""Transfer learning: a net that has learned one task learns another from few labels."""

from __future__ import annotations

from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.transfer_learning.adapt import Adapt
from trainingwheels.labs.transfer_learning.frozen import FrozenBatchnorm
from trainingwheels.labs.transfer_learning.layers import WhichLayers
from trainingwheels.labs.transfer_learning.own import OwnClasses
from trainingwheels.labs.transfer_learning.presets import PRESETS

__all__ = ["TransferLearning"]


class TransferLearning(TrainingLab):
    """Pretrain on one task, adapt to another: from scratch, with a new head, or with a smaller learning rate."""

    slug = "transfer-learning"
    number = "17"
    title = "Transfer learning"
    summary = "Learn one task, then another from few labels: what to keep, what to retrain, and when it does not help."
    part = "Evaluation"
    presets = PRESETS
    views = (Adapt, WhichLayers, FrozenBatchnorm, OwnClasses)
