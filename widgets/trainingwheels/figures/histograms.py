"""A column per layer, deeper layers to the right: histograms of the activations above and of the gradients below."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from trainingwheels.engine import Layer
from trainingwheels.engine.shares import in_percent
from trainingwheels.figures.curves import LayerCurves
from trainingwheels.figures.grid import Grid
from trainingwheels.figures.labels import Label, Labels, short
from trainingwheels.figures.names import brief_names
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import INK, MEANING, PANEL, PINNED, SUBTLE

__all__ = ["LayerHistograms", "LayerSignals", "counts"]

BINS = 61  # odd, so that zero lies in the middle of a bin of a symmetric range
MOST_COLUMNS = 12  # layers shown as histograms; the curves show all
ROWS = ("activations", "gradients")


@dataclass(frozen=True)
class LayerSignals:
    """The layers of one net, in order, and what is known of its activation function.

    ``bounds`` is the function's range (infinite where it has none); ``idle`` names the state in which its slope is
    next to zero: "saturated" or "off", or nothing where no rule says when that is. ``names`` are those of the layers,
    if they have others than their numbers.
    """

    layers: Sequence[Layer]
    bounds: tuple[float, float]
    idle: str = "saturated"
    names: Sequence[str] = ()


def counts(values: NDArray[np.float32], low: float, high: float, bins: int = BINS) -> tuple[NDArray[np.int64], int]:
    """How many ``values`` fall in each of ``bins`` equal parts of ``[low, high]``, and how many are exactly zero.

    Zeros are counted apart and left out of the bins: what ReLU and dropout switch off would dwarf the rest.
    Values that are not finite are left out; values out of range go to the outermost bins.
    """
    flat = values.ravel()
    if not np.isfinite(flat).all():
        flat = flat[np.isfinite(flat)]
    place = (flat - np.float32(low)) * np.float32(bins / (high - low))
    np.clip(place, 0, bins - 1, out=place)
    found = np.bincount(place.astype(np.intp), minlength=bins)
    zeros = flat.size - int(np.count_nonzero(flat))
    if zeros and low <= 0 <= high:
        found[min(int(-low * bins / (high - low)), bins - 1)] -= zeros
    return found, zeros


class LayerHistograms(Picture):
    """The flagship's picture: what a signal becomes on its way up a deep net, and its gradient on the way down.

    All panels of one row share one range, so that a signal which dies or explodes is seen to do so. Heights are
    relative to each panel's highest bar; values that are exactly zero are drawn apart, as one dark bar with its share.
    """

    def arrange(self, width: float) -> float:
        base = LayerCurves.height(width)
        height = base + Grid(width).height
        self._base = base
        self._columns: list[tuple[int, str]] = []  # the layers that stand in them, and their names
        self._canvas = self.sheet(width, height)
        font = Grid(width).font
        self._panels = self._add(PolyCollection([], facecolor=PANEL, linewidths=0))
        self._names = Labels(self._canvas, font)
        self._pinned = self._add(PolyCollection([], facecolor="#D9DFE5", edgecolor=PINNED, linewidths=1))
        self._bars = {
            row: self._add(PolyCollection([], facecolor=MEANING[row], alpha=0.8, linewidths=0)) for row in ROWS
        }
        self._zeros = self._add(PolyCollection([], facecolor=INK, linewidths=0))
        self._numbers = Labels(self._canvas, font)
        self._curves = LayerCurves(self.figure, width, height)
        self.parts = self._curves.parts
        self.live = [self._pinned, *self._bars.values(), self._zeros, self._numbers, *self._curves.live]
        return height

    def _add(self, artist: Any) -> Any:
        artist.set_clip_on(False)
        return self._canvas.add_collection(artist, autolim=False)

    def show(self, result: LayerSignals, pinned: LayerSignals | None = None) -> None:
        self._set_columns(result)
        shown = [result] if pinned is None else [result, pinned]
        labels, outlines, zero_bars = self._headings(result, pinned is not None), [], []
        for index, row in enumerate(ROWS):
            low, high = _limits(row, shown)
            labels += self._range(index, low, high)
            bars = []
            for place, layer in self._placed(result):
                found, zeros = counts(_values(layer, row), low, high)
                bars.append(self._outline(index, place, found))
                if zeros:
                    zero_bars.append(self._zero_bar(index, place, low, high))
                    labels += self._share(index, place, zeros / _values(layer, row).size)
                labels.append(self._std(index, place, layer))
            self._bars[row].set_verts(np.array(bars))
            outlines += [
                self._outline(index, place, counts(_values(layer, row), low, high)[0])
                for place, layer in self._placed(pinned)
            ]
        self._pinned.set_verts(np.array(outlines) if outlines else [])
        self._zeros.set_verts(zero_bars)
        self._numbers.set_labels(labels)
        changed = self._curves.show(result.layers, pinned.layers if pinned else (), signed=result.bounds[0] < 0)
        if changed:
            self.forget(*changed)

    def _set_columns(self, result: LayerSignals) -> None:
        """Choose the layers that stand in columns (all, or evenly spread ones) and lay out their empty panels."""
        depth = len(result.layers)
        chosen = np.linspace(0, depth - 1, min(depth, MOST_COLUMNS)).round().astype(int).tolist()
        columns = [(layer, result.names[layer] if result.names else "") for layer in chosen]
        if columns == self._columns:
            return
        self._columns = columns
        self._grid = grid = Grid(self.width, len(columns), self._base)
        places = range(len(columns))
        self._panels.set_verts([grid.rectangle(row, place) for row in range(len(ROWS)) for place in places])
        word = "layer " if grid.panel > 52 else ""
        brief = brief_names([name for _, name in columns], lambda text: self._names.width(text) <= grid.panel)
        names = [name or f"{word}{layer + 1}" for name, (layer, _) in zip(brief, columns, strict=True)]
        self._names.set_labels([Label(*grid.above(0, place), names[place], 0.5, SUBTLE) for place in places])
        self.forget()

    def _placed(self, signals: LayerSignals | None) -> Iterator[tuple[int, Layer]]:
        """The layers that stand in a column, each with its column's place."""
        for place, (layer, _) in enumerate(self._columns):
            if signals is not None and layer < len(signals.layers):
                yield place, signals.layers[layer]

    def _outline(self, row: int, place: int, found: NDArray[np.int64]) -> NDArray[np.float64]:
        """The closed outline of one histogram, ndarray of shape (2 * BINS + 2, 2)."""
        x, y = self._grid.corner(row, place)
        outline = np.full((2 * BINS + 2, 2), y)
        outline[:, 0] = np.repeat(np.linspace(x, x + self._grid.panel, BINS + 1), 2)
        outline[1:-1, 1] += np.repeat(found * (0.95 * self._grid.heights[row] / max(found.max(), 1)), 2)
        return outline

    def _zero_bar(self, row: int, place: int, low: float, high: float) -> list[tuple[float, float]]:
        x, y = self._grid.corner(row, place)
        middle = x + max(1.0, self._grid.panel * -low / (high - low))
        top = y + 0.95 * self._grid.heights[row]
        return [(middle - 1, y), (middle + 1, y), (middle + 1, top), (middle - 1, top)]

    def _share(self, row: int, place: int, share: float) -> list[Label]:
        if share < 0.005:
            return []
        x, y = self._grid.corner(row, place)
        word = " zero" if self._grid.panel > 70 else ""
        return [Label(x + self._grid.panel - 3, y + self._grid.heights[row] - 11, in_percent(share) + word, 1.0, INK)]

    def _std(self, row: int, place: int, layer: Layer) -> Label:
        if ROWS[row] == "gradients" and layer.gradients is None:
            return Label(*self._grid.below(row, place), "none", 0.5, SUBTLE)
        std = layer.std if ROWS[row] == "activations" else layer.gradient_std
        word = "std " if self._grid.panel > 70 else ""
        return Label(*self._grid.below(row, place), word + short(std), 0.5)

    def _range(self, row: int, low: float, high: float) -> list[Label]:
        name = ("activations a", "gradients dL/da")[row]
        extent = f"   every panel from {short(low)} to {short(high)}"
        heads = (self._grid.head(row, block) for block in range(self._grid.blocks))
        lines = (self._numbers.line(*head, (name, MEANING[ROWS[row]]), (extent, SUBTLE)) for head in heads)
        return [label for line in lines for label in line]

    def _headings(self, result: LayerSignals, pinned: bool) -> list[Label]:
        """The lines over the curves, which name them in their own colours."""
        words = {
            "spread": (
                ("std of ", SUBTLE),
                ("a", MEANING["activations"]),
                (", ", SUBTLE),
                ("dL/da", MEANING["gradients"]),
                (", ", SUBTLE),
                ("rms of dL/dW", MEANING["weight gradients"]),
            ),
            "mean": (("mean of a", MEANING["activations"]), *([(", dashed: pinned", SUBTLE)] if pinned else [])),
            "idle": (("silent units", MEANING["dead"]),),
        }
        if result.idle:
            words["idle"] = ((result.idle, MEANING["saturated"]), (", ", SUBTLE), *words["idle"])
        lines = (self._numbers.line(*place, *words[name]) for name, place in self._curves.heads.items())
        return [label for line in lines for label in line]


def _values(layer: Layer, row: str) -> NDArray[np.float32]:
    """The numbers of one panel; no gradients are drawn as none."""
    values = layer.activations if row == "activations" else layer.gradients
    return np.empty(0, np.float32) if values is None else values


def _limits(row: str, shown: Sequence[LayerSignals]) -> tuple[float, float]:
    """The range that all panels of a row share: the function's own where it is bounded, else a round one around all."""
    if row == "activations":
        low, high = (min(s.bounds[0] for s in shown), max(s.bounds[1] for s in shown))
        if math.isfinite(high - low):
            return low, high
    finite = [_largest(_values(layer, row)) for signals in shown for layer in signals.layers]
    top = reach(max(finite, default=0.0))
    return (0.0 if row == "activations" and low >= 0 else -top), top


def _largest(values: NDArray[np.float32]) -> float:
    """The largest finite magnitude in ``values``, 0 for none."""
    if not values.size:
        return 0.0
    largest = max(float(values.max()), -float(values.min()))
    if not math.isfinite(largest):
        largest = float(np.abs(values, where=np.isfinite(values), out=np.zeros_like(values)).max())
    return largest
