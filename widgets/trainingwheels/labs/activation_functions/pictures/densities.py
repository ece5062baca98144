"""What becomes of Gaussian inputs, as a histogram that lies on its side, and what of it its panel cannot show."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import Outputs

__all__ = ["MOSTLY", "atoms", "beyond", "cut_off", "histogram", "outline"]

Floats = NDArray[np.float64]
BINS = 56  # of a density at the side
MOSTLY = 0.85  # of what is cut off: from here on it is said to be one value


def outline(outputs: Outputs, name: str, ends: tuple[float, float]) -> tuple[Floats, Floats]:
    """A histogram's outline: how long each bar is, from 0 to 1, over the values between ``ends``.

    Bars that rise above all others, where many inputs have one value, are cut off at 1.
    """
    bars, scale = histogram(outputs, name, ends)
    edges = np.linspace(*ends, BINS + 1)
    along = np.minimum(bars / scale, 1.0)
    return (
        np.concatenate([[0.0], np.repeat(along, 2), [0.0]]),
        np.concatenate([edges[:1], np.repeat(edges, 2)[1:-1], edges[-1:]]),
    )


def histogram(outputs: Outputs, name: str, ends: tuple[float, float]) -> tuple[Floats, float]:
    """The share of the inputs in each of ``BINS`` bars between ``ends``, and the share that fills the panel."""
    numbers = getattr(outputs, name)
    inside = (numbers >= ends[0]) & (numbers <= ends[1])
    places = ((numbers[inside] - ends[0]) * (BINS / (ends[1] - ends[0]))).astype(np.intp)
    bars = np.bincount(np.minimum(places, BINS - 1), outputs.weights[inside], BINS).astype(np.float64)
    third, longest = np.sort(bars)[[-3, -1]]
    return bars, 1.25 * max(float(third), 0.16 * float(longest), 1e-12)


def beyond(outputs: Outputs, name: str, ends: tuple[float, float]) -> tuple[float, float]:
    """The shares of the inputs whose values lie below the panel, and above it."""
    numbers = getattr(outputs, name)
    return float(outputs.weights[numbers < ends[0]].sum()), float(outputs.weights[numbers > ends[1]].sum())


def cut_off(outputs: Outputs, name: str, ends: tuple[float, float]) -> list[tuple[float, float, float]]:
    """From where to where bars are cut off, or many inputs have one value, and the share of the inputs that this is."""
    bars, scale = histogram(outputs, name, ends)
    edges = np.linspace(*ends, BINS + 1)
    single = [(value, share) for value, share in atoms(outputs, name) if ends[0] <= value <= ends[1]]
    found = []
    places = np.flatnonzero(bars > scale * (1 + 1e-9))
    for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(places) else []:
        low, high, whole = edges[run[0]], edges[run[-1] + 1], float(bars[run].sum())
        inside = [(value, share) for value, share in single if low <= value <= high]
        if sum(share for _, share in inside) < MOSTLY * whole:
            single = [each for each in single if each not in inside]
            found.append((float(low), float(high), whole))
    bars_of = np.searchsorted(edges[1:-1], [value for value, _ in single], "right")
    shares = [share for _, share in single]
    return [*zip(edges[bars_of].tolist(), edges[bars_of + 1].tolist(), shares, strict=True), *found]


def atoms(outputs: Outputs, name: str) -> list[tuple[float, float]]:
    """Single values that at least a twentieth of the inputs have, and the share of the inputs that have them."""
    numbers = getattr(outputs, name)
    repeated = np.unique(numbers[1:][np.diff(numbers) == 0])
    shares = [(float(value), float(outputs.weights[numbers == value].sum())) for value in repeated[:8]]
    return [(value, share) for value, share in shares if share >= 0.05]
