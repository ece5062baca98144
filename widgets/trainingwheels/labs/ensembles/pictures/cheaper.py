"""Ways to several predictions: what they cost and gain, how alike their mistakes are, and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.evaluation.calibration import Reliability
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Dots, Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.theme import DOTTED, INK, PINNED, SUBTLE
from trainingwheels.labs.ensembles.pictures.how_many import MEMBER, TOGETHER, tenths

__all__ = ["Cheap", "CheaperPicture", "Measured"]

Floats = NDArray[Any]
NAMES = ("one net", "8 nets", "snapshots", "weights", "masks")  # as ``engine.evaluation.cheaper`` has them


@dataclass(frozen=True)
class Measured:
    """A way with so many ``members`` that costs (trainings, passes, nets kept): accuracies of its members (``own``),
    and ``together``; the mean correlation of two members' mistakes, 1 of a single one, and the average's
    reliability."""

    name: str
    label: str
    members: int
    cost: tuple[int, int, int]
    own: Floats
    together: float
    correlation: float
    reliability: Reliability

    @property
    def gain(self) -> float:
        """Over the mean member."""
        return self.together - float(self.own.mean())


@dataclass(frozen=True)
class Cheap:
    """All ways, the first of which is one net; ``pairs`` (pairs, 2) are the correlation and the gain of two nets that
    were trained apart. ``way`` is looked at. ``config`` is that of the first."""

    ways: tuple[Measured, ...]
    pairs: Floats
    way: str
    config: RunConfig

    @property
    def now(self) -> Measured:
        return next(each for each in self.ways if each.name == self.way)


class CheaperPicture(PlotsPicture):
    """Accuracies above; gain against correlation, and reliability, below."""

    rows = (1, 2)
    height = 580.0
    shares = (0.45, 0.55)
    tall = 250.0
    room = (60.0, 76.0, 84.0)
    numbers = (percent, plain, percent)
    across = (lambda place: NAMES[round(place)] if place in range(len(NAMES)) else "", plain, plain)

    def plots(self, result: Cheap, pinned: Cheap | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return _accuracies(result, pinned, boxes[0].width), _correlations(result), _reliabilities(result, pinned)


def _accuracies(result: Cheap, pinned: Cheap | None, width: float) -> Plot:
    x = np.concatenate(
        [place + np.linspace(-0.2, 0.2, len(each.own)) * (len(each.own) > 1) for place, each in enumerate(result.ways)]
    )
    own = np.concatenate([each.own for each in result.ways])
    y = tenths([*own, *(each.together for each in result.ways)])
    spots = [
        Spot(float(place), each.together, TOGETHER, percent(each.together) if width > 400 else "", free=True)
        for place, each in enumerate(result.ways)
    ]
    old = [] if pinned is None else pinned.ways
    behind = [
        Stroke(np.array([x - 0.3, x + 0.3]), np.full(2, np.clip(each.together, *y)), PINNED)
        for x, each in enumerate(old)
    ]
    chosen = float([each.name for each in result.ways].index(result.way))
    lines = [Stroke(np.full(2, chosen), np.array([y[0], result.now.together]), TOGETHER, DOTTED, 1.4)]
    return Plot(
        "validation accuracy", (-0.5, 4.6), y, "dots: each member; ● together", lines=lines, behind=behind,
        spots=spots, dots=Dots(np.column_stack([x, own]), MEMBER + "90"),
    )  # fmt: skip


def _correlations(result: Cheap) -> Plot:
    several = [each for each in result.ways if each.members > 1]
    gains = [100 * each.gain for each in several]
    every = [*gains, *(100 * result.pairs[:, 1])]
    y = (-fine_reach(-min(every)) if min(every) < 0 else 0.0, fine_reach(max(*every, 1.0)))
    low = min(0.0, *(each.correlation for each in several), float(result.pairs[:, 0].min()))
    spots = [
        Spot(each.correlation, gain, run_color(place), each.label)
        for place, (each, gain) in enumerate(zip(several, gains, strict=True))
    ]
    dots = Dots(np.column_stack([result.pairs[:, 0], 100 * result.pairs[:, 1]]), SUBTLE + "a0")
    x = (float(np.floor(10 * low) / 10), 1.0)
    return Plot(
        "points gained by averaging", x, y, "dots: pairs of the 8", "correlation of two members' mistakes",
        behind=[Stroke(np.array(x), np.zeros(2), INK, "-", 0.8)], spots=spots, dots=dots,
    )  # fmt: skip


def _reliabilities(result: Cheap, pinned: Cheap | None) -> Plot:
    one, now = result.ways[0].reliability, result.now.reliability
    diagonal = np.array([0.0, 1.0])
    behind = [Stroke(diagonal, diagonal, INK, DOTTED, 1.2)]
    if pinned is not None:
        behind.append(Stroke(pinned.now.reliability.confidence, pinned.now.reliability.accuracy, PINNED, "-", 1.2))
    lines = [Stroke(one.confidence, one.accuracy, MEMBER), Stroke(now.confidence, now.accuracy, TOGETHER)]
    spots = [
        Spot(float(x), float(y), color)
        for each, color in ((one, MEMBER), (now, TOGETHER))
        for x, y in zip(each.confidence, each.accuracy, strict=True)
    ]
    spots += [
        Spot(1.0, float(one.accuracy[-1]), MEMBER, "one net", marked=False),
        Spot(1.0, float(now.accuracy[-1]), TOGETHER, result.now.label, marked=False),
    ]
    return Plot(
        "right, of those as sure", (0.0, 1.0), (0.0, 1.0), "dotted: as it says", "probability of the class chosen",
        lines=lines, behind=behind, spots=spots,
    )  # fmt: skip
