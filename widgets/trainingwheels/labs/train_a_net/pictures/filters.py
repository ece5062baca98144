"""The first convolution of a net: its filters, and below each what it makes of an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import signed_colors
from trainingwheels.figures.panels import HEADING, Box
from trainingwheels.figures.plane import framed
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, MEANING, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles, image_colors

__all__ = ["Filters", "FiltersPanel", "filters_height"]

Floats = NDArray[np.floating[Any]]
COLUMNS, MOST = 8, 16
_GAP, _BETWEEN, _MORE = 4.0, 10.0, 14.0  # CSS pixels: beside a map, under a row of them, for how many more there are


@dataclass(frozen=True)
class Filters:
    """``weights`` of the first convolution, (filters, channels, height, width), and the ``maps`` that they and the
    nonlinearity make of one example, (filters, height, width), the highest row first."""

    weights: Floats
    maps: Floats


class FiltersPanel:
    """Up to 16 filters and their maps in ``box``, on axes of CSS pixels.

    Filters of one channel are drawn by sign, those of three as colours around grey; all on one scale, as are the maps.
    """

    def __init__(self, canvas: Axes, texts: Texts) -> None:
        self._texts = texts
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self.live = [self._tiles]

    def show(self, filters: Filters | None, box: Box) -> None:
        """Show these in ``box``; without any, nothing."""
        if filters is None:
            self._tiles.set_tiles(())
            return
        shown = zip(_filter_colors(filters.weights[:MOST]), _map_colors(filters.maps[:MOST]), strict=True)
        size, tiles = _size(box.width), list[Tile]()
        for place, (filter_, map_) in enumerate(shown):
            row, column = divmod(place, COLUMNS)
            x, y = box.x + column * (size + _GAP), box.top - row * (2 * size + _GAP + _BETWEEN) - size
            tiles += framed(Box(x, y, size, size), filter_)
            tiles += framed(Box(x, y - size - _GAP, size, size), map_)
        self._tiles.set_tiles(tiles)
        signs = [("positive", MEANING["positive"]), ("negative", MEANING["negative"])]
        words = [("filters and maps", INK), *signs, ("first example", SUBTLE)]
        self._texts.heading(box.x, box.top + HEADING, box.right, *words)
        if len(filters.maps) > MOST:
            self._texts.put(Label(box.x, box.y, f"+{len(filters.maps) - MOST} more", color=SUBTLE))


def filters_height(count: int, width: float) -> float:
    """How much room so many filters need below their heading in a box of this ``width``, CSS pixels."""
    rows = -(-min(count, MOST) // COLUMNS)
    return rows * (2 * _size(width) + _GAP + _BETWEEN) + _MORE * (count > MOST)


def _size(width: float) -> float:
    return (width + _GAP) / COLUMNS - _GAP


def _filter_colors(weights: Floats) -> list[NDArray[np.uint8]]:
    largest = _largest(weights)
    if weights.shape[1] == 3:
        return [image_colors(0.5 + np.moveaxis(each, 0, -1) / (2 * (largest or 1.0))) for each in weights]
    return [signed_colors(each[0, ::-1], largest) for each in weights]


def _map_colors(maps: Floats) -> list[NDArray[np.uint8]]:
    return [signed_colors(each[::-1], _largest(maps)) for each in maps]


def _largest(values: Floats) -> float:
    return float(np.max(np.abs(values), where=np.isfinite(values), initial=0.0))
