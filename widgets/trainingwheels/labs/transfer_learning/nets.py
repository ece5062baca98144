"""What the views in which nets train have in common: the tasks, how large the nets are, and how they learn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from trainingwheels.engine import RunConfig
from trainingwheels.engine.evaluation.transfer import ADAPTED, steps_of
from trainingwheels.labs.base.convolutions import convolutions
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, WholeSlider
from trainingwheels.labs.transfer_learning.tasks import TASKS

__all__ = ["Convolved", "OfNets", "OfTask", "Seeded", "base_config"]


class Seeded:
    """Of views in which something is drawn."""

    seed = WholeSlider(0, 99, 0, most=2**31 - 1, section="more", help="which random draw")


class Convolved(Seeded):
    """Of views whose nets may begin with convolutions."""

    conv = convolutions(data=None, channels=32, most=2)  # so many nets with more would take minutes


class OfTask:
    """Of views in which one set is learned after another."""

    task = Choice(TASKS, "series", help="what was learned before, and what is learned now")


class OfNets(Convolved):
    """Of views in which nets train: how large they are, and how they learn."""

    tuning = LogSlider(
        0.01,
        1.0,
        0.1,
        step=0.1,
        label="smaller lr",
        help="learning rate of layers that were trained before, as a share of the head's",
    )
    nets = WholeSlider(1, 10, 5, section="more", help="nets of each kind, which differ by their seed")
    depth = WholeSlider(1, 4, 2, unit="layers", section="net", help="hidden layers, fully connected")
    width = LogWholeSlider(8, 256, 64, unit="units", section="net", help="units of each hidden layer")
    lr = LogSlider(1e-3, 1.0, 0.05, step=0.1, section="optimizer", help="learning rate of the head; momentum is 0.9")
    steps = LogWholeSlider(64, 2048, 512, unit="steps", section="optimizer", help="about how many steps are taken")


def base_config(s: Any, target: str) -> RunConfig:
    """How ``target`` is learned, besides what a method says."""
    return steps_of(replace(ADAPTED, conv=s.conv, hidden=(s.width,) * s.depth, lr=s.lr), target, s.steps)
