"""A criterion over the epochs of one run, and all criteria by what they cost and what they gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.evaluation.followed import Followed
from trainingwheels.figures.labels import short
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import DASHED, DOTTED, INK, MEANING, PINNED

__all__ = ["CriteriaPicture", "Family", "Judged", "Member"]

Floats = NDArray[Any]
VAL = MEANING["validation"]
LOW, HIGH = 0.01, 2000.0  # of what is compared with alpha


@dataclass(frozen=True)
class Member:
    """A criterion with its threshold: epochs trained, and the test accuracy of what is restored, both means."""

    alpha: float
    epochs: float
    test: float


@dataclass(frozen=True)
class Family:
    """A criterion with several thresholds."""

    name: str
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Judged:
    """One run with its criterion's ``quantity`` after each epoch (NaN where it does not ask), ``stop`` (from 0) and
    validation losses ``val``; what it costs and gains over all runs (``now``), that of all ``families``, and the test
    accuracy at the end of training (``last``)."""

    run: Followed
    label: str
    alpha: float
    quantity: Floats
    stop: int | None
    val: Floats
    now: Member
    families: tuple[Family, ...]
    last: float


class CriteriaPicture(PlotsPicture):
    """Validation loss over the quantity of one criterion; beside them, cost against gain."""

    rows = (2, 1)
    height = 605.0
    shares = (0.46, 0.54)
    tall = 250.0
    room = (14.0, 60.0, 110.0)
    numbers = (plain, plain, percent)

    def plots(self, result: Judged, pinned: Judged | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return _losses(result), _quantity(result, pinned), _costs(result, pinned)


def _losses(result: Judged) -> Plot:
    epochs = np.arange(1, len(result.val) + 1, dtype=float)
    end = len(epochs) if result.stop is None else result.stop + 1
    top = reach(float(np.quantile(result.val, 0.98)))
    val = np.clip(result.val, 0, top)
    kept = int(val[:end].argmin())
    lines = [Stroke(epochs[end - 1 :], val[end - 1 :], VAL + "50"), Stroke(epochs[:end], val[:end], VAL)]
    spots = [
        Spot(float(epochs[kept]), float(val[kept]), VAL),
        Spot(float(epochs[kept]), 0.06 * top, VAL, f"restored: epoch {kept + 1}", marked=False, post=True),
    ]
    if result.stop is not None:
        lines.append(Stroke(np.full(2, epochs[end - 1]), np.array([0.0, top]), INK, DASHED, 1.2))
        spots.append(Spot(float(epochs[end - 1]), 0.0, INK, marked=False, post=True))
    return Plot(
        "validation loss", (0.0, float(epochs[-1])), (0.0, top), "of one run", "epoch", lines=lines, spots=spots
    )


def _quantity(result: Judged, pinned: Judged | None) -> Plot:
    epochs, asked = np.arange(1, len(result.quantity) + 1, dtype=float), np.isfinite(result.quantity)
    x, y = epochs[asked], np.clip(result.quantity[asked], LOW, HIGH)
    last = float(epochs[-1])
    behind = [Stroke(np.array([0, last]), np.full(2, result.alpha), INK, DASHED, 1.2)]
    if pinned is not None:
        known = np.isfinite(pinned.quantity)
        behind.append(Stroke(epochs[known], np.clip(pinned.quantity[known], LOW, HIGH), PINNED, "-", 1.2))
    spots = [Spot(last, result.alpha, INK, f"α {short(result.alpha)}", marked=False)]
    if result.stop is not None:
        spots.append(Spot(result.stop + 1.0, float(np.clip(result.quantity[result.stop], LOW, HIGH)), INK))
    return Plot(
        result.label, (0.0, last), (LOW, HIGH), "● stops", "epoch", "y", lines=[Stroke(x, y, VAL)], behind=behind,
        spots=spots,
    )  # fmt: skip


def _costs(result: Judged, pinned: Judged | None) -> Plot:
    lines, spots, every = [], [], [result.now.test]
    total = float(len(result.val))
    for place, family in enumerate(result.families):
        color = run_color(place)
        x = np.array([member.epochs for member in family.members])
        y = np.array([member.test for member in family.members])
        lines.append(Stroke(x, y, color))
        spots += [Spot(float(at), float(test), color) for at, test in zip(x, y, strict=True)]
        spots.append(Spot(total, float(y[-1]), color, family.name, marked=False))
        every += y.tolist()
    spots.append(Spot(result.now.epochs, result.now.test, INK, "now", filled=False, free=True))
    low, high = np.floor(50 * min(every)) / 50, np.ceil(50 * max(every) + 0.2) / 50
    step = max(1, round(100 * reach((high - low) / 7)))
    marks = [tick / 100 for tick in range(round(100 * low), round(100 * high) + 1, step)]
    behind = []
    if low < result.last < high:
        behind.append(Stroke(np.array([0, total]), np.full(2, result.last), INK, DOTTED, 1.2))
        spots.append(Spot(total, result.last, INK, "at the end", marked=False))
    if pinned is not None:
        behind.append(Stroke(np.array([0, pinned.now.epochs]), np.full(2, max(pinned.now.test, low)), PINNED, "-", 1.2))
    return Plot(
        "test accuracy of what is restored", (0.0, total), (float(low), float(high)),
        f"means; at the end {percent(result.last)}", marks=marks, name="epochs trained", lines=lines, behind=behind,
        spots=spots,
    )  # fmt: skip
