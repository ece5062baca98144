"""Decision regions of each net, small, and of their average, large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Box, label_size, percent
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.plane import Plane, RegionsPanel, framed, region_colors
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles

__all__ = ["DRAWN", "PlanePicture", "Regions"]

DRAWN = 12  # nets
MARGIN, HEAD, UNDER, GAP = 16.0, 28.0, 18.0, 10.0  # CSS pixels
_PALE = np.array([[[255, 255, 255, 170]]], np.uint8)


@dataclass(frozen=True)
class Regions:
    """Each net's response to a square of the plane, and that of the first ``count`` of them ``together``; the accuracy
    on new points of each (``own``) and of those together."""

    planes: tuple[Plane, ...]
    together: Plane
    count: int
    own: NDArray[Any]
    accuracy: float


class PlanePicture(Picture):
    """The average left, or above in a narrow picture, and twelve nets beside it."""

    def arrange(self, width: float) -> float:
        self._narrow = width < NARROW
        self._columns = 3 if self._narrow else 4
        rows = DRAWN // self._columns
        if self._narrow:
            side = width - 2 * MARGIN
            each = (side - GAP * (self._columns - 1)) / self._columns
            below = MARGIN + rows * (each + UNDER + 4)
            height = below + HEAD + side + HEAD
            self._large = Box(MARGIN, below + HEAD, side, side)
            self._corner = MARGIN, below
        else:
            each = (0.52 * width - 2 * MARGIN - GAP * (self._columns - 1)) / self._columns
            side = min(0.46 * width - MARGIN, rows * (each + UNDER + 4) - UNDER - 4)
            height = rows * (each + UNDER + 4) + HEAD + 4
            self._large = Box(MARGIN, height - HEAD - side, side, side)
            self._corner = 0.48 * width + MARGIN, height - HEAD
        self._each = each
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._plane = RegionsPanel(canvas, self._large)
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self.live = [self._tiles, *self._plane.live, *self._texts.live]
        return height

    def _place(self, net: int) -> Box:
        row, column = divmod(net, self._columns)
        x, top = self._corner
        return Box(
            x + column * (self._each + GAP), top - row * (self._each + UNDER + 4) - self._each, self._each, self._each
        )

    def show(self, result: Regions, pinned: Regions | None = None) -> None:
        self._plane.draw(result.together)
        tiles: list[Tile] = []
        for net, plane in enumerate(result.planes):
            box = self._place(net)
            used = net < result.count
            tiles += framed(box, region_colors(plane, round(box.width)))
            if not used:
                tiles.append(Tile(box, _PALE))
            words = percent(float(result.own[net]))
            self._texts.put(Label(box.x + box.width / 2, box.y - 13, words, 0.5, INK if used else PINNED))
        self._tiles.set_tiles(tiles)
        before = [] if pinned is None else [(f"pinned: {percent(pinned.accuracy)}", PINNED)]
        x, top = self._corner
        head = ("each net", INK), ("right on new points", SUBTLE)
        self._texts.heading(x, top + 9, self.width - 8, *head)
        words = f"{result.count} nets together: {percent(result.accuracy)}"
        box = self._large
        self._texts.heading(box.x, box.top + 9, box.right, (words, INK), *before)
        self._texts.flush()
