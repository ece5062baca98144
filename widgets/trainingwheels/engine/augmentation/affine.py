"""Affine maps of the picture plane, as matrices that say where a pixel of the result comes from.

Each function takes what was drawn for n pictures, ndarrays of shape (n,), and the size (height, width), and returns
(n, 3, 3): destination to source, in pixels about the centre, x to the right and y downwards. Products of them are
again such maps, so neighbours in a pipeline cost one interpolation together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MATRICES", "sampling"]

Floats = NDArray[np.float64]
Size = tuple[int, int]


def _matrix(a: Any, b: Any, x: Any, c: Any, d: Any, y: Any, n: int) -> Floats:
    """(n, 3, 3) with the rows (a, b, x), (c, d, y), (0, 0, 1)."""
    matrices = np.zeros((n, 3, 3))
    for place, entry in zip(((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)), (a, b, x, c, d, y), strict=True):
        matrices[:, *place] = entry
    matrices[:, 2, 2] = 1
    return matrices


def translate(size: Size, right: Floats, down: Floats) -> Floats:
    """To the right by a share of the width, down by a share of the height."""
    return _matrix(1, 0, -right * size[1], 0, 1, -down * size[0], len(right))


def translate_x(size: Size, right: Floats) -> Floats:
    return translate(size, right, np.zeros_like(right))


def translate_y(size: Size, down: Floats) -> Floats:
    return translate(size, np.zeros_like(down), down)


def rotate(size: Size, degrees: Floats) -> Floats:
    """About the centre, against the clock."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return _matrix(cos, -sin, 0, sin, cos, 0, len(degrees))


def zoom(size: Size, factor: Floats) -> Floats:
    """Larger by a factor."""
    return _matrix(1 / factor, 0, 0, 0, 1 / factor, 0, len(factor))


def stretch(size: Size, factor: Floats) -> Floats:
    """Wider by a factor, and lower by the same, so that areas stay."""
    return _matrix(1 / factor, 0, 0, 0, factor, 0, len(factor))


def shear_x(size: Size, shear: Floats) -> Floats:
    """Each row moves right by ``shear`` times how far it lies below the centre."""
    return _matrix(1, -shear, 0, 0, 1, 0, len(shear))


def shear_y(size: Size, shear: Floats) -> Floats:
    """Each column moves down by ``shear`` times how far it lies right of the centre."""
    return _matrix(1, 0, 0, -shear, 1, 0, len(shear))


def crop(size: Size, side: Floats, left: Floats, top: Floats) -> Floats:
    """A window, ``side`` of the picture's, back to full size; ``left`` and ``top``, 0 to 1, say where it lies."""
    height, width = size
    x, y = ((place - 0.5) * (1 - side) * (pixels - 1) for place, pixels in ((left, width), (top, height)))
    return _matrix(side, 0, x, 0, side, y, len(side))


MATRICES: dict[str, Callable[..., Floats]] = {
    "translate": translate,
    "translate_x": translate_x,
    "translate_y": translate_y,
    "rotate": rotate,
    "zoom": zoom,
    "stretch": stretch,
    "shear_x": shear_x,
    "shear_y": shear_y,
    "crop": crop,
}


def sampling(matrices: Floats, size: Size) -> Floats:
    """The same maps as torch's ``affine_grid`` wants them, (n, 2, 3), in coordinates from -1 to 1 between corners."""
    height, width = (max(pixels - 1, 1) / 2 for pixels in size)
    scale = np.array([width, height, 1.0])
    normalized: Floats = matrices * scale / scale[:, None]
    return normalized[:, :2]
