"""A small net trains live; one knob at several values trains as one population."""

from __future__ import annotations

from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.train_a_net.presets import PRESETS
from trainingwheels.labs.train_a_net.training import TrainOne

__all__ = ["TrainNet"]


class TrainNet(TrainingLab):
    """A small net trains live on the device at hand; one knob can be trained at several values at once."""

    slug = "train-a-net"
    number = "06"
    title = "Train a net"
    summary = "A small net trains live on the device at hand; compare values of one knob."
    part = "Training dynamics"
    presets = PRESETS
    views = (TrainOne,)
