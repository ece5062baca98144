"""What is said of runs of several kinds, some of each: what a kind gains, seed by seed, and which diverged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from trainingwheels.engine.intervals import ENOUGH, bootstrap_interval
from trainingwheels.figures.kinds import Kind
from trainingwheels.figures.labels import points

__all__ = ["diverged_sentence", "effect_sentence", "gain_words"]


def gain_words(gain: NDArray[Any]) -> str:
    """A gain in accuracy, (nets,), with its 99 % interval where there are enough nets, and what that says."""
    words = points(float(gain.mean()), True)
    if len(gain) < ENOUGH:
        return f"{words} (too few nets for an interval)"
    low, high = bootstrap_interval(gain)
    return f"{words} ({points(low, True, '')} to {points(high, True, '')}: {_verdict(low, high)})"


def effect_sentence(kind: Kind, none: Kind) -> str:
    """What a kind changes against another, seed by seed, and whether that can be told from chance."""
    gain, gap = kind.validation - none.validation, kind.gap - none.gap
    words = f"Against {none.label}, {kind.label} changes validation accuracy by {points(gain.mean(), True)}"
    if len(gain) < ENOUGH:
        return f"{words} and the gap by {points(gap.mean(), True)}: too few nets to say how sure that is."
    low, high = bootstrap_interval(gain)
    interval = f"99 % interval of {len(gain)} nets {points(low, True, '')} to {points(high, True, '')}"
    return f"{words} ({interval}: {_verdict(low, high)}) and the gap by {points(gap.mean(), True)}."


def _verdict(low: float, high: float) -> str:
    return "it helps here" if low > 0 else "it hurts here" if high < 0 else "not to be told from chance"


def diverged_sentence(kinds: Sequence[Kind]) -> list[str]:
    """How many of each kind, if any, have lost their numbers."""
    counts = [(kind, sum(history.diverged_at is not None for history in kind.histories)) for kind in kinds]
    words = [f"{bad} of {len(kind.histories)} of {kind.label}" for kind, bad in counts if bad]
    return [f"Diverged, their loss no number any more: {', '.join(words)}. A lower lr may help."] if words else []
