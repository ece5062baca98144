"""How sure a mean over seeds is."""

import numpy as np
from scipy import stats


def interval(values):
    """The 99 % bootstrap interval of the mean over seeds."""
    if np.ptp(values) == 0:
        return values[0], values[0]
    found = stats.bootstrap((values,), np.mean, confidence_level=0.99, rng=np.random.default_rng(0))
    return found.confidence_interval.low, found.confidence_interval.high


def holds(values, low, high):
    """Whether the mean over seeds lies between ``low`` and ``high`` with its whole interval."""
    inside = interval(values)
    return low <= inside[0] <= inside[1] <= high
