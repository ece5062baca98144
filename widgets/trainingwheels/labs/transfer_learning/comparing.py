"""What a difference over seeds says, in words."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from trainingwheels.engine.intervals import bootstrap_interval

__all__ = ["ENOUGH", "gain_words", "points"]

ENOUGH = 5
"""Seeds from which on an interval over them is given."""


def points(share: float) -> str:
    """A difference of accuracies in points: +3.2."""
    return f"{100 * share:+.1f}".replace("+0.0", "0.0").replace("-0.0", "0.0").replace("-", "−")


def gain_words(gain: NDArray[Any]) -> str:
    """A gain in accuracy, (seeds,), with its 99 % interval where there are enough seeds, and what that says."""
    words = f"{points(float(gain.mean()))} points"
    if len(gain) < ENOUGH:
        return f"{words} (too few seeds for an interval)"
    low, high = bootstrap_interval(gain)
    verdict = "it helps" if low > 0 else "it hurts" if high < 0 else "not to be told from chance"
    return f"{words} ({points(low)} to {points(high)}: {verdict})"
