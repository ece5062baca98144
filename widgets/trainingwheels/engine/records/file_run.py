"""Runs that come from files: the same curves as a run that was trained here, as far as the file has them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.settings import InvalidSetting, brief
from trainingwheels.engine.training.history import Curves

__all__ = ["METRICS", "FileRun", "Points", "metric_of"]

METRICS = ("loss", "val_loss", "train_accuracy", "val_accuracy", "lr")
"""The curves that a file may have: loss of each batch or epoch, and what is measured now and then."""

LARGEST_STEP = 10**12
MOST_RUNS = 100  # in one file, and in one picture
VALIDATION = {"val", "valid", "validation", "test", "eval", "dev"}


def metric_of(name: str) -> str | None:
    """Which of ``METRICS`` a column or tag is by its name: ``Val Loss``, ``accuracy/train``, ``lr``; None if none."""
    words = set(re.findall(r"[a-z]+", name.lower()))
    validation = bool(words & VALIDATION)
    if words & {"acc", "accuracy"}:
        return "val_accuracy" if validation else "train_accuracy"
    if "lr" in words or words >= {"learning", "rate"}:
        return "lr"
    if "loss" in words or words == {"value"}:  # TensorBoard's page names the column of a curve "Value"
        return "val_loss" if validation else "loss"
    return None


@dataclass(frozen=True, kw_only=True)
class FileRun(Curves):
    """A run that was read from a file. ``given`` are its settings as text, as far as the file says them."""

    name: str
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Mapping[str, Any]:
        return self.given

    @property
    def chance(self) -> float | None:
        dataset = self.given.get("dataset", "")
        return 1 / DATASETS[dataset].classes if dataset in DATASETS else None


class Points:
    """The numbers of one run while its file is read. ``where`` names the place of a number in messages."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.given: dict[str, str] = {}
        self.values: dict[str, dict[int, float]] = {metric: {} for metric in METRICS}

    def add(self, metric: str, step: int, value: float, where: str) -> None:
        """Take a number; a later one for the same step replaces it."""
        if not 0 <= step <= LARGEST_STEP:
            raise InvalidSetting(f"{where}: step {step:g} is out of range: choose steps from 0 to {LARGEST_STEP:,}.")
        if metric.endswith("accuracy") and math.isfinite(value) and not 0 <= value <= 100:
            raise InvalidSetting(f"{where}: accuracy {value:g} is out of range: choose 0 to 1, or percent up to 100.")
        self.values[metric][step] = value

    def run(self, steps_per_epoch: int = 0) -> FileRun:
        """The run. Accuracies of which one is above 1 are percent."""
        loss, lr = self.values["loss"], self.values["lr"]
        measured = {metric: self.values[metric] for metric in ("val_loss", "val_accuracy", "train_accuracy")}
        at = sorted(set().union(*measured.values()))
        accuracies = [*measured["val_accuracy"].values(), *measured["train_accuracy"].values()]
        whole = 100 if any(value > 1 for value in accuracies) else 1
        val_loss, val_accuracy, train_accuracy = (
            _frozen([values.get(step, math.nan) / (1 if metric == "val_loss" else whole) for step in at])
            for metric, values in measured.items()
        )
        steps = sorted(loss)
        return FileRun(
            name=self.name,
            given=self.given,
            steps_per_epoch=steps_per_epoch,
            steps=_frozen(steps, np.int64),
            train_loss=_frozen([loss[step] for step in steps]),
            lr=_frozen([lr.get(step, math.nan) for step in steps] if lr else []),
            eval_steps=_frozen(at, np.int64),
            val_loss=val_loss,
            val_accuracy=val_accuracy,
            train_accuracy=train_accuracy,
        )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(self.values[metric] for metric in METRICS if metric != "lr")


def _frozen(values: list[Any], kind: Any = np.float32) -> NDArray[Any]:
    with np.errstate(over="ignore"):  # beyond float32 is infinite
        array = np.asarray(values, np.float64 if kind is np.float32 else kind).astype(kind)
    array.setflags(write=False)
    return array


def shown_name(name: str) -> str:
    """A name of a run from a file, as short and printable as a picture needs it."""
    text = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(text.split())[:40] or "run"


def refuse(name: str, what: str, fix: str) -> InvalidSetting:
    """The one line about a file."""
    return InvalidSetting(f"{brief(name)} {what}: {fix}.")
