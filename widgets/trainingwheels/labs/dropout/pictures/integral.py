"""The integral over masks: means over drawn masks on their way to the mean over all, and the single scaled pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.regularizers.integral import DRAWN, Integral
from trainingwheels.engine.regularizers.masks import ATOMS
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import DASHED, DOTTED, MEANING, PINNED, SUBTLE

__all__ = ["FC", "IntegralPicture", "digits_of"]

DRAWS, EXACT, SCALED = MEANING["train"], "#7A5200", MEANING["validation"]
FC = 4096  # units of the lecture's fully connected layer


def digits_of(units: int) -> float:
    """The power of ten of the number of masks."""
    return units * math.log10(2)


class IntegralPicture(PlotsPicture):
    """The arithmetic mean, the geometric mean (of scores: those of another class), and how many masks there are."""

    rows = (2, 1)
    height = 560.0
    tall = 240.0
    room = (96.0, 96.0, 60.0)

    def plots(self, result: Integral, pinned: Any, boxes: Sequence[Box]) -> Sequence[Plot]:
        shown, pale = result.shown, pinned if isinstance(pinned, Integral) else None
        first = _towards(result, shown, "arithmetic", pale)
        if result.geometric is None:
            other = int(np.argsort(result.scaled)[-2])
            return first, _towards(result, other, "arithmetic", pale), _masks(result)
        return first, _towards(result, shown, "geometric", pale), _masks(result)


def _towards(result: Integral, shown: int, mean: str, pinned: Integral | None) -> Plot:
    """Drawn masks, all masks and the scaled pass, in one class."""
    exact, drawn = _of(result, shown, mean)
    scaled = float(result.scaled[shown])
    what = "score" if result.geometric is None else "probability"
    ends = np.array([1.0, float(DRAWN)])
    error = result.spread[shown] / np.sqrt(result.counts)
    pale = [Stroke(result.counts, exact + sign * error, SUBTLE, DOTTED, 1.0) for sign in (-1, 1)]
    values = [scaled, exact, *drawn[8:]]
    if pinned is not None and (pinned.geometric is None) == (result.geometric is None):
        old = _of(pinned, shown, mean)[1]
        pale.append(Stroke(pinned.counts, old, PINNED, "-", 1.2))
        values += [*old[8:]]
    y = (0.0, 1.0) if what == "probability" else _limits(values)
    return Plot(
        f"{mean} mean",
        (1.0, float(DRAWN)),
        y,
        f"{what} of class {shown + 1}",
        "masks drawn",
        "x",
        number=percent if what == "probability" else plain,
        lines=[
            Stroke(result.counts, np.clip(drawn, *y), DRAWS),
            Stroke(ends, np.full(2, exact), EXACT),
            Stroke(ends, np.full(2, scaled), SCALED, DASHED),
        ],
        behind=[stroke._replace(y=np.clip(stroke.y, *y)) for stroke in pale] if mean == "arithmetic" else pale[2:],
        spots=[
            Spot(DRAWN, float(np.clip(drawn[-1], *y)), DRAWS, "drawn", marked=False),
            Spot(DRAWN, exact, EXACT, "all masks", marked=False),
            Spot(DRAWN, scaled, SCALED, "scaled pass", marked=False),
        ],
    )


def _of(result: Integral, shown: int, mean: str) -> tuple[float, Any]:
    """The mean over all masks and those over drawn ones, in one class."""
    if mean == "geometric":
        assert result.geometric is not None
        assert result.drawn_geometric is not None
        return float(result.geometric[shown]), result.drawn_geometric[:, shown]
    return float(result.arithmetic[shown]), result.drawn[:, shown]


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Round, with 0 inside."""
    low, high = min(0.0, *values), max(0.0, *values)
    return -reach(-1.05 * low) if low < 0 else 0.0, reach(1.05 * high, 0.1) if high > 0 else 0.0


def _masks(result: Integral) -> Plot:
    units = np.geomspace(1, FC, 60)
    lines = [
        Stroke(units, units * math.log10(2), DRAWS),
        Stroke(np.array([1.0, 5000.0]), np.full(2, float(ATOMS)), SUBTLE, DASHED, 1.2),
    ]
    here = result.net.units
    return Plot(
        "masks",
        (1.0, 5000.0),
        (0.2, 5000.0),
        "powers of ten",
        "units",
        "xy",
        lines=lines,
        spots=[
            Spot(here, digits_of(here), DRAWS, f"this net: {result.masks:,}"),
            Spot(FC, digits_of(FC), DRAWS, f"10^{digits_of(FC):.0f}"),
            Spot(1.3, float(ATOMS) * 1.5, SUBTLE, f"atoms in the universe: 10^{ATOMS}", marked=False),
        ],
    )
