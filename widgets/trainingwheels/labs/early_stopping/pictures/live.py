"""A run under way with a rule of early stopping laid over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trainingwheels.engine import History
from trainingwheels.figures.panels import Box, plain
from trainingwheels.figures.plots import Plot, PlotsPicture
from trainingwheels.labs.early_stopping.pictures.replay import Ruled, counter, curves

__all__ = ["LivePicture", "Watched"]


@dataclass(frozen=True)
class Watched(Ruled):
    """What there is so far of a run."""

    history: History


class LivePicture(PlotsPicture):
    """Curves, and the patience counter below."""

    rows = (1, 1)
    height = 520.0
    shares = (0.65, 0.35)
    tall = 250.0
    room = (110.0, 110.0)
    numbers = (plain, plain)

    def plots(self, result: Watched, pinned: Watched | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return curves(result, pinned), counter(result, pinned)
