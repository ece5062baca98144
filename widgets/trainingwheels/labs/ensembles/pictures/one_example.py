"""The distributions of all members for one digit, and the digits among which it was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.figures.distributions import ONE, distributions
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.panels import Box, percent, plain
from trainingwheels.figures.plots import Plot, PlotsPicture
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles, image_colors

__all__ = ["SHOWN", "Disputed", "OneExamplePicture"]

SHOWN = 32  # digits to choose from
COLUMNS, COLUMNS_NARROW = 16, 8
GAP, LARGEST = 6.0, 54.0  # CSS pixels
_BELOW, _BELOW_NARROW = 160.0, 220.0
_FRAME = np.array([[[*bytes.fromhex(ONE[1:]), 255]]], np.uint8)


@dataclass(frozen=True)
class Disputed:
    """Digits (n, 8, 8) with their ``labels``, what each net says of each, ``p`` (nets, n, classes), and their
    ``average`` (n, classes); ``pick`` is the one that is looked at."""

    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    p: NDArray[np.float32]
    average: NDArray[Any]
    pick: int
    how: str


class OneExamplePicture(PlotsPicture):
    """Dots for all nets; below, digits to click on."""

    rows = (1,)
    height = 330.0 + _BELOW
    tall = 270.0 + _BELOW_NARROW
    grid = "y"
    numbers = (percent,)
    across = (plain,)

    def arrange(self, width: float) -> float:
        height = super().arrange(width)
        self._tiles = Tiles()
        self.figure.add_artist(self._tiles)
        self.live.insert(0, self._tiles)
        return height

    def _boxes(self, width: float, height: float) -> list[Box]:
        below = _BELOW_NARROW if width < NARROW else _BELOW
        return [box._replace(y=box.y + below) for box in super()._boxes(width, height - below)]

    @property
    def _columns(self) -> int:
        return COLUMNS_NARROW if self.width < NARROW else COLUMNS

    def _place(self, digit: int) -> Box:
        """Where a digit stands."""
        row, column = divmod(digit, self._columns)
        side = min(LARGEST, (self.width - 24) / self._columns - GAP)
        top = (_BELOW_NARROW if self.width < NARROW else _BELOW) - 26
        return Box(16 + column * (side + GAP), top - row * (side + GAP) - side, side, side)

    def point(self, x: float, y: float) -> int | None:
        for digit in range(SHOWN):
            box = self._place(digit)
            if box.x <= x <= box.right and box.y <= y <= box.top:
                return digit + 1
        return None

    def show(self, result: Disputed, pinned: Disputed | None = None) -> None:
        chosen = self._place(result.pick)
        frame = Box(chosen.x - 3, chosen.y - 3, chosen.width + 6, chosen.height + 6)
        digits = [Tile(self._place(digit), image_colors(1 - image)) for digit, image in enumerate(result.images)]
        self._tiles.set_tiles([Tile(frame, _FRAME), *digits])
        words = ("the most disputed digits", INK), ("click on one", SUBTLE)
        self._texts.heading(16, (_BELOW_NARROW if self.width < NARROW else _BELOW) - 16, self.width - 8, *words)
        super().show(result, pinned)

    def plots(self, result: Disputed, pinned: Disputed | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        old = None if pinned is None else pinned.p[:, pinned.pick]
        return [
            distributions(
                f"a {result.labels[result.pick]}",
                result.p[:, result.pick],
                result.average[result.pick],
                old,
                f"dots: each net; bars: mean; ○ {result.how}",
            )
        ]
