"""A search as the pictures of this view show it, and how its trials look in all of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.search.ensembles import Together
from trainingwheels.engine.search.repeated import Repeated
from trainingwheels.engine.search.results import Result, Trial
from trainingwheels.engine.search.spaces import Range
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.figures.labels import short
from trainingwheels.figures.theme import PINNED
from trainingwheels.labs.search.pictures.colors import score_colors

__all__ = ["Part", "Searched", "dot_color", "in_black", "in_order", "line_color", "which"]

Floats = NDArray[Any]
FAINT = 0.25  # of the way from white to dark, at least, for a line


@dataclass(frozen=True)
class Part:
    """A column or a row of the map: the ``place``, from 0, of ``count`` equal parts of the range of ``name``."""

    name: str
    among: Range
    place: int
    count: int

    @property
    def ends(self) -> tuple[float, float]:
        """The values at its ends."""
        low, high = (float(self.among.at(at / self.count)) for at in (self.place, self.place + 1))
        return low, high

    def has(self, trial: Trial) -> bool:
        """Whether a trial lies in it."""
        at = int(self.among.share(trial.params[self.name]) * self.count)
        return min(at, self.count - 1) == self.place


@dataclass(frozen=True)
class Searched:
    """A search at one moment. ``chance`` is the accuracy of guessing, ``names`` what the parameters are called.

    ``chosen`` is the trial that is looked at, ``look`` one of :data:`.LOOKS`, ``examples`` are those of the validation
    and of the test set. ``together`` is what the best make as an ensemble, where somebody has asked for it. The map has
    ``sides`` columns and rows; the curves shown are those in all of ``parts``, all curves if there is none.

    ``result`` is the repetition at ``place``, from 0, of those that are ``repeated``, or of a ``rival``'s, which are as
    many. ``config`` is what all runs have in common.
    """

    result: Result
    chance: float
    names: Mapping[str, str]
    chosen: Trial | None
    look: str
    examples: tuple[int, int]
    together: Together | None = None
    sides: tuple[int, int] = (5, 5)
    parts: tuple[Part, ...] = ()
    place: int = 0
    repeated: Repeated | None = None
    rival: Repeated | None = None
    config: RunConfig | None = None

    @property
    def compared(self) -> tuple[Repeated, ...]:
        """All repetitions, and the rival's if there is one."""
        own = self.repeated or Repeated((self.result,))
        return (own, self.rival) if self.rival else (own,)

    @property
    def alone(self) -> bool:
        """Whether there is one search and nothing else."""
        (own, *rivals) = self.compared
        return len(own.results) == 1 and not rivals

    @property
    def whose(self) -> str:
        """Which of several searches is on the map; nothing if there is one."""
        several = len(self.compared[0].results) > 1
        names = [self.result.sampler] * bool(self.rival) + [f"repetition {self.place + 1}"] * several
        return ", ".join(names)

    @property
    def seen(self) -> list[Trial]:
        """The trials whose curves are shown."""
        return [trial for trial in self.result.trials if all(part.has(trial) for part in self.parts)]

    @property
    def words(self) -> str:
        """What they have in common; nothing if they are all."""
        ends = ((self.names[part.name], *map(short, part.ends)) for part in self.parts)
        return ", ".join(f"{name} {low} to {high}" for name, low, high in ends)

    @property
    def scores(self) -> Floats:
        """Of the trials that have come to their end, in their order."""
        return np.array([trial.value for trial in self.result.trials if trial.counts])


def dot_color(value: float, chance: float) -> str:
    """White is guessing, dark is right."""
    if not math.isfinite(value):
        return PINNED
    red, green, blue, _ = score_colors(np.array(value), chance, 1.0).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"


def line_color(value: float, chance: float) -> str:
    """As a dot's colour, but never white: a line has no edge."""
    return dot_color(max(value, chance + FAINT * (1 - chance)), chance)


def in_order(trials: Sequence[Trial], marked: Sequence[Trial]) -> list[Trial]:
    """The better ones last, on top of the others, and what is marked on top of all."""
    others = [trial for trial in trials if trial not in marked]
    return [*sorted(others, key=lambda trial: float(np.nan_to_num(trial.value))), *marked]


def in_black(shown: Searched) -> list[Trial]:
    """The trial that is looked at, or the best of those seen."""
    best = max((trial for trial in shown.seen if trial.counts), key=lambda trial: trial.value, default=None)
    found = shown.chosen or best
    return [found] if found is not None else []


def which(shown: Searched) -> str:
    return "the best" if shown.chosen is None else f"trial {shown.chosen.number + 1}"
