"""Accuracy against the number of labels, for each way to begin; what transfer gains; and the curves at one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import History
from trainingwheels.engine.evaluation.transfer import Method
from trainingwheels.engine.intervals import ENOUGH, bootstrap_interval
from trainingwheels.figures.kinds import accuracies_now
from trainingwheels.figures.labels import many
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot, spots_along
from trainingwheels.figures.run_curves import TENTHS
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import DOTTED, INK, PINNED, SUBTLE
from trainingwheels.labs.transfer_learning.tasks import Task

__all__ = ["Adapted", "AdaptedPicture"]

Floats = NDArray[Any]
NAMES = {"scratch": "scratch", "head": "head", "top": "top", "all": "all"}


@dataclass(frozen=True)
class Adapted:
    """Runs by number of labels, method and seed, in this order; ``looked`` is the number whose curves are shown."""

    task: Task
    histories: Sequence[History]
    methods: Sequence[Method]
    counts: Sequence[int]
    looked: int

    @property
    def nets(self) -> int:
        """Of each method and number."""
        return len(self.histories) // (len(self.counts) * len(self.methods))

    def runs(self, method: str, count: int) -> Sequence[History]:
        """Of all seeds."""
        names = [each.name for each in self.methods]
        start = (list(self.counts).index(count) * len(names) + names.index(method)) * self.nets
        return self.histories[start : start + self.nets]

    def accuracies(self, method: str, count: int) -> Floats:
        """Validation accuracies now, (seeds,); NaN before the first evaluation."""
        return accuracies_now(self.runs(method, count))

    def gains(self, method: str, count: int) -> Floats:
        """By how much they are above those of the nets from scratch, seed by seed."""
        return self.accuracies(method, count) - self.accuracies("scratch", count)


class AdaptedPicture(PlotsPicture):
    """Accuracy against labels, gain over scratch against labels; below, accuracy against steps."""

    rows = (2, 1)
    height = 545.0
    shares = (0.55, 0.45)
    tall = 230.0
    room = (92.0, 92.0, 92.0)
    numbers = (percent, plain, percent)
    across = (plain, plain, "{:,.10g}".format)

    def plots(self, result: Adapted, pinned: Adapted | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        if pinned is not None and (pinned.counts != result.counts or not len(pinned.histories)):
            pinned = None
        return self._accuracy(result, pinned), self._gain(result, pinned), self._curves(result, pinned)

    def _accuracy(self, result: Adapted, pinned: Adapted | None) -> Plot:
        x, counts = _across(result), np.array(result.counts, float)
        lines, bands, spots = [], [], []
        for place, method in enumerate(result.methods):
            values = np.array([result.accuracies(method.name, count) for count in result.counts])
            mean, color = values.mean(axis=1), run_color(place)
            lines.append(Stroke(counts, mean, color))
            bands.append((counts, values.min(axis=1), values.max(axis=1), color))
            spots += spots_along(lines[-1], NAMES[method.name])
        behind = [_chance(result, x)]
        for method in pinned.methods if pinned else ():
            assert pinned is not None
            means = np.array([pinned.accuracies(method.name, count).mean() for count in pinned.counts])
            behind.append(Stroke(counts, means, PINNED, "-", 1.2))
        behind.append(Stroke(np.full(2, float(result.looked)), np.array([0, 1]), SUBTLE, DOTTED, 1.0))
        about = "band: lowest to highest" if result.nets > 1 else ""
        return Plot("accuracy now", x, (0.0, 1.0), about, "labels of each class", "x", marks=TENTHS,
                    lines=lines, behind=behind, bands=bands, spots=spots)  # fmt: skip

    def _gain(self, result: Adapted, pinned: Adapted | None) -> Plot:
        x, counts = _across(result), np.array(result.counts, float)
        lines, bands, spots, extremes = [], [], [], [1.0]
        for place, method in enumerate(result.methods):
            if not method.pretrained:
                continue
            gains = 100 * np.array([result.gains(method.name, count) for count in result.counts])
            mean, color = gains.mean(axis=1), run_color(place)
            lines.append(Stroke(counts, mean, color))
            spots += spots_along(lines[-1], NAMES[method.name])
            extremes += np.abs(np.nan_to_num(mean)).tolist()
            if result.nets >= ENOUGH and np.isfinite(gains).all():
                low, high = np.transpose([bootstrap_interval(each) for each in gains])
                bands.append((counts, low, high, color))
                extremes += np.abs([*low, *high]).tolist()
        top = reach(max(extremes))
        behind = [Stroke(np.array(x), np.zeros(2), INK, "-", 0.8)]
        about = "points; band: 99 % interval" if bands else "points"
        return Plot("gain over scratch", x, (-top, top), about, "labels of each class", "x",
                    lines=lines, behind=behind, bands=bands, spots=spots)  # fmt: skip

    def _curves(self, result: Adapted, pinned: Adapted | None) -> Plot:
        runs = result.runs("scratch", result.looked)
        total = float(runs[0].total_steps)
        lines, bands, spots = [], [], []
        for place, method in enumerate(result.methods):
            runs = result.runs(method.name, result.looked)
            steps = runs[0].eval_steps.astype(float)
            if not len(steps):
                continue
            values = np.array([run.val_accuracy for run in runs])
            mean, color = values.mean(axis=0), run_color(place)
            lines.append(Stroke(steps, mean, color))
            bands.append((steps, values.min(axis=0), values.max(axis=0), color))
            spots.append(Spot(float(steps[-1]), float(mean[-1]), color, NAMES[method.name]))
        heading = f"validation accuracy with {many(result.looked, 'label')} of each class"
        return Plot(heading, (0.0, total), (0.0, 1.0), "", "step", marks=TENTHS,
                    lines=lines, behind=[_chance(result, (0.0, total))], bands=bands, spots=spots)  # fmt: skip


def _across(result: Adapted) -> tuple[float, float]:
    """The limits of an axis of labels."""
    return result.counts[0] / 1.25, result.counts[-1] * 1.25


def _chance(result: Adapted, x: tuple[float, float]) -> Stroke:
    return Stroke(np.array(x), np.full(2, result.histories[0].chance), SUBTLE, DOTTED, 1.0)
