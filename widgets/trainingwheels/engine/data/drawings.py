"""Small images of ink, drawn by hand or by a rule, and brought to the form of the digits: 8 x 8, in the middle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRID", "LETTERS", "as_digit", "drawn", "ink_of", "letters", "shapes"]

Floats = NDArray[np.float32]
GRID = 16  # cells along a side of what is drawn
SIDE = 8  # pixels along a side of a digit
FAINT = 0.15  # ink that does not count when its edges are looked for
PEN = 0.75  # radius of a line, in cells
JITTER = 0.9  # standard deviation by which a corner of a shape is off, in cells

LEAN = 0.15  # standard deviation of the angle by which a letter is turned, in radians

Strokes = Sequence[Sequence[tuple[float, float]]]
# Corners in cells, x to the right and y down; a stroke each.
LETTERS: Mapping[str, Strokes] = {
    "A": (((3, 14), (8, 2), (13, 14)), ((5, 10), (11, 10))),
    "F": (((12, 3), (4, 3), (4, 14)), ((4, 8), (10, 8))),
    "H": (((3, 2), (3, 14)), ((13, 2), (13, 14)), ((3, 8), (13, 8))),
    "K": (((4, 2), (4, 14)), ((12, 2), (4, 8), (12, 14))),
    "L": (((3, 3), (3, 13), (13, 13)),),
    "M": (((2, 14), (3, 2), (8, 10), (13, 2), (14, 14)),),
    "N": (((3, 14), (3, 2), (13, 14), (13, 2)),),
    "T": (((3, 3), (13, 3)), ((8, 3), (8, 14))),
    "X": (((3, 3), (13, 13)), ((13, 3), (3, 13))),
    "Z": (((3, 3), (13, 3), (3, 13), (13, 13)),),
}
SHAPES = "AXL"


def drawn(strokes: Sequence[Any]) -> NDArray[np.bool_]:
    """The cells that lines through the points of each stroke cover, (GRID, GRID), the highest row first."""
    places = [np.empty((0, 2))]
    for stroke in strokes:
        points = np.asarray(stroke, float).reshape(-1, 2)
        for start, end in zip(points[:1].tolist() + points[:-1].tolist(), points.tolist(), strict=True):
            places.append(np.linspace(start, end, 2 + int(4 * np.hypot(end[0] - start[0], end[1] - start[1]))))
    x, y = np.concatenate(places).T[:, :, None]  # (points, 1) each
    centres = np.arange(GRID) + 0.5
    across, down = (centres - x) ** 2, (centres - y) ** 2  # (points, GRID) each
    found: NDArray[np.bool_] = (across[:, None] + down[:, :, None] <= PEN**2).any(axis=0)
    return found


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
    images = [_shaken(LETTERS[name], rng) for name in SHAPES for _ in range(count)]
    return np.stack(images), np.repeat(np.arange(len(SHAPES)), count)


def letters(count: int, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    """``count`` images of ten letters in turn, A to Z as in ``LETTERS``, turned and drawn with an unsteady hand:
    (count, 64), and labels from 0 to 9."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % len(LETTERS)
    strokes = list(LETTERS.values())
    return np.stack([_shaken(strokes[label], rng, LEAN * rng.standard_normal()) for label in labels]), labels


def _shaken(strokes: Strokes, rng: np.random.Generator, angle: float = 0.0) -> Floats:
    """Strokes turned by ``angle`` (radians) about the middle, and their corners moved at random, as a digit."""
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = [(np.array(stroke) - GRID / 2) @ turn + GRID / 2 for stroke in strokes]
    return as_digit(drawn([stroke + JITTER * rng.standard_normal(stroke.shape) for stroke in turned]))
