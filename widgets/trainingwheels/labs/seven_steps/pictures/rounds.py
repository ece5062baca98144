"""Rounds of finer and finer grids: where each looked, and what it gained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.steps.passing import Verdict
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.theme import INK, PINNED

__all__ = ["Round", "RoundsPicture", "RoundsView"]


@dataclass(frozen=True)
class Round:
    """Learning rates (n,), and the validation accuracy that each net came to (n,)."""

    lrs: NDArray[Any]
    val: NDArray[Any]

    @property
    def best(self) -> int:
        """The place of the best; of several, the one nearest to the middle."""
        places = np.flatnonzero(self.val == self.val.max())
        return int(places[np.abs(places - (len(self.val) - 1) / 2).argmin()])


@dataclass(frozen=True)
class RoundsView:
    """The ``rounds`` up to now of ``asked``; the verdict is None until all are done."""

    rounds: Sequence[Round]
    asked: int
    verdict: Verdict | None


class RoundsPicture(PlotsPicture):
    """Accuracies over learning rates, a line for each round; beside them the best of each round."""

    rows = (2,)
    height = 400.0
    tall = 260.0
    room = (74.0, 30.0)
    numbers = (percent, percent)
    across: ClassVar[Any] = (plain, lambda value: f"{value:g}" if value == round(value) else "")

    def plots(self, result: RoundsView, pinned: RoundsView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        rounds = result.rounds
        old = [] if pinned is None else pinned.rounds
        every = np.concatenate([each.lrs for each in rounds])
        low = float(np.floor(10 * min(each.val.min() for each in rounds)) / 10)
        lines = [Stroke(each.lrs, each.val, run_color(at)) for at, each in enumerate(rounds)]
        spots = [
            Spot(float(lr), float(val), run_color(at), filled=place != each.best)
            for at, each in enumerate(rounds)
            for place, (lr, val) in enumerate(zip(each.lrs, each.val, strict=True))
        ]
        right = float(every.max()) * 1.2
        spots += [
            Spot(right, float(each.val[-1]), run_color(at), f"round {at + 1}", marked=False)
            for at, each in enumerate(rounds)
        ]
        best, before = ([float(each.val.max()) for each in some] for some in (rounds, old))
        base = min(float(np.floor(50 * min(best)) / 50), 0.98)
        return [
            Plot(
                "validation accuracy",
                (float(every.min()) / 1.2, right),
                (min(low, 0.9), 1.0),
                "○ the best of a round",
                "learning rate",
                "x",
                lines=lines,
                behind=[Stroke(each.lrs, each.val, PINNED, "-", 1.2) for each in old],
                spots=spots,
            ),
            Plot(
                "the best of each round",
                (0.0, result.asked + 1.0),
                (base, 1.0),
                "and its learning rate",
                "round",
                lines=[Stroke(np.arange(1, len(best) + 1), np.array(best), INK)],
                behind=[Stroke(np.arange(1, len(before) + 1), np.array(before), PINNED)] if before else [],
                spots=[
                    Spot(at + 1.0, value, run_color(at), plain(float(rounds[at].lrs[rounds[at].best])), under=True)
                    for at, value in enumerate(best)
                ],
            ),
        ]
