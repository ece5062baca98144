"""Test accuracy by where the statistics come from, and what leaking changes, repeat by repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.leakage import SOURCES
from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Stroke, percent
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import PINNED, SUBTLE
from trainingwheels.labs.preprocessing.pictures.plots import Dots, Plot, PlotsPicture, Spot

__all__ = ["LeakPicture", "LeakView"]

Floats = NDArray[Any]
NAMES = {1.0: "training set", 2.0: "both", 3.0: "test set"}


@dataclass(frozen=True)
class LeakView:
    """What :func:`leaked_accuracies` found: name of each source to the accuracies, paired by repeat."""

    accuracies: Mapping[str, Floats]

    def difference(self, name: str) -> Floats:
        """By how much a leak changes the accuracy, repeat by repeat."""
        return np.asarray(self.accuracies[name] - self.accuracies["train"])


def _name(place: float) -> str:
    return NAMES.get(round(place, 3), "")


def _points(share: float) -> str:
    """A difference of accuracies in percentage points."""
    return f"{100 * share:+.3g}".replace("-", "−") if share else "0"


class LeakPicture(PlotsPicture):
    """A dot a repeat, the mean with its 99 % interval; right, the differences to the honest way."""

    rows = (2,)
    height = 540.0
    tall = 300.0
    room = (56.0, 56.0)
    grid = "y"
    numbers = (percent, _points)
    across = (_name, _name)

    def plots(self, result: LeakView, pinned: LeakView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        accuracies = list(result.accuracies.values())
        low = min(float(values.min()) for values in accuracies)
        differences = [result.difference(name) for name in ("both", "test")]
        ends = [1.05 * max(float((way * values).max()) for values in differences) for way in (-1, 1)]
        least = 0.2 * max(*ends, 0.01)  # so that no one looks at an axis that ends at its zero
        limits = (max(0.0, np.floor(10 * low - 0.3) / 10), 1.0), (-reach(ends[0], least), reach(ends[1], least))
        old = [float(values.mean()) for values in pinned.accuracies.values()] if pinned else []
        old_differences = [float(pinned.difference(name).mean()) for name in ("both", "test")] if pinned else []
        return (
            _columns("test accuracy", "statistics from", accuracies, 1, limits[0], old),
            _columns("difference", "to the training set, points", differences, 2, limits[1], old_differences),
        )


def _columns(
    heading: str,
    words: str,
    values: Sequence[Floats],
    first: int,
    limits: tuple[float, float],
    old: Sequence[float],
) -> Plot:
    """One column of dots for each of ``values``, from place ``first`` on."""
    dots, colors, lines, spots = [], [], [], []
    write = percent if first == 1 else _points
    for place, each in enumerate(values, first):
        color = run_color(place - 1)
        spread = np.linspace(-0.22, -0.08, len(each))
        dots.append(np.column_stack([place + spread, each]))
        colors += [color] * len(each)
        low, high = bootstrap_interval(each)
        lines.append(Stroke(np.array([place + 0.06] * 2), np.array([low, high]), color, "-", 3.0))
        mean = float(each.mean())
        spots.append(Spot(place + 0.06, mean, color, write(round(mean, 4))))
    zero = [Stroke(np.array([0, 9]), np.zeros(2), SUBTLE, "-", 1.0)] if first == 2 else []
    behind = [
        Stroke(np.array([place - 0.3, place + 0.3]), np.array([mean] * 2), PINNED, "-", 2.0)
        for place, mean in enumerate(old, first)
    ]
    x = (first - 0.5, len(SOURCES) + 0.5)
    return Plot(
        heading,
        x,
        limits,
        words,
        lines=lines,
        behind=zero + behind,
        dots=Dots(np.concatenate(dots), colors),
        spots=spots,
    )
