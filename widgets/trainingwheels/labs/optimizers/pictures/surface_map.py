"""A loss of two weights seen from above: the ground on which paths are drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.descent.surfaces import REACH
from trainingwheels.figures.panels import Box, Stroke

__all__ = ["arrow", "grounds", "map_limits"]

Floats = NDArray[Any]
BANDS = 16  # of the loss, evenly spaced in its logarithm
DEPTH = 1e-4  # of the highest loss in the map: below it, all is one band
LOW, HIGH, EDGE = np.array((255, 255, 255)), np.array((196, 208, 220)), 0.93  # colours; what an edge keeps of them
HEAD = 0.32  # of an arrow's length, and at most so many units


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


@lru_cache(maxsize=32)
def map_points(columns: int, rows: int, wide: float, high: float) -> Floats:
    """The points of a map of so many pixels, (rows, columns, 2), the lowest row first."""
    x = wide * (2 * (np.arange(columns) + 0.5) / columns - 1)
    y = high * (2 * (np.arange(rows) + 0.5) / rows - 1)
    return np.stack(np.meshgrid(x, y), axis=-1)


def arrow(tail: Floats, tip: Floats, color: str, width: float = 2.0, style: Any = "-", head: float = 0.2) -> Stroke:
    """An arrow as one line. Its ``head`` is so long, in units of the axes, or a share of a short arrow."""
    along = np.asarray(tip, float) - tail
    length = float(np.hypot(*along))
    if not length > 0:
        return Stroke(np.array([tail[0], tip[0]]), np.array([tail[1], tip[1]]), color, style, width)
    back = along / length * min(head, HEAD * length)
    side = np.array((-back[1], back[0])) * 0.6
    points = np.array([tail, tip, tip - back + side, tip, tip - back - side])
    return Stroke(points[:, 0], points[:, 1], color, style, width)
