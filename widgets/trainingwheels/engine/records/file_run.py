"""Runs that come from files: the same curves as a run that was trained here, as far as the file has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.settings import InvalidSetting, brief
from trainingwheels.engine.training.history import Curves

__all__ = ["LARGEST_STEP", "METRICS", "MOST_RUNS", "FileRun", "refuse", "shown_name"]

METRICS = ("loss", "val_loss", "train_accuracy", "val_accuracy", "lr")
"""The curves that a file may have: loss of each batch or epoch, and what is measured now and then."""

LARGEST_STEP = 10**12
MOST_RUNS = 100  # in one file, and in one picture
LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class FileRun(Curves):
    """A run that was read from a file. ``given`` are its settings as text, as far as the file says them.

    ``x_is`` is what its steps are: step, epoch (then they may be fractions) or row, where the file counts nothing.
    ``taken`` says which column was taken for what (the keys of ``ROLES``), ``left`` which were not, ``notes`` in a few
    words what else was done to them.
    """

    name: str
    given: Mapping[str, str] = field(default_factory=dict)
    x_is: str = "step"
    taken: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def noted(self, *notes: str) -> Self:
        """This run, with more that is to be said of it before the rest, each only once."""
        return replace(self, notes=tuple(dict.fromkeys((*notes, *self.notes))))

    @property
    def settings(self) -> Mapping[str, Any]:
        return self.given

    @property
    def chance(self) -> float | None:
        dataset = self.given.get("dataset", "")
        return 1 / DATASETS[dataset].classes if dataset in DATASETS else None


def shown_name(name: str) -> str:
    """A name of a run from a file, as short and printable as a picture needs it."""
    text = "".join(letter if letter.isprintable() else " " for letter in name)
    text = " ".join(text.split()) or "run"
    half = LONGEST_NAME // 2
    return text if len(text) <= LONGEST_NAME else f"{text[:half]}…{text[-half:]}"


def refuse(name: str, what: str, fix: str) -> InvalidSetting:
    """The one line about a file."""
    return InvalidSetting(f"{brief(name)} {what}: {fix}.")
