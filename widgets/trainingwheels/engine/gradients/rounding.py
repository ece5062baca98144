"""How precise the values of f are: measured, because the sum does not show how large its terms were.

A layer norm's outputs add up to 0, and the rounding in that 0 is that of terms of size 1. A net that computes in
float32 somewhere is precise to 6e-8, in whatever type its value comes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["noise_of"]

Floats = NDArray[Any]
POINTS = 8
SPACING = 16.0
"""The first distance of the points, in units of the last digit of the largest entry: near enough to see no bend."""
NEAR = 1e-6
"""Up to here no bend of f is taken for noise."""
FARTHEST = 1e-2


def noise_of(value: Callable[[], float], arrays: Sequence[Floats], rng: np.random.Generator) -> float:
    """How far f is off a straight line at points close to each other, which is its rounding.

    All entries of ``arrays`` move along one random line, and are put back. Where most values coincide, f computes in
    steps that are coarser than the points are apart, and those are moved apart. After Moré and Wild, "Estimating
    computational noise" (2011).
    """
    before = [array.copy() for array in arrays]
    ways = [_size(array) * rng.uniform(-1, 1, array.shape) for array in arrays]
    spacing, found = SPACING * float(np.finfo(arrays[0].dtype).eps), 0.0
    try:
        while True:
            values = []
            for step in range(1, POINTS + 1):
                for array, start, way in zip(arrays, before, ways, strict=True):
                    array[...] = start + step * spacing * way
                values.append(value())
            if not np.isfinite(values).all():
                return found
            found = max(found, _scatter(np.array(values), bent=spacing > NEAR))
            spacing *= 100
            if len(set(values)) > POINTS // 2 or spacing > FARTHEST:
                return found
    finally:
        for array, start in zip(arrays, before, strict=True):
            array[...] = start


def _size(array: Floats) -> float:
    return float(np.abs(array).max()) or 1.0


def _scatter(values: Floats, bent: bool) -> float:
    """How far values are off a line; where f may be ``bent``, at most the smallest step between two of them."""
    steps = np.arange(POINTS, dtype=np.float64)
    rest = values - values[0]
    line = np.polynomial.Polynomial.fit(steps, rest, 1)
    scatter = float(np.abs(rest - line(steps)).max())
    between = np.diff(np.unique(values))
    return min(scatter, float(between.min())) if bent and between.size else scatter
