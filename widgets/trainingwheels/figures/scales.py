"""Round limits for axes, so that a moving slider does not make every axis crawl."""

from __future__ import annotations

import math
from collections.abc import Iterable

__all__ = ["decades", "fine_reach", "reach"]


def reach(largest: float, least: float = 0.0) -> float:
    """The first of 1, 2, 5, 10, 20, ... (times any power of ten) that is not below ``largest`` nor ``least``."""
    largest = max(largest, least)
    if not 0 < largest < math.inf:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    return next((step * power for step in (1, 2, 5) if step * power >= largest * (1 - 1e-6)), 10 * power)


def decades(values: Iterable[float], fewest: int = 2) -> tuple[float, float]:
    """Whole powers of ten around all positive finite ``values``, at least ``fewest`` decades apart."""
    logs = [math.log10(value) for value in values if 0 < value < math.inf]
    low, high = (math.floor(min(logs)), math.ceil(max(logs))) if logs else (-1, 1)
    return 10.0 ** min(low, high - fewest), 10.0**high


def fine_reach(largest: float) -> float:
    """The first of 1, 1.5, 2, 3, 4, 5, 7, 10, ... (times any power of ten) that is not below ``largest``."""
    if not 0 < largest < math.inf:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    steps = (1, 1.5, 2, 3, 4, 5, 7)
    return next((step * power for step in steps if step * power >= largest * (1 - 1e-9)), 10 * power)
