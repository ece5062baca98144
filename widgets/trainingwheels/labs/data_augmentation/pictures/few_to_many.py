"""Accuracy against the number of examples, without a transform and with some; and what each of them gains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import History
from trainingwheels.engine.intervals import ENOUGH, bootstrap_interval
from trainingwheels.figures.kinds import accuracies_now
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, spots_along
from trainingwheels.figures.run_curves import TENTHS
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import DOTTED, INK, PINNED, SUBTLE

__all__ = ["FewToManyPicture", "Gains"]

Floats = NDArray[Any]


@dataclass(frozen=True)
class Gains:
    """Runs by kind, number of examples of each of the ``classes``, and seed, in this order; the first kind has no
    transform. The others are ``said`` with their magnitudes."""

    histories: Sequence[History]
    kinds: Sequence[str]
    said: Sequence[str]
    counts: Sequence[int]
    classes: int

    @property
    def seeds(self) -> int:
        return len(self.histories) // (len(self.kinds) * len(self.counts))

    @property
    def examples(self) -> list[int]:
        """How many there are of all classes."""
        return [count * self.classes for count in self.counts]

    def accuracies(self, kind: int) -> Floats:
        """Validation accuracies now, (numbers, seeds); NaN before the first evaluation."""
        each = len(self.counts) * self.seeds
        runs = self.histories[kind * each : (kind + 1) * each]
        return accuracies_now(runs).reshape(len(self.counts), self.seeds)

    def gains(self, kind: int) -> Floats:
        """By how much they are above those without a transform, seed by seed."""
        return self.accuracies(kind) - self.accuracies(0)


class FewToManyPicture(PlotsPicture):
    """Accuracy left, gain right; in a narrow picture one below the other."""

    rows = (2,)
    height = 430.0
    tall = 290.0
    room = (104.0, 104.0)
    numbers = (percent, plain)
    across = ("{:,.10g}".format,) * 2

    def plots(self, result: Gains, pinned: Gains | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        if pinned is not None and pinned.examples != result.examples:
            pinned = None
        return _accuracy(result, pinned), _gain(result, pinned)


def _accuracy(result: Gains, pinned: Gains | None) -> Plot:
    at, x = np.array(result.examples, float), _across(result)
    lines, bands, spots = [], [], []
    for kind, name in enumerate(result.kinds):
        values, color = result.accuracies(kind), run_color(kind)
        lines.append(Stroke(at, values.mean(axis=1), color))
        bands.append((at, values.min(axis=1), values.max(axis=1), color))
        spots += spots_along(lines[-1], name)
    behind = [Stroke(np.array(x), np.full(2, result.histories[0].chance), SUBTLE, DOTTED, 1.0)]
    for kind in range(len(pinned.kinds)) if pinned else ():
        assert pinned is not None
        behind.append(Stroke(at, pinned.accuracies(kind).mean(axis=1), PINNED, "-", 1.2))
    about = "band: lowest to highest" if result.seeds > 1 else ""
    return Plot("validation accuracy", x, (0.0, 1.0), about, "training examples", "x", marks=TENTHS,
                lines=lines, behind=behind, bands=bands, spots=spots)  # fmt: skip


def _gain(result: Gains, pinned: Gains | None) -> Plot:
    at, x = np.array(result.examples, float), _across(result)
    lines, bands, spots, extremes = [], [], [], [1.0]
    for kind, name in enumerate(result.kinds[1:], 1):
        gains, color = 100 * result.gains(kind), run_color(kind)
        mean = gains.mean(axis=1)
        lines.append(Stroke(at, mean, color))
        spots += spots_along(lines[-1], name)
        extremes += np.abs(np.nan_to_num(mean)).tolist()
        if result.seeds >= ENOUGH and np.isfinite(gains).all():
            low, high = np.transpose([bootstrap_interval(each) for each in gains])
            bands.append((at, low, high, color))
            extremes += np.abs([*low, *high]).tolist()
    behind = [Stroke(np.array(x), np.zeros(2), INK, "-", 0.8)]
    for kind in range(1, len(pinned.kinds)) if pinned else ():
        assert pinned is not None
        behind.append(Stroke(at, 100 * pinned.gains(kind).mean(axis=1), PINNED, "-", 1.2))
    top = reach(max(extremes))
    about = "points; band: 99 % interval" if bands else "points"
    return Plot("gain", x, (-top, top), about, "training examples", "x",
                lines=lines, behind=behind, bands=bands, spots=spots)  # fmt: skip


def _across(result: Gains) -> tuple[float, float]:
    """The limits of an axis of examples."""
    return result.examples[0] / 1.25, result.examples[-1] * 1.25
