"""Masks averaged against the scaled pass, and what single masks say of an ordinary input and of an odd one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.training.mask_ensembles import COUNTS, MaskEnsemble
from trainingwheels.figures.distributions import MEMBERS as MASKS
from trainingwheels.figures.distributions import ONE as SCALED
from trainingwheels.figures.distributions import distributions
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.theme import DASHED, DOTTED, PINNED, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles, image_colors

__all__ = ["EnsemblePicture", "EnsembleView", "Looked"]

WITHOUT = SUBTLE
IMAGE = 62.0  # side of an input, CSS pixels


@dataclass(frozen=True)
class Looked:
    """One input: its pixels (8, 8), the class it is of (None if it is of none), the probabilities that each mask gives
    it (masks, classes), and those of the scaled pass (classes,)."""

    pixels: NDArray[np.float32]
    label: int | None
    masks: NDArray[np.float32]
    single: NDArray[np.float32]

    @property
    def top(self) -> int:
        """The class with the highest mean probability."""
        return int(self.masks.mean(axis=0).argmax())

    @property
    def agree(self) -> float:
        """The share of masks that choose the same."""
        return float((self.masks.argmax(axis=1) == self.top).mean())

    @property
    def spread(self) -> float:
        """The standard deviation of that class's probability over the masks."""
        return float(self.masks[:, self.top].std())


@dataclass(frozen=True)
class EnsembleView:
    """An ensemble of masks, the validation accuracy of the same net trained without dropout, and two inputs; ``odd``
    says what is odd about the second."""

    ensemble: MaskEnsemble
    without: float
    ordinary: Looked
    other: Looked
    odd: str


class EnsemblePicture(PlotsPicture):
    """Accuracy against the number of masks; beside it the masks' probabilities for both inputs, dot by dot."""

    rows = (1, 2)
    height = 575.0
    tall = 260.0
    room = (136.0, 84.0, 84.0)
    grid = "y"
    numbers = (percent, percent, percent)
    across = (plain, plain, plain)

    def arrange(self, width: float) -> float:
        height = super().arrange(width)
        self._tiles = Tiles()
        self.figure.add_artist(self._tiles)
        self.live.append(self._tiles)
        return height

    def show(self, result: EnsembleView, pinned: EnsembleView | None = None) -> None:
        super().show(result, pinned)
        side = 0.8 * IMAGE if self.width < NARROW else IMAGE
        places = [Box(p.box.right + 10, p.box.top - side - 4, side, side) for p in self._panels[1:]]
        found = (result.ordinary, result.other)
        self._tiles.set_tiles([Tile(at, image_colors(1 - each.pixels)) for at, each in zip(places, found, strict=True)])

    def plots(self, result: EnsembleView, pinned: EnsembleView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        true = f"a {result.ordinary.label}"
        old = (pinned.ordinary, pinned.other) if pinned is not None else (None, None)
        return (
            _accuracies(result, pinned),
            _dots(result.ordinary, f"ordinary: {true}", old[0]),
            _dots(result.other, f"odd: {result.odd}", old[1]),
        )


def _accuracies(result: EnsembleView, pinned: EnsembleView | None) -> Plot:
    counts = np.array(COUNTS, float)
    each = result.ensemble.accuracies
    means, low, high = (np.array([float(at(found)) for found in each]) for at in (np.mean, np.min, np.max))
    single = result.ensemble.single
    lowest = min(float(low.min()), single, result.without)
    y = (np.floor(10 * lowest) / 10, 1.0)
    ends = counts[[0, -1]]
    pale = [Stroke(counts, np.clip(edge, *y), MASKS + "66", "-", 1.0) for edge in (low, high)]
    if pinned is not None:
        old = np.array([float(found.mean()) for found in pinned.ensemble.accuracies])
        pale.append(Stroke(counts, np.clip(old, *y), PINNED, "-", 1.2))
    return Plot(
        "validation accuracy",
        (1.0, 1000.0),
        y,
        "pale: best and worst of such ensembles",
        "masks averaged",
        "x",
        lines=[
            Stroke(ends, np.full(2, result.without), WITHOUT, DOTTED, 1.4),
            Stroke(counts, means, MASKS),
            Stroke(ends, np.full(2, single), SCALED, DASHED),
        ],
        behind=pale,
        spots=[
            Spot(1000.0, float(means[-1]), MASKS, f"masks {percent(float(means[-1]))}", marked=False),
            Spot(1000.0, single, SCALED, f"scaled pass {percent(single)}", marked=False),
            Spot(1000.0, result.without, WITHOUT, "no dropout", marked=False),
        ],
    )


def _dots(looked: Looked, heading: str, pinned: Looked | None) -> Plot:
    old = None if pinned is None else pinned.masks
    return distributions(heading, looked.masks, looked.single, old, "dots: masks; bars: mean; ○ scaled pass")
