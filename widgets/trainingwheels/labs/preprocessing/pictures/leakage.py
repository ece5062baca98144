"""Test accuracy by where the statistics come from, and what leaking changes, repeat by repeat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.leakage import SOURCES, Leaks
from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.engine.shares import in_percent
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Stroke, percent
from trainingwheels.figures.plots import Dots, Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import PINNED, SUBTLE

__all__ = ["LeakPicture"]

Floats = NDArray[Any]
LEAKS = ("both", "test")
NAMES = {1.0: "training set", 2.0: "both", 3.0: "test set"}


def _name(place: float) -> str:
    return NAMES.get(round(place, 3), "")


def _points(share: float) -> str:
    """A difference of accuracies in percentage points."""
    return f"{100 * share:+.3g}".replace("-", "−") if share else "0"


class LeakPicture(PlotsPicture):
    """A dot a repeat, the mean with its 99 % interval, and (open) that on unseen digits; right, what leaks change."""

    rows = (2,)
    height = 500.0
    tall = 300.0
    room = (56.0, 56.0)
    grid = "y"
    numbers = (in_percent, _points)
    across = (_name, _name)

    def plots(self, result: Leaks, pinned: Leaks | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        accuracies = [*zip(result.test.values(), result.unseen.values(), strict=True)]
        low = min(float(values.min()) for pair in accuracies for values in pair)
        changes = [(result.change(name), result.real(name)) for name in LEAKS]
        ends = [1.05 * max(float((way * values).max()) for pair in changes for values in pair) for way in (-1, 1)]
        least = 0.2 * max(*ends, 0.01)  # so that no one looks at an axis that ends at its zero
        limits = (max(0.0, np.floor(10 * low - 0.3) / 10), 1.0), (-reach(ends[0], least), reach(ends[1], least))
        named = boxes[0].width > 250
        old = [float(values.mean()) for values in pinned.test.values()] if pinned else []
        old_changes = [float(pinned.change(name).mean()) for name in LEAKS] if pinned else []
        return (
            _columns("accuracy", "filled: test set; open: unseen digits", accuracies, 1, limits[0], old, named),
            _columns("change", "to the training set's statistics, points", changes, 2, limits[1], old_changes, True),
        )


def _columns(
    heading: str,
    words: str,
    pairs: Sequence[tuple[Floats, Floats]],
    first: int,
    limits: tuple[float, float],
    old: Sequence[float],
    named: bool,
) -> Plot:
    """One column for each pair of accuracies, on the test set and on unseen digits, from place ``first`` on.

    ``named`` is whether there is room for the numbers.
    """
    dots, colors, lines, spots = [], [], [], []
    for place, (test, unseen) in enumerate(pairs, first):
        color = run_color(place - 1)
        dots.append(np.column_stack([place + np.linspace(-0.42, -0.28, len(test)), test]))
        colors += [color] * len(test)
        for shift, values, width in ((-0.2, test, 3.0), (0.24, unseen, 1.5)):
            lines.append(Stroke(np.full(2, place + shift), np.array(bootstrap_interval(values)), color, "-", width))
            mean = float(values.mean())
            text = _points(round(mean, 3)) if first > 1 else percent(mean) if named and shift < 0 else ""
            spots.append(Spot(place + shift, mean, color, text, filled=shift < 0))
    zero = [Stroke(np.array([0, 9]), np.zeros(2), SUBTLE, "-", 1.0)] if first == 2 else []
    behind = [
        Stroke(np.array([place - 0.45, place + 0.1]), np.array([mean] * 2), PINNED, "-", 2.0)
        for place, mean in enumerate(old, first)
    ]
    return Plot(
        heading,
        (first - 0.5, len(SOURCES) + 0.5),
        limits,
        words,
        "statistics from",
        lines=lines,
        behind=zero + behind,
        dots=Dots(np.concatenate(dots), colors),
        spots=spots,
    )
