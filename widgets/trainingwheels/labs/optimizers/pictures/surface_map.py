"""A loss of two weights seen from above: the ground on which paths are drawn."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from numpy.typing import NDArray

from trainingwheels.engine.descent.surfaces import REACH
from trainingwheels.figures.panels import Box, Panel, Stroke, curve
from trainingwheels.figures.plots import PlotsPicture
from trainingwheels.figures.tiles import Tile, Tiles

__all__ = ["MapPicture", "arrow", "ground_of", "grounds", "map_limits", "pale"]

Floats = NDArray[Any]
BANDS = 16  # of the loss, evenly spaced in its logarithm
DEPTH = 1e-4  # of the highest loss in the map: below it, all is one band
LOW, HIGH, EDGE = np.array((255, 255, 255)), np.array((196, 208, 220)), 0.93  # colours; what an edge keeps of them
PALE = 0.65  # white in the colour of what is still to come
HEAD = 0.32  # of an arrow's length, and at most so many units


class MapPicture(PlotsPicture):
    """Plots, the first of which is a map of a loss of two weights. A subclass writes ``ground`` and ``plots``."""

    def ground(self, result: Any) -> tuple[Hashable, Callable[[Floats], Floats]]:
        """What the map is of, equal for the same map, and its loss at points (..., 2) with its lowest value 0."""
        raise NotImplementedError

    _ground_of: Hashable

    def arrange(self, width: float) -> float:
        height = super().arrange(width)
        self._ground, self._ground_of = ground_of(self._panels[0]), None
        return height

    def show(self, result: Any, pinned: Any = None) -> None:
        key, loss = self.ground(result)
        if key != self._ground_of:
            self._ground_of, box = key, self._panels[0].box
            (_, wide), (_, high) = map_limits(box)
            losses = loss(_map_points(round(box.width), round(box.height), wide, high))
            self._ground.set_tiles([Tile(box, grounds(losses))])
            self.forget(self._panels[0].axes)
        super().show(result, pinned)

    def point(self, x: float, y: float) -> tuple[float, float] | None:
        """The weights at a place in the map."""
        return self._panels[0].values(x, y)


def ground_of(panel: Panel) -> Tiles:
    """Tiles that lie under all lines of a panel, grid and all. They are kept with its axes: ``forget`` these when they
    change."""
    tiles = Tiles()
    tiles.set_zorder(0.6)  # the grid has 0.5
    panel.axes.add_artist(tiles)
    return tiles


def map_limits(box: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """What the map shows: ``REACH`` up and down at least, a unit as long in both directions."""
    aspect = box.width / box.height
    wide, high = REACH * max(aspect, 1.0), REACH * max(1 / aspect, 1.0)
    return (-wide, wide), (-high, high)


def grounds(losses: Floats) -> NDArray[np.uint8]:
    """Bands of equal loss, darker where it is higher, with a line between any two: (rows, columns, 4) for losses
    (rows, columns), the lowest row first."""
    top = float(losses.max())
    logs = np.log(np.maximum(losses, DEPTH * top) / (DEPTH * top)) / -np.log(DEPTH)
    band = np.minimum((logs * BANDS).astype(int), BANDS - 1)
    share = (band / (BANDS - 1))[..., None]
    colors = LOW + share * (HIGH - LOW)
    edge = np.zeros(band.shape, bool)
    edge[1:] |= band[1:] != band[:-1]
    edge[:, 1:] |= band[:, 1:] != band[:, :-1]
    colors[edge] *= EDGE
    pixels = np.full((*band.shape, 4), 255, np.uint8)
    pixels[..., :3] = colors.astype(np.uint8)
    return pixels


@lru_cache(maxsize=4)
def _map_points(columns: int, rows: int, wide: float, high: float) -> Floats:
    """The points of a map of so many pixels, (rows, columns, 2), the lowest row first."""
    x = wide * (2 * (np.arange(columns) + 0.5) / columns - 1)
    y = high * (2 * (np.arange(rows) + 0.5) / rows - 1)
    return np.stack(np.meshgrid(x, y), axis=-1)


def arrow(tail: Floats, tip: Floats, color: str, width: float, head: float = 0.2) -> Stroke:
    """An arrow as one line. Its ``head`` is so long, in units of the axes, or a share of a short arrow."""
    along = np.asarray(tip, float) - tail
    length = float(np.hypot(*along))
    if not length > 0:
        return curve(np.array([tail, tip]), color, width)
    back = along / length * min(head, HEAD * length)
    side = np.array((-back[1], back[0])) * 0.6
    points = np.array([tail, tip, tip - back + side, tip, tip - back - side])
    return curve(points, color, width)


@lru_cache(maxsize=16)
def pale(color: str) -> str:
    """A colour for what is still to come."""
    red, green, blue = (PALE + (1 - PALE) * part for part in to_rgb(color))
    return str(to_hex((red, green, blue)))
