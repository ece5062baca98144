"""How the average over n noises approaches its limit, how far off the single pass is, and one example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.shares import in_percent
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Stroke, plain
from trainingwheels.figures.plots import Dots, Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import decades
from trainingwheels.figures.theme import DOTTED, MEANING, PINNED, SUBTLE

__all__ = ["Averages", "AveragesPicture", "Passes"]

Floats = NDArray[Any]
AVERAGE, SINGLE = MEANING["train"], MEANING["validation"]


@dataclass(frozen=True)
class Passes:
    """What one net says of examples in many noisy passes, and in the single pass of the test.

    ``noisy`` is (passes, examples, classes), ``single`` (examples, classes), both probabilities; ``labels`` are the
    examples' classes. What follows from them is computed once.
    """

    noisy: Floats
    single: Floats
    labels: Floats

    @cached_property
    def order(self) -> Floats:
        """The examples, those on which the passes differ most first."""
        return np.argsort(-self.noisy.var(axis=0).mean(axis=-1), kind="stable")

    @cached_property
    def sizes(self) -> Floats:
        """1, 2, 4, ..., up to all passes."""
        return 2 ** np.arange(int(np.log2(len(self.noisy))) + 1)

    def average(self, passes: int) -> Floats:
        """Of the first so many passes."""
        found: Floats = self.noisy[:passes].mean(axis=0, dtype=np.float64)
        return found

    @cached_property
    def spread(self) -> float:
        """The standard deviation of a probability over passes, root mean square over examples and classes."""
        return float(np.sqrt(self.noisy.var(axis=0, ddof=1, dtype=np.float64).mean()))

    @cached_property
    def off(self) -> float:
        """How far the single pass is from the average over all noises, root mean square; what the average over these
        passes itself misses is taken off. 0 where it is no farther than that."""
        square = float(((self.single - self.average(len(self.noisy))) ** 2).mean())
        return float(np.sqrt(max(square - self.spread**2 / len(self.noisy), 0.0)))

    @property
    def worth(self) -> float:
        """How many passes must be averaged until their average is as near to the limit as the single pass."""
        return (self.spread / self.off) ** 2 if self.off else np.inf

    def accuracy(self, probabilities: Floats) -> float:
        return float((probabilities.argmax(axis=-1) == self.labels).mean())

    @cached_property
    def accuracies(self) -> Floats:
        """Of the average of the first 1, 2, 4, ... passes."""
        return np.array([self.accuracy(self.average(int(size))) for size in self.sizes])

    @cached_property
    def alone(self) -> float:
        """Of a single noisy pass, mean over the passes."""
        return float((self.noisy.argmax(axis=-1) == self.labels).mean())


@dataclass(frozen=True)
class Averages:
    """Passes of which the first ``averaged`` are averaged; the example at ``place`` in their order is shown. ``batch``
    is how many examples the statistics of a pass are from, if these are its noise."""

    of: Passes
    averaged: int
    place: int
    batch: int = 0


class AveragesPicture(PlotsPicture):
    """Distance to the limit against the number of passes; accuracy against it; the probabilities of one example."""

    rows = (2, 1)
    height = 545.0
    tall = 250.0
    room = (96.0, 96.0, 20.0)
    grid = "y"
    numbers = (plain, in_percent, in_percent)
    across = ("{:,.10g}".format, "{:,.10g}".format, "{:,.10g}".format)

    def plots(self, result: Averages, pinned: Averages | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return _distance(result, pinned), _accuracy(result, pinned), _example(result)


def _distance(result: Averages, pinned: Averages | None) -> Plot:
    x = result.of.sizes.astype(float)
    line = result.of.spread / np.sqrt(x)
    shown = [value for value in (*line, result.of.off) if value > 0]
    low, high = decades(shown or [0.01, 1.0])
    now = result.of.spread / np.sqrt(result.averaged)
    lines, spots = [], []
    if result.of.spread:
        lines.append(Stroke(x, line, AVERAGE, "-", 2.0))
        spots.append(Spot(float(result.averaged), now, AVERAGE, f"n = {result.averaged}", free=True))
    if result.of.off:
        lines.append(Stroke(x[[0, -1]], np.full(2, result.of.off), SINGLE, "-", 2.0))
        spots.append(Spot(x[-1], result.of.off, SINGLE, "single pass", marked=False))
    behind = []
    if pinned is not None and pinned.of.spread:
        behind.append(Stroke(x, pinned.of.spread / np.sqrt(x), PINNED, "--", 1.4))
    return Plot(
        "distance to the average over all noises", (0.8, x[-1] * 1.3), (low, high), "of a probability, rms",
        "passes averaged, n", "xy", lines=lines, behind=behind, spots=spots,
    )  # fmt: skip


def _accuracy(result: Averages, pinned: Averages | None) -> Plot:
    x, single = result.of.sizes.astype(float), result.of.accuracy(result.of.single)
    values = [*result.of.accuracies, single, result.of.alone, *(pinned.of.accuracies if pinned else ())]
    low = max(0.0, np.floor(10 * min(values) - 0.5) / 10)
    lines = [
        Stroke(x, result.of.accuracies, AVERAGE, "-", 2.0),
        Stroke(x[[0, -1]], np.full(2, single), SINGLE, "-", 2.0),
        Stroke(x[[0, -1]], np.full(2, result.of.alone), SUBTLE, DOTTED, 1.4),
    ]
    now = result.of.accuracy(result.of.average(result.averaged))
    spots = [
        Spot(float(result.averaged), now, AVERAGE),
        Spot(x[-1], result.of.accuracies[-1], AVERAGE, "average", marked=False),
        Spot(x[-1], single, SINGLE, "single pass", marked=False),
        Spot(x[-1], result.of.alone, SUBTLE, "one noisy pass", marked=False),
    ]
    behind = [Stroke(x, pinned.of.accuracies, PINNED, "--", 1.4)] if pinned else []
    return Plot(
        "validation accuracy", (0.8, x[-1] * 1.3), (low, 1.0), "", "passes averaged, n", "x",
        lines=lines, behind=behind, spots=spots,
    )  # fmt: skip


def _example(result: Averages) -> Plot:
    """A column for each class: a dot a pass, their average as a bar, and the single pass as a circle."""
    place = result.of.order[result.place]
    shown = result.of.noisy[: result.averaged, place]
    average, single = shown.mean(axis=0), result.of.single[place]
    classes = len(single)
    across = np.linspace(-0.26, 0.02, len(shown)) if len(shown) > 1 else np.array([-0.12])
    dots = np.column_stack([(np.arange(classes) + across[:, None]).ravel(), shown.ravel()])
    lines = [
        Stroke(np.array([at - 0.32, at + 0.08]), np.full(2, value), AVERAGE, "-", 3.0)
        for at, value in enumerate(average)
    ]
    spots = [Spot(at + 0.22, float(value), SINGLE) for at, value in enumerate(single)]
    return Plot(
        f"example {result.place + 1}, class {result.of.labels[place]}", (-0.6, classes - 0.4), (-0.03, 1.03),
        "▬ average, ● single pass", "class", marks=(0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
        lines=lines, dots=Dots(dots, run_color(6)), spots=spots,
    )  # fmt: skip
