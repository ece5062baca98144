"""Successive halving: many trials begin, and again and again only the best third of them goes on.

Jamieson and Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization" (AISTATS 2016).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Bracket", "affordable", "bracket"]

SHARE = 3  # one in so many goes on, for so many times as long


@dataclass(frozen=True)
class Bracket:
    """``counts`` trials are trained up to each of ``rungs``, in epochs; then the best of them go on, from there."""

    rungs: tuple[int, ...]
    counts: tuple[int, ...]

    @property
    def cost(self) -> int:
        """The epochs of all trials together."""
        return sum(
            count * (rung - before)
            for count, (before, rung) in zip(self.counts, pairwise((0, *self.rungs)), strict=True)
        )


def bracket(epochs: int, trials: int) -> Bracket:
    """That of so many trials, the last of which are trained for all ``epochs``; the first rung is one epoch."""
    rungs, counts = [epochs], [trials]
    while rungs[0] > 1:
        rungs.insert(0, max(1, round(epochs / SHARE ** len(rungs))))
        counts.append(max(1, counts[-1] // SHARE))
    return Bracket(tuple(rungs), tuple(counts))


def affordable(epochs: int, budget: int) -> Bracket:
    """The bracket of the most trials that take no more than ``budget`` epochs; one may take ``epochs``."""
    trials = budget // epochs
    while bracket(epochs, trials + 1).cost <= budget:
        trials += 1
    return bracket(epochs, max(trials, 1))
