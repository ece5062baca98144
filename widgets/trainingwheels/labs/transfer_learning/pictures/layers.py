"""The table of transfer, measured: in each cell accuracy against the number of layers that learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import to_rgba
from numpy.typing import NDArray

from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.figures.labels import many
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Stroke, percent
from trainingwheels.figures.plots import Dots, Plot, PlotsPicture, Spot
from trainingwheels.figures.run_curves import TENTHS
from trainingwheels.figures.theme import DOTTED, PINNED, SUBTLE

__all__ = ["Cell", "LayersPicture", "Retrained"]

SCRATCH, KEPT = run_color(0), run_color(3)


@dataclass(frozen=True)
class Cell:
    """One task at one number of labels. ``accuracies`` (ways, seeds) are those now: from scratch, and then with 1, 2,
    ... layers that learn, from the output."""

    target: str
    words: str
    count: int
    accuracies: NDArray[Any]

    @property
    def best(self) -> int:
        """With how many layers transfer is best on average."""
        return 1 + int(np.argmax(np.nan_to_num(self.accuracies[1:].mean(axis=1))))


@dataclass(frozen=True)
class Retrained:
    """The four cells, the steps taken, the accuracy of guessing, why a net failed, if one did, how many nets have
    ``lost`` their numbers, and the ``config`` of the first."""

    cells: Sequence[Cell]
    steps: int
    chance: float
    failed: str
    lost: int
    config: RunConfig


def _ways(place: float) -> str:
    return ("scratch" if place == 0 else f"{place:g}") if place == round(place) else ""


class LayersPicture(PlotsPicture):
    """Four panels, the similar task above the different one, few labels left of many."""

    rows = (2, 2)
    height = 545.0
    tall = 220.0
    grid = "y"
    room = (80.0,) * 4
    numbers = (percent,) * 4
    across = (_ways,) * 4

    def plots(self, result: Retrained, pinned: Retrained | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        before = pinned.cells if pinned is not None else [None] * len(result.cells)
        return [self._cell(cell, old, result) for cell, old in zip(result.cells, before, strict=True)]

    def _cell(self, cell: Cell, old: Cell | None, result: Retrained) -> Plot:
        ways, nets = cell.accuracies.shape
        means, at = cell.accuracies.mean(axis=1), np.arange(ways, dtype=float)
        x = (-0.5, ways - 0.5)
        points = np.array([(way, value) for way, values in enumerate(cell.accuracies) for value in values])
        colors = [to_rgba(SCRATCH if way == 0 else KEPT, 0.5) for way in range(ways) for _ in range(nets)]
        lines = [Stroke(at[1:], means[1:], KEPT)]
        behind = [
            Stroke(np.array(x), np.full(2, means[0]), SCRATCH, "-", 1.2),
            Stroke(np.array(x), np.full(2, result.chance), SUBTLE, DOTTED, 1.0),
        ]
        if old is not None and old.accuracies.shape[0] == ways:
            behind.append(Stroke(at[1:], old.accuracies[1:].mean(axis=1), PINNED, "-", 1.2))
        spots = [Spot(0.0, float(means[0]), SCRATCH)]
        spots += [Spot(float(way), float(means[way]), KEPT, filled=way == cell.best) for way in range(1, ways)]
        spots.append(Spot(x[1], float(means[0]), SCRATCH, "scratch", marked=False))
        spots.append(Spot(x[1], float(means[-1]), KEPT, "transfer", marked=False))
        heading = f"{cell.words} task, {many(cell.count, 'label')}"
        return Plot(heading, x, (0.0, 1.0), "● best", "layers that learn", marks=TENTHS, lines=lines, behind=behind,
                    dots=Dots(points, colors), spots=spots)  # fmt: skip
