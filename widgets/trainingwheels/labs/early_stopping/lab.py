"""Early stopping: rules replayed on finished runs, and what a test set says of what they restore."""

from __future__ import annotations

from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.early_stopping.choice import Choosing
from trainingwheels.labs.early_stopping.criteria import Comparing
from trainingwheels.labs.early_stopping.live import Watching
from trainingwheels.labs.early_stopping.presets import PRESETS
from trainingwheels.labs.early_stopping.replay import Replay

__all__ = ["EarlyStopping"]


class EarlyStopping(TrainingLab):
    """When to stop, replayed on finished runs: patience, smoothing, thresholds, and the snapshot that is kept."""

    slug = "early-stopping"
    number = "15"
    title = "Early stopping"
    summary = "When to stop, replayed on finished runs: patience, the snapshot that is kept, and what a test set says."
    part = "Evaluation"
    presets = PRESETS
    views = (Replay, Watching, Choosing, Comparing)
