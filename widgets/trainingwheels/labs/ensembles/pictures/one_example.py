"""The distributions of all members for one digit, and the digits among which it was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.figures.distributions import ONE, distributions
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.panels import Box, percent, plain
from trainingwheels.figures.plots import Plot
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.figures.tiled_plots import TiledPlotsPicture
from trainingwheels.figures.tiles import Tile, image_colors

__all__ = ["SHOWN", "Disputed", "OneExamplePicture"]

SHOWN = 32  # digits to choose from
COLUMNS, COLUMNS_NARROW = 16, 8
GAP, LARGEST = 6.0, 54.0  # CSS pixels
_FRAME = np.array([[[*bytes.fromhex(ONE[1:]), 255]]], np.uint8)


@dataclass(frozen=True)
class Disputed:
    """Digits (n, 8, 8) with their ``labels``, what each net says of each, ``p`` (nets, n, classes), and their
    ``average`` (n, classes); ``pick`` is the one that is looked at. ``config`` is that of the first net."""

    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    p: NDArray[np.float32]
    average: NDArray[Any]
    pick: int
    how: str
    config: RunConfig


class OneExamplePicture(TiledPlotsPicture):
    """Dots for all nets; below, digits to click on."""

    rows = (1,)
    height = 330.0
    tall = 270.0
    tiled = (160.0, 220.0)
    grid = "y"
    numbers = (percent,)
    across = (plain,)

    @property
    def _columns(self) -> int:
        return COLUMNS_NARROW if self.width < NARROW else COLUMNS

    def _place(self, digit: int) -> Box:
        """Where a digit stands."""
        row, column = divmod(digit, self._columns)
        side = min(LARGEST, (self.width - 24) / self._columns - GAP)
        top = self.foot(self.width) - 26
        return Box(16 + column * (side + GAP), top - row * (side + GAP) - side, side, side)

    def point(self, x: float, y: float) -> int | None:
        return self._tiles.at(x, y) or None  # the first is the frame

    def show(self, result: Disputed, pinned: Disputed | None = None) -> None:
        chosen = self._place(result.pick)
        frame = Box(chosen.x - 3, chosen.y - 3, chosen.width + 6, chosen.height + 6)
        digits = [Tile(self._place(digit), image_colors(1 - image)) for digit, image in enumerate(result.images)]
        self._tiles.set_tiles([Tile(frame, _FRAME), *digits])
        words = ("the most disputed digits", INK), ("click on one", SUBTLE)
        self._texts.heading(16, self.foot(self.width) - 16, self.width - 8, *words)
        super().show(result, pinned)

    def plots(self, result: Disputed, pinned: Disputed | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        old = None if pinned is None else pinned.p[:, pinned.pick]
        what = "bars, ○: mean" if result.how == "mean" else f"bars: mean; ○ {result.how}"
        return [
            distributions(
                f"a {result.labels[result.pick]}",
                result.p[:, result.pick],
                result.average[result.pick],
                old,
                f"dots: each net; {what}",
            )
        ]
