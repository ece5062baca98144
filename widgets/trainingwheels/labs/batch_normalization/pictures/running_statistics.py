"""Training against test mode: running statistics, the noise of a batch's, and one example in many batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trainingwheels.engine.signals.batch_statistics import BatchNoise
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label, rounded
from trainingwheels.figures.palettes import RUNS
from trainingwheels.figures.panels import Panel, Stroke, label_size, plain, rows_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.scales import reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import DOTTED, INK, MEANING, PINNED, SUBTLE

__all__ = ["RunningStatistics", "RunningStatisticsPicture"]

Floats = NDArray[np.floating[Any]]
TRAIN, TEST, VARIANCE = MEANING["train"], MEANING["validation"], RUNS[7]
DASHED = (0, (4, 2))
HATS = (-1.0, 4.0)  # of x_hat of the one example
BINS = 50
_TALL, _TALL_NARROW = 230.0, 165.0  # a row of panels, CSS pixels


@dataclass(frozen=True)
class RunningStatistics:
    """One unit over some steps of training.

    ``batch_mean`` and ``batch_var`` (unbiased), each (steps,), are those of its batches of size ``batch``;
    ``running_mean`` and ``running_var``, (steps + 1,), their running averages; ``mean`` and ``var`` the population's.
    ``example`` is x_hat of one example in many batches, ``example_test`` what test mode makes of it with the last
    running statistics, and ``example_true`` with the population's. ``spread`` is the standard deviation of the batch's
    mean over many batches; ``momentum`` is the share of the newest batch.
    """

    batch: int
    batch_mean: Floats
    batch_var: Floats
    running_mean: Floats
    running_var: Floats
    mean: float
    var: float
    noise: BatchNoise
    example: Floats
    example_test: float
    example_true: float
    spread: float
    momentum: float


class RunningStatisticsPicture(Picture):
    """Running mean and variance above; below, the noise of batch statistics and one example in many batches."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        tall, right = (_TALL_NARROW, 84.0) if narrow else (_TALL, 104.0)
        rows = 4 if narrow else 2
        height, size = rows * tall, (width, rows * tall)
        boxes = rows_of_boxes(width, tall, [4 // rows] * rows, right)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._rooms = [box.right + right - 4 for box in boxes]
        across = ("{:,.0f}".format, "{:,.0f}".format, plain, plain)
        self._panels = [Panel(self.figure, box, size, plain, write) for box, write in zip(boxes, across, strict=True)]
        for panel, name in zip(self._panels, ("step", "step", "batch size m", "x̂ of this example"), strict=True):
            panel.name(name)
        self.parts = {panel.axes: panel.rectangle for panel in self._panels}
        self.live = [artist for panel in self._panels for artist in panel.live] + self._texts.live
        return height

    def show(self, result: RunningStatistics, pinned: RunningStatistics | None = None) -> None:
        means = (result.batch_mean, result.running_mean, result.mean)
        variances = (result.batch_var, result.running_var, result.var)
        old_mean, old_var = (None, None) if pinned is None else (pinned.running_mean, pinned.running_var)
        changed = self._averages(0, "mean", *means, old_mean)
        changed += self._averages(1, "variance", *variances, old_var)
        changed += self._noise(result)
        changed += self._example(result, pinned)
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _averages(
        self, place: int, name: str, batches: Floats, running: Floats, true: float, pinned: Floats | None
    ) -> list[Axes]:
        panel, steps = self._panels[place], np.arange(1, len(batches) + 1)
        values = np.concatenate([np.percentile(batches, (1, 99)), running, [true], [] if pinned is None else pinned])
        low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
        limits = (-reach(-1.05 * low) if low < 0 else 0.0, reach(1.05 * high) if high > 0 else 0.0)
        changed = panel.limit((0.0, float(len(batches))), limits if limits[0] < limits[1] else (0.0, 1.0))
        panel.dot(steps, np.clip(batches, *limits), TRAIN + "88")
        x = np.arange(len(running))
        panel.draw([Stroke(np.array([0, len(batches)]), np.full(2, true), INK, DASHED, 1.2), Stroke(x, running, TEST)])
        panel.draw([] if pinned is None else [Stroke(np.arange(len(pinned)), pinned, PINNED)], panel.behind)
        ends = [
            Label(panel.box.right + 6, panel.pixels(0, true)[1] - 3.5, f"true {rounded(true)}", color=INK),
            Label(
                panel.box.right + 6,
                panel.pixels(0, running[-1])[1] - 3.5,
                f"running {rounded(running[-1])}",
                0,
                TEST,
            ),
        ]
        self._texts.beside_lines(panel, ends, self._rooms[place])
        self._head(place, (f"running {name}", TEST), (f"dots: each batch's {name}", TRAIN))
        return [panel.axes] * changed

    def _noise(self, result: RunningStatistics) -> list[Axes]:
        panel, noise = self._panels[2], result.noise
        sizes = noise.sizes.astype(float)
        changed = panel.limit((1.6, 640.0), (0.01, 10.0), "xy")
        panel.draw(
            [Stroke(sizes, noise.mean_theory, TRAIN, "-", 1.2), Stroke(sizes, noise.var_theory, VARIANCE, "-", 1.2)]
        )
        panel.draw([Stroke(np.full(2, float(result.batch)), np.array([0.01, 10.0]), SUBTLE, DOTTED, 1.2)], panel.behind)
        kinds = ((noise.mean, TRAIN), (noise.var, VARIANCE))
        panel.mark(
            [(size, value, color, True) for values, color in kinds for size, value in zip(sizes, values, strict=True)]
        )
        ends = [
            Label(panel.box.right + 6, panel.pixels(640, values[-1])[1] - 3.5, text, color=color)
            for text, values, color in (("mean / σ", noise.mean, TRAIN), ("var / σ²", noise.var, VARIANCE))
        ]
        here = Label(panel.pixels(result.batch, 1)[0] + 5, panel.box.top - 9, f"m = {result.batch}", color=SUBTLE)
        self._texts.beside_lines(panel, [*ends, here], self._rooms[2])
        self._head(2, ("spread over batches", INK), ("line: theory, 1/√m for the mean", SUBTLE))
        return [panel.axes] * changed

    def _example(self, result: RunningStatistics, pinned: RunningStatistics | None) -> list[Axes]:
        panel = self._panels[3]
        changed = panel.limit(HATS, (0.0, 1.08), marks=())
        panel.band([_bars(result.example, TRAIN)])
        lines = [
            Stroke(np.full(2, at), np.array([0.0, 1.08]), color, style, 2.0 if color == TEST else 1.2)
            for at, color, style in ((result.example_true, INK, DASHED), (result.example_test, TEST, "-"))
        ]
        panel.draw([stroke for stroke in lines if HATS[0] <= stroke.x[0] <= HATS[1]])
        old = [_bars(pinned.example, PINNED)] if pinned else []
        panel.draw([Stroke(edges, high, PINNED, "-", 1.2) for edges, _, high, _ in old], panel.behind)
        at = panel.box.right + 6
        top = panel.box.top - 12
        spread = f"{rounded(result.example.mean())} ± {rounded(result.example.std())}"
        true = (("dashed:", INK), ("true μ and σ²", INK)) if self.width >= NARROW else ()
        words = (("train:", TRAIN), (spread, TRAIN), ("test:", TEST), (rounded(result.example_test), TEST), *true)
        self._texts.put(*(Label(at, top - 15 * line, text, color=color) for line, (text, color) in enumerate(words)))
        self._head(3, ("one example", INK), ("bars: in many batches", TRAIN), ("line: at test time", TEST))
        return [panel.axes] * changed

    def _head(self, place: int, *parts: tuple[str, str]) -> None:
        self._texts.over(self._panels[place], self._rooms[place], *parts)


def _bars(values: Floats, color: str) -> tuple[Floats, Floats, Floats, str]:
    """A histogram as an area: edges, zeros, and heights relative to the highest."""
    counts, edges = np.histogram(np.clip(values, *HATS), BINS, HATS)
    high = np.repeat(counts / counts.max(), 2)
    return np.repeat(edges, 2)[1:-1], np.zeros(2 * BINS), high, color
