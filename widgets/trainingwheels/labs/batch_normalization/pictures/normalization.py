"""A layer's activations before, in and after normalization, unit by unit, and which of them are normalized together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from trainingwheels.engine.batchnorm import Normalization
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label, Labels, short
from trainingwheels.figures.panels import Box, label_size
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import INK, MEANING, PANEL, PINNED, SUBTLE
from trainingwheels.labs.batch_normalization.pictures.block import Block

__all__ = ["SHOWN", "NormalizedLayer", "NormalizedLayerPicture"]

Floats = NDArray[np.floating[Any]]
SHOWN = 4  # units with histograms
FEWEST_BINS, MOST_BINS = 15, 61  # odd, so that zero lies in the middle of one
HATS = 5.0  # normalized values are shown from -5 to 5
NAMES = ("x", "x̂", "y")


@dataclass(frozen=True)
class NormalizedLayer:
    """A batch of activations ``x``, ``x_hat`` and ``y``, (batch, units, positions), of which SHOWN units are drawn.

    ``names`` say what each of these looks like; ``kind`` is what was normalized together. ``gamma`` and ``beta`` are
    those of the shown units; ``recovered`` says that they were chosen to give x back. ``epsilon`` was added to each
    variance.
    """

    x: Floats
    x_hat: Floats
    y: Floats
    names: Sequence[str]
    kind: Normalization
    gamma: Floats
    beta: Floats
    epsilon: float
    recovered: bool = False

    @property
    def values(self) -> tuple[Floats, Floats, Floats]:
        return self.x, self.x_hat, self.y


class NormalizedLayerPicture(Picture):
    """Three rows of histograms: x, x_hat with the unit Gaussian, and y; beside them the block of all activations.

    x and y have one range, so that y can be seen to be x. Heights are relative to each panel's highest bar.
    """

    def arrange(self, width: float) -> float:
        self._grid = grid = _Places(width)
        canvas = self.sheet(width, grid.height)
        boxes = [grid.box(row, unit) for row in range(3) for unit in range(SHOWN)]
        canvas.add_collection(
            PolyCollection([_corners(box) for box in boxes], facecolor=PANEL, linewidths=0), autolim=False
        )
        self._behind = PolyCollection([], facecolor="#D9DFE5", edgecolor=PINNED, linewidths=1)
        self._bars = PolyCollection([], facecolor=MEANING["activations"], alpha=0.8, linewidths=0)
        self._bell = LineCollection([], colors=INK, linewidths=1.2)
        for artist in (self._behind, self._bars, self._bell):
            canvas.add_collection(artist, autolim=False)
        self._block = Block(canvas, grid.block)
        self._texts = Labels(canvas, label_size(width))
        self.live = [self._behind, self._bars, self._bell, *self._block.live, self._texts]
        return grid.height

    def show(self, result: NormalizedLayer, pinned: NormalizedLayer | None = None) -> None:
        shown = [result] if pinned is None else [result, pinned]
        reached = reach(max(float(np.abs(values[:, :SHOWN]).max()) for each in shown for values in (each.x, each.y)))
        ends = (reached, HATS, reached)
        bars, bells, behind, labels = [], [], [], self._headings(reached)
        for row, (values, end) in enumerate(zip(result.values, ends, strict=True)):
            for unit in range(SHOWN):
                box = self._grid.box(row, unit)
                found = histogram(values[:, unit], end)
                bell = _bell(values[:, unit].size, end) if row == 1 else np.zeros(0)
                highest = max(found.max(), bell.max(initial=0.0))
                bars.append(_outline(box, found / highest))
                if row == 1:
                    bells.append(_line(box, bell / highest))
                if pinned is not None:
                    old = histogram(pinned.values[row][:, unit], end)
                    behind.append(_outline(box, old / old.max()))
                labels += self._moments(box, values[:, unit])
            if row == 2:
                labels += self._parameters(result)
        self._bars.set_verts(bars)
        self._bell.set_segments(bells)
        self._behind.set_verts(behind)
        self._texts.set_labels([*labels, *self._titles(result), *self._block.show(result)])

    def _headings(self, reached: float) -> list[Label]:
        """The lines over the rows."""
        width = self.width
        words = (
            ("as it comes", f"every panel from {short(-reached)} to {short(reached)}"),
            ("(x − μ) / √(σ² + ε)", f"from −{HATS:g} to {HATS:g}; line: unit Gaussian"),
            ("γ x̂ + β", "on the scale of x"),
        )
        lines = (
            self._texts.line(
                *self._grid.head(row),
                (f"{name} ", INK),
                (f"  {what}   ", MEANING["activations"]),
                (about if width >= NARROW or row else about.replace("every panel ", ""), SUBTLE),
            )
            for row, (name, (what, about)) in enumerate(zip(NAMES, words, strict=True))
        )
        return [label for line in lines for label in line]

    def _moments(self, box: Box, values: Floats) -> list[Label]:
        """Mean and standard deviation, under a panel."""
        mean, std = (_plain(float(each)) for each in (values.mean(), values.std()))
        text = f"mean {mean}, std {std}" if box.width > 130 else f"{mean} ± {std}"
        return [Label(box.x + box.width / 2, box.y - 12, text, 0.5)]

    def _parameters(self, result: NormalizedLayer) -> list[Label]:
        """gamma and beta, under the panels of y."""
        boxes = [self._grid.box(2, unit) for unit in range(SHOWN)]
        pairs = zip(boxes, result.gamma, result.beta, strict=True)
        return [
            Label(box.x + box.width / 2, box.y - 27, f"γ {_plain(float(gamma))}, β {_plain(float(beta))}", 0.5, SUBTLE)
            for box, gamma, beta in pairs
            if box.width > 110
        ]

    def _titles(self, result: NormalizedLayer) -> list[Label]:
        labels = []
        for unit, name in enumerate(result.names):
            box = self._grid.box(0, unit)
            text = f"unit {unit + 1}, {name}" if box.width > 110 else name
            labels.append(Label(box.x + box.width / 2, self._grid.title, text, 0.5, SUBTLE))
        return labels


class _Places:
    """Where everything stands, in CSS pixels."""

    def __init__(self, width: float) -> None:
        narrow = width < NARROW
        self._panel = 62.0 if narrow else 92.0
        self._row = self._panel + 42
        room = 180.0 if narrow else 14.0  # under the histograms, for the block or gamma and beta
        self.height = 3 * self._row + 24 + room
        aside = 0.0 if narrow else min(300.0, max(0.27 * width, 216.0))
        self._gap, self._left = (5.0, 6.0) if narrow else (10.0, 8.0)
        self._column = (width - aside - 2 * self._left + self._gap) / SHOWN
        self.title = self.height - 14
        self.block = (
            Box(8, 4, width - 16, room - 14) if narrow else Box(width - aside + 14, 8, aside - 22, self.height - 16)
        )

    def _top(self, row: int) -> float:
        return self.height - 22 - row * self._row

    def box(self, row: int, unit: int) -> Box:
        x = self._left + unit * self._column
        return Box(x, self._top(row) - 18 - self._panel, self._column - self._gap, self._panel)

    def head(self, row: int) -> tuple[float, float]:
        return self._left, self._top(row) - 13


def bins(count: int) -> int:
    """How many bins for so many values: as many more as the cube root of their number says (Scott, 1979), so that a few
    Gaussian values look like a bell and not like a comb."""
    wanted = 2 * round(2 * math.cbrt(count)) + 1
    return min(max(wanted, FEWEST_BINS), MOST_BINS)


def histogram(values: Floats, end: float) -> NDArray[np.int64]:
    """How many values lie in each of some equal parts from -``end`` to ``end``; those beyond go to the outermost."""
    most = bins(values.size)
    place = (values.ravel() + end) * (most / (2 * end))
    return np.bincount(np.clip(place, 0, most - 1).astype(np.intp), minlength=most)


def _bell(count: int, end: float) -> Floats:
    """How many of ``count`` unit Gaussian values to expect in a bin, along the panel."""
    z = np.linspace(-end, end, 101)
    bell: Floats = np.exp(-(z**2) / 2) * (count * 2 * end / bins(count) / math.sqrt(2 * math.pi))
    return bell


def _corners(box: Box) -> list[tuple[float, float]]:
    return [(box.x, box.y), (box.right, box.y), (box.right, box.top), (box.x, box.top)]


def _outline(box: Box, heights: Floats) -> Floats:
    """The closed outline of a histogram whose highest bar is 1."""
    outline = np.full((2 * len(heights) + 2, 2), box.y)
    outline[:, 0] = np.repeat(np.linspace(box.x, box.right, len(heights) + 1), 2)
    outline[1:-1, 1] += np.repeat(heights * (0.95 * box.height), 2)
    return outline


def _line(box: Box, heights: Floats) -> Floats:
    return np.column_stack([np.linspace(box.x, box.right, len(heights)), box.y + heights * (0.95 * box.height)])


def _plain(value: float) -> str:
    """Two decimals are enough beside a histogram: 3.04, −0.50, 12.1; a rounding error is 0."""
    text = "0" if abs(value) < 5e-4 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
    return text.replace("-", "−")
