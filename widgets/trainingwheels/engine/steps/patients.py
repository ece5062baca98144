"""Nets in which something is wrong, and what mends it: to be found by the steps, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trainingwheels.engine.settings import Option, Table
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["BASE", "PATIENTS", "REPAIRS", "Patient", "treated"]

BASE: Mapping[str, Any] = {"dataset": "digits", "hidden": (100, 100), "optimizer": "momentum", "batch_size": 64}
"""A net that learns the digits: ReLU, Kaiming's initialization, pixels from 0 to 1."""

REPAIRS = Table(
    "repair",
    (
        Option("none", "nothing"),
        Option("initialization", "initialization: Kaiming"),
        Option("inputs", "inputs: from 0 to 1"),
        Option("rate", "learning rate: its unit"),
        Option("decay", "weight decay: its unit"),
        Option("labels", "labels: right ones"),
        Option("architecture", "two hidden layers, ReLU"),
    ),
)


@dataclass(frozen=True)
class Patient:
    """A net with a fault that ``repair``, a name in ``REPAIRS``, mends.

    ``changes`` are settings of its :class:`.RunConfig` that differ from ``BASE``. What is asked of it as a learning
    rate or a weight decay reaches it multiplied by ``lr_times`` and ``l2_times``.
    """

    name: str
    label: str
    repair: str = "none"
    changes: Mapping[str, Any] = field(default_factory=dict)
    lr_times: float = 1.0
    l2_times: float = 1.0


PATIENTS: Table[Patient] = Table(
    "patient",
    (
        Patient("healthy", "a healthy net"),
        Patient("a", "patient A", "initialization", {"initializer": "gaussian", "std": 0.5}),
        Patient("b", "patient B", "initialization", {"initializer": "gaussian", "std": 0.001}),
        Patient("c", "patient C", "rate", lr_times=0.001),
        Patient("d", "patient D", "decay", l2_times=1000.0),
        Patient("e", "patient E", "labels", {"label_noise": 0.3}),
        Patient("f", "patient F", "architecture", {"hidden": (100,) * 5, "activation": "sigmoid"}),
        Patient("g", "patient G", "inputs", {"dataset": "digits-bytes"}),
    ),
)


def treated(patient: str, repair: str = "none", *, lr: float = 0.1, l2: float = 0.0, **settings: Any) -> RunConfig:
    """The run of a patient after a repair, with ``settings`` of a :class:`.RunConfig`; ``lr`` and ``l2`` are what was
    asked for. A repair of what is in order changes nothing."""
    known = PATIENTS[patient]
    ill = known.repair != REPAIRS[repair].name
    changes = known.changes if ill else {}
    rates = {"lr": lr * known.lr_times, "l2": l2 * known.l2_times} if ill else {"lr": lr, "l2": l2}
    return RunConfig(**{**BASE, **changes, **rates, **settings})
