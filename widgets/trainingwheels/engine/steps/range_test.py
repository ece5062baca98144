"""A learning rate range test: one run in which the learning rate rises exponentially, and what its losses say.

It costs one short run, where rates that are tried one by one cost a run each (Smith, 2017, "Cyclical learning rates for
training neural networks", section 3.3; there the rate rises linearly, and accuracy is looked at).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["BREAK", "WIDTH", "averaged", "breaks_away", "falls_fastest"]

WIDTH = 0.05  # of the steps: over so many a loss is averaged, and its fall measured over twice as many
BREAK = 0.25  # of the first average, above the lowest before


def averaged(losses: ArrayLike, width: int) -> NDArray[np.float64]:
    """Losses (n,) of the steps, averaged over ``width`` of them around each: (n,). NaN from the first on that is no
    number."""
    y = np.asarray(losses, float)
    good = int(np.append(~np.isfinite(y), True).argmax())
    if not good:
        return np.full(len(y), np.nan)
    ends = np.pad(y[:good], (width // 2, (width - 1) // 2), mode="edge")
    means = np.convolve(ends, np.ones(width) / width, mode="valid")
    return np.concatenate([means, np.full(len(y) - good, np.nan)])


def breaks_away(averages: NDArray[np.float64]) -> int | None:
    """The first step at which the loss is no number, or is above the lowest before it by ``BREAK`` of the first; None
    if there is none."""
    above = averages - np.fmin.accumulate(averages)
    found = np.flatnonzero(np.isnan(averages) | (above >= BREAK * averages[:1]))
    return int(found[0]) if len(found) else None


def falls_fastest(averages: NDArray[np.float64], width: int) -> int:
    """The step around which the loss falls most within ``2 * width`` steps, before it is lowest or breaks away. As each
    step multiplies the rate by the same number, that is where it falls most per factor."""
    lowest = int(np.nanargmin(averages[: breaks_away(averages)]))
    start, stop = (np.clip(np.arange(lowest + 1) + by, 0, lowest) for by in (-width, width))
    return int((averages[start] - averages[stop]).argmax())
