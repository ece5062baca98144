"""The activations of each layer over training: a strip per layer, each of its columns the histogram of one moment."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from trainingwheels.engine import ACTIVATIONS, History, LayerCurves
from trainingwheels.figures.labels import Label, short
from trainingwheels.figures.palettes import layer_color
from trainingwheels.figures.panels import HEADING, Box
from trainingwheels.figures.scales import reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PANEL, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles

__all__ = ["Strips"]

_CELL = 2.0  # CSS pixels along each side of what has one shade
_NUMBER, _GAP = 15.0, 6.0  # room for the number of a layer, and between two strips


class Strips:
    """A row of strips in ``box``, one per hidden layer, steps from left to right and values from bottom to top."""

    def __init__(self, canvas: Axes, box: Box, texts: Texts) -> None:
        self.box, self._texts = box, texts
        self.tiles = Tiles()
        canvas.add_artist(self.tiles)
        self.live = [self.tiles]

    def show(self, history: History | None, steps: tuple[float, float]) -> None:
        """Show the layers of a run over ``steps``, with labels."""
        layers = history.config.depth if history else 0
        limits = _limits(history) if history else (0.0, 1.0)
        self._write(history, layers, limits)
        self.tiles.set_tiles(
            [
                Tile(place, _shaded(history.layers if history else None, layer, layers, place, steps, limits))
                for layer, place in enumerate(_places(self.box, layers))
            ]
        )

    def _write(self, history: History | None, layers: int, limits: tuple[float, float]) -> None:
        words = ["no hidden layer"]
        if history and layers:
            zeros = "zeros left out" if history.config.activation == "relu" else ""
            words = [f"each strip from {short(limits[0])} to {short(limits[1])}", "dark: where many are", zeros]
        heading = self.box.x, self.box.top + HEADING - 2
        parts = [("activations over the steps", INK), *((part, SUBTLE) for part in words)]
        self._texts.heading(*heading, self.box.right, *parts)
        for layer, place in enumerate(_places(self.box, layers)):
            middle = place.y + place.height / 2 - 3.5
            self._texts.put(Label(place.x - 4, middle, str(layer + 1), 1.0, layer_color(layer, layers + 1)))


def _places(box: Box, layers: int) -> list[Box]:
    """Where each strip stands."""
    each = (box.width + _GAP) / max(layers, 1)
    return [Box(box.x + layer * each + _NUMBER, box.y, each - _NUMBER - _GAP, box.height) for layer in range(layers)]


def _limits(history: History) -> tuple[float, float]:
    """What all strips reach from and to: the function's own range where it is bounded, else a round one around all."""
    low, high = ACTIVATIONS[history.config.activation].range
    if math.isfinite(high - low):
        return low, high
    extent = np.abs(history.layers.extent)
    largest = float(np.max(extent, where=np.isfinite(extent), initial=0.0))
    top = next((part * reach(largest) for part in (0.6, 0.8) if part * reach(largest) >= largest > 0), reach(largest))
    return (low if low == 0 else -top), top


def _shaded(
    curves: LayerCurves | None, layer: int, layers: int, box: Box, steps: tuple[float, float], y: tuple[float, float]
) -> NDArray[np.uint8]:
    """The colours of a strip, lowest row first: each column shows the record at its step or the next one after it."""
    rows, columns = max(1, int(box.height / _CELL)), max(1, int(box.width / _CELL))
    shades = np.zeros((rows, columns), np.uint8)
    colors = _scale(layer_color(layer, layers + 1))
    if curves is None or not len(curves.density) or not curves.density.shape[1]:
        return colors[shades]
    at = steps[0] + (np.arange(columns) + 0.5) * ((steps[1] - steps[0]) / columns)
    done = np.count_nonzero(at <= max(curves.steps[-1], at[0]))  # the first column, at least
    record = np.minimum(np.searchsorted(curves.steps, at[:done]), len(curves.steps) - 1)
    low, high = curves.extent[record, layer].T
    density = curves.density[record, layer]  # (columns, bins)
    row = (y[1] - y[0]) / rows
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, row / 2)  # no spread is too small to be seen
    values = y[0] + (np.arange(rows) + 0.5)[:, None] * row
    with np.errstate(all="ignore"):
        bins = np.floor((values - middle + half) / (2 * half) * density.shape[1])
        inside = (bins >= 0) & (bins < density.shape[1])  # not where it is NaN
    found = density[np.arange(done), np.where(inside, bins, 0).astype(np.intp)]
    shades[:, :done] = np.where(inside, found, 0)
    return colors[shades]


@lru_cache(maxsize=128)
def _scale(color: str) -> NDArray[np.uint8]:
    """256 colours, ndarray (256, 4), from an empty panel's to ``color``; faint ones are lifted, so that tails show."""
    share: NDArray[Any] = (np.arange(256)[:, None] / 255) ** 0.7
    mixed = (1 - share) * to_rgb(PANEL) + share * to_rgb(color)
    return np.column_stack([np.rint(255 * mixed), np.full(256, 255)]).astype(np.uint8)
