"""Small images of ink, drawn by hand or by a rule, and brought to the form of the digits: 8 x 8, in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRID", "as_digit", "drawn", "ink_of", "shapes"]

Floats = NDArray[np.float32]
GRID = 16  # cells along a side of what is drawn
SIDE = 8  # pixels along a side of a digit
FAINT = 0.15  # ink that does not count when its edges are looked for
PEN = 0.75  # radius of a line, in cells
JITTER = 0.9  # standard deviation by which a corner of a shape is off, in cells

# Corners in cells, x to the right and y down; a stroke each.
SHAPES: Sequence[Sequence[Sequence[tuple[float, float]]]] = (
    (((3, 14), (8, 2), (13, 14)), ((5, 10), (11, 10))),  # A
    (((3, 3), (13, 13)), ((13, 3), (3, 13))),  # X
    (((3, 3), (3, 13), (13, 13)),),  # L
)


def drawn(strokes: Sequence[Any]) -> NDArray[np.bool_]:
    """The cells that lines through the points of each stroke cover, (GRID, GRID), the highest row first."""
    cells = np.zeros((GRID, GRID), bool)
    centres = np.arange(GRID) + 0.5
    for stroke in strokes:
        points = np.asarray(stroke, float).reshape(-1, 2)
        for start, end in zip(points[:1].tolist() + points[:-1].tolist(), points.tolist(), strict=True):
            for x, y in np.linspace(start, end, 2 + int(4 * np.hypot(end[0] - start[0], end[1] - start[1]))):
                cells |= (centres[None] - x) ** 2 + (centres[:, None] - y) ** 2 <= PEN**2
    return cells


def ink_of(image: NDArray[Any]) -> Floats:
    """How much ink is where, from 0 to 1, in an image (height, width, 3): what differs from the ground at its edge,
    which may be light or dark. All 0 where nothing differs."""
    grey = np.asarray(image, np.float32).mean(axis=2)
    ground = np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]))
    ink = np.abs(grey - ground)
    return np.asarray(ink / max(float(ink.max()), 1e-6) if ink.max() > 0.1 else np.zeros_like(ink), np.float32)


def as_digit(ink: NDArray[Any]) -> Floats:
    """Ink (n, n) as the digits are: cut out, made as large as fits, in the middle of 8 x 8 pixels, (64,)."""
    rows, columns = (np.flatnonzero((ink > FAINT).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return np.zeros(SIDE * SIDE, np.float32)
    fine = 4 * SIDE
    length = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    places = (np.arange(fine) + 0.5) / fine * length - length / 2
    index = [np.floor((each[0] + each[-1] + 1) / 2 + places).astype(int) for each in (rows, columns)]
    inside = [(each >= 0) & (each < len(ink)) for each in index]
    large = np.where(np.outer(*inside), ink[np.ix_(*(np.clip(each, 0, len(ink) - 1) for each in index))], 0)
    return np.asarray(large.reshape(SIDE, 4, SIDE, 4).mean(axis=(1, 3)), np.float32).ravel()


def shapes(count: int, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    """``count`` images of each of three shapes, A, X and L, drawn with an unsteady hand: (3 count, 64), and labels."""
    rng = np.random.default_rng(seed)
    images, labels = [], []
    for label, strokes in enumerate(SHAPES):
        for _ in range(count):
            shaken = [np.array(stroke) + JITTER * rng.standard_normal((len(stroke), 2)) for stroke in strokes]
            images.append(as_digit(drawn(shaken)))
            labels.append(label)
    return np.stack(images), np.array(labels)
