"""What is said of runs of several kinds, some of each: what a kind changes, seed by seed, and which diverged."""

from __future__ import annotations

from collections.abc import Sequence

from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.figures.kinds import Kind

__all__ = ["diverged_sentence", "effect_sentence", "points"]

ENOUGH = 5  # nets a kind, from which on an interval over them is given


def effect_sentence(kind: Kind, none: Kind) -> str:
    """What a kind changes against another, seed by seed, and whether that can be told from chance."""
    gain, gap = kind.validation - none.validation, kind.gap - none.gap
    words = f"Against {none.label}, {kind.label} changes validation accuracy by {points(gain.mean(), True)}"
    if len(gain) < ENOUGH:
        return f"{words} and the gap by {points(gap.mean(), True)}: too few nets to say how sure that is."
    low, high = bootstrap_interval(gain)
    verdict = "it helps here" if low > 0 else "it hurts here" if high < 0 else "not to be told from chance"
    interval = f"99 % interval of {len(gain)} nets {points(low, True, '')} to {points(high, True, '')}"
    return f"{words} ({interval}: {verdict}) and the gap by {points(gap.mean(), True)}."


def diverged_sentence(kinds: Sequence[Kind]) -> list[str]:
    """How many of each kind, if any, have lost their numbers."""
    counts = [(kind, sum(history.diverged_at is not None for history in kind.histories)) for kind in kinds]
    words = [f"{bad} of {len(kind.histories)} of {kind.label}" for kind, bad in counts if bad]
    return [f"Diverged, their loss no number any more: {', '.join(words)}. A lower lr may help."] if words else []


def points(share: float, signed: bool = False, unit: str = " points") -> str:
    """A difference of accuracies: 3.2 points."""
    text = f"{100 * share:{'+' if signed else ''}.1f}".replace("+0.0", "0.0").replace("-0.0", "0.0")
    return f"{text}{unit}".replace("-", "−")
