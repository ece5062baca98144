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
    """Whether the mean over seeds lies between ``low`` and ``high`` with its whole interval.

    Rounding, which is another on each processor, makes other runs of the same seeds, as other seeds would. Where nets
    are trained the bounds leave room for that: another draw of seeds moves the mean by up to 1.4 times the distance
    from the mean to an end of its interval, and its own interval comes on top.
    """
    inside = interval(values)
    return low <= inside[0] <= inside[1] <= high
