"""Initial losses of some nets beside the loss of equal scores, and what weight decay would add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.steps.passing import Verdict, closeness
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.figures.panels import Box, Stroke, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import INK, MEANING, PINNED, SUBTLE

__all__ = ["InitialPicture", "InitialView"]

L2 = np.logspace(-6, -1, 81)


@dataclass(frozen=True)
class InitialView:
    """``losses`` (n,) of nets before training and the sums of their ``squares`` (n,) of weights, the ``even`` loss and
    how it is written (``words``), a weight decay ``l2``, whether the step is passed, and the ``config`` of the
    first net."""

    losses: NDArray[Any]
    squares: NDArray[Any]
    even: float
    words: str
    l2: float
    verdict: Verdict
    config: RunConfig


class InitialPicture(PlotsPicture):
    """The losses net by net; beside them their mean over weight decay."""

    rows = (2,)
    height = 400.0
    tall = 260.0
    room = (74.0, 74.0)

    def plots(self, result: InitialView, pinned: InitialView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return [self._nets(result, pinned), self._decay(result, pinned)]

    def _nets(self, result: InitialView, pinned: InitialView | None) -> Plot:
        count = len(result.losses)
        ends = np.array((0.0, count + 1.0))
        low, top = (2 * result.losses.min(), 1.1 * result.losses.max())
        low, top = min(low, result.even) / 2, reach(max(top, 2 * result.even))
        close = closeness(bool(result.config.conv))
        edges = [(1 - close) * result.even, (1 + close) * result.even]
        color = MEANING["train"] if result.verdict.passed else MEANING["validation"]
        old = [] if pinned is None else [Stroke(np.arange(1, 1 + len(pinned.losses)), pinned.losses, PINNED, "-", 1.2)]
        return Plot(
            f"initial loss of {count} nets",
            (0.0, count + 1.0),
            (float(low), top),
            "dotted: between them the mean passes",
            "net",
            "y",
            lines=[Stroke(ends, np.full(2, result.even), INK, "-", 1.2)],
            behind=[*(Stroke(ends, np.full(2, edge), SUBTLE, ":", 1.2) for edge in edges), *old],
            spots=[
                *(Spot(net + 1.0, float(loss), color) for net, loss in enumerate(result.losses)),
                Spot(count + 1.0, result.even, INK, result.words, marked=False),
            ],
        )

    def _decay(self, result: InitialView, pinned: InitialView | None) -> Plot:
        total = _with_decay(result, L2)
        here = float(_with_decay(result, np.array(result.l2)))
        high = reach(max(float(total.max()), 2 * result.even))
        low = min(float(total.min()), result.even) / 2
        old = [] if pinned is None else [Stroke(L2, _with_decay(pinned, L2), PINNED, "-", 1.2)]
        return Plot(
            "mean initial loss with weight decay",
            (float(L2[0]), float(L2[-1])),
            (low, high),
            "",
            "weight decay λ",
            "xy",
            lines=[Stroke(L2, total, MEANING["train"])],
            behind=[Stroke(L2[[0, -1]], np.full(2, result.even), INK, "-", 1.2), *old],
            spots=[
                Spot(result.l2, here, MEANING["train"], plain(float(f"{here:.3g}")), free=True),
                Spot(float(L2[-1]), result.even, INK, result.words, marked=False),
            ],
        )


def _with_decay(result: InitialView, l2: NDArray[Any]) -> NDArray[Any]:
    total: NDArray[Any] = result.losses.mean() + l2 * result.squares.mean()
    return total
