"""What is said of runs of several kinds, some of each: what a kind gains, seed by seed, and which diverged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from trainingwheels.engine.intervals import ENOUGH, bootstrap_interval
from trainingwheels.engine.shares import in_percent
from trainingwheels.figures.kinds import Kind
from trainingwheels.figures.labels import many, points

__all__ = ["diverged_sentence", "effect_sentence", "gain_words", "lost_sentence", "side_of", "spread_words"]


def gain_words(gain: NDArray[Any]) -> str:
    """A gain in accuracy, (nets,), with its 99 % interval where there are enough nets, and what that says."""
    words = points(float(gain.mean()), True)
    if not gain.any():
        return f"{words} (the same{', net by net' * (len(gain) > 1)})"
    if len(gain) < ENOUGH:
        return f"{words} (too few nets for an interval)"
    low, high = bootstrap_interval(gain)
    return f"{words} ({points(low, True, '')} to {points(high, True, '')}: {_verdict(low, high)})"


def spread_words(accuracies: NDArray[Any]) -> str:
    """From the least to the largest accuracy of nets of one kind, (nets,), after their mean; "" if they are one."""
    least, largest = (in_percent(float(end), 1) for end in (accuracies.min(), accuracies.max()))
    return "" if least == largest else f", from {least} to {largest}"


def effect_sentence(kind: Kind, none: Kind) -> str:
    """What a kind changes against another, seed by seed, and whether that can be told from chance."""
    gain, gap = kind.validation - none.validation, kind.gap - none.gap
    if not gain.any():
        rest = f"and the gap by {points(gap.mean(), True)}" if gap.any() else "nor the gap"
        return f"Against {none.label}, {kind.label} changes validation accuracy of no net, {rest}."
    words = f"Against {none.label}, {kind.label} changes validation accuracy by {points(gain.mean(), True)}"
    if len(gain) < ENOUGH:
        return f"{words} and the gap by {points(gap.mean(), True)}: too few nets to say how sure that is."
    low, high = bootstrap_interval(gain)
    interval = f"99 % interval of {len(gain)} nets {points(low, True, '')} to {points(high, True, '')}"
    return f"{words} ({interval}: {_verdict(low, high)}) and the gap by {points(gap.mean(), True)}."


def _verdict(low: float, high: float) -> str:
    return ("not to be told from chance", "it helps here", "it hurts here")[side_of(low, high)]


def side_of(low: float, high: float) -> int:
    """On which side of 0 an interval of points lies as it is written, to a decimal: 1 above, -1 below, 0 on neither."""
    return int(round(100 * low, 1) > 0) - int(round(100 * high, 1) < 0)


def diverged_sentence(kinds: Sequence[Kind]) -> list[str]:
    """How many of each kind, if any, have lost their numbers."""
    counts = [(kind, sum(history.diverged_at is not None for history in kind.histories)) for kind in kinds]
    words = [f"{bad} of {len(kind.histories)} of {kind.label}" for kind, bad in counts if bad]
    return [f"Diverged, their loss no number any more: {', '.join(words)}. A lower lr may help."] if words else []


def lost_sentence(lost: int) -> list[str]:
    """That so many nets, if any, have lost their numbers."""
    return [f"{many(lost, 'net')} diverged, the loss no number any more: a lower lr may help."] if lost else []
