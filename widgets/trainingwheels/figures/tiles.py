"""Arrays as pixels: pasted at the resolution of the canvas, which costs a tenth of matplotlib's resampled images."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from numpy.typing import NDArray

from trainingwheels.figures.panels import Box
from trainingwheels.figures.theme import CSS_DPI

__all__ = ["Tile", "Tiles", "enlarged", "image_colors", "nearest"]

Pixels = NDArray[np.uint8]


class Tile(NamedTuple):
    """``colors``, uint8 of shape (rows, columns, 4) with the lowest row first, to fill ``box`` (CSS pixels)."""

    box: Box
    colors: Pixels


class Tiles(Artist):
    """Any number of tiles in one artist. Each array element becomes a rectangle of whole pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles: Sequence[Tile] = ()

    def set_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show these tiles instead of the present ones."""
        self.tiles = tiles

    def at(self, x: float, y: float) -> int | None:
        """Which tile, from 0, is at a place; the later one where two lie over each other."""
        inside = [place for place, (box, _) in enumerate(self.tiles) if box.holds(x, y)]
        return inside[-1] if inside else None

    def draw(self, renderer: Any) -> None:
        if not self.get_visible():
            return
        figure = self.get_figure(root=True)
        assert figure is not None
        ratio = figure.dpi / CSS_DPI
        gc = renderer.new_gc()
        for box, colors in self.tiles:
            left, bottom, right, top = (round(edge * ratio) for edge in (box.x, box.y, box.right, box.top))
            rows, columns = nearest(len(colors), top - bottom), nearest(colors.shape[1], right - left)
            whole = np.ascontiguousarray(colors).view(np.uint32)  # pixel by pixel: a tenth of the time
            renderer.draw_image(gc, left, bottom, whole.take(rows, 0).take(columns, 1).view(np.uint8))
        gc.restore()


@lru_cache(maxsize=256)
def nearest(count: int, pixels: int) -> NDArray[np.intp]:
    """Which of ``count`` elements each of ``pixels`` shows."""
    return ((np.arange(pixels) + 0.5) * (count / max(pixels, 1))).astype(np.intp)


def enlarged(values: NDArray[np.float32], pixels: int) -> NDArray[np.float32]:
    """``values`` (n, n, channels) at ``pixels`` x ``pixels`` points between their centres, bilinear."""
    below, above, share = _between(len(values), pixels)
    rows = values[below] + (values[above] - values[below]) * share[:, None, None]
    larger: NDArray[np.float32] = rows[:, below] + (rows[:, above] - rows[:, below]) * share[:, None]
    return larger


@lru_cache(maxsize=16)
def _between(count: int, pixels: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    """For each pixel the element at or before its centre, the one after, and how far it is on the way."""
    places = np.clip((np.arange(pixels) + 0.5) * (count / pixels) - 0.5, 0, count - 1)
    below = np.minimum(places.astype(np.intp), max(count - 2, 0))
    return below, np.minimum(below + 1, count - 1), (places - below).astype(np.float32)


def image_colors(pixels: NDArray[Any]) -> Pixels:
    """An image (height, width) or (height, width, 3), values from 0 to 1 and its highest row first, as colours."""
    values = np.rint(255 * np.clip(np.nan_to_num(pixels[::-1]), 0, 1)).astype(np.uint8)
    colors = np.full((*values.shape[:2], 4), 255, np.uint8)
    colors[..., :3] = values if values.ndim == 3 else values[..., None]
    return colors
