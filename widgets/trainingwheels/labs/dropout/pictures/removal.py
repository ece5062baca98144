"""Units taken away from two trained nets: what accuracy is left, and what the units of the first layer look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.training.removal import Removal
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import signed_colors
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Plot, Spot
from trainingwheels.figures.theme import MEANING, PINNED, SUBTLE
from trainingwheels.figures.tiled_plots import TiledPlotsPicture
from trainingwheels.figures.tiles import Tile

__all__ = ["RemovalPicture", "RemovalView", "mean_size"]

WITH, WITHOUT = MEANING["weight gradients"], MEANING["saturated"]
COLUMNS = 8


@dataclass(frozen=True)
class RemovalView:
    """The net trained without dropout and the one with it. ``gone`` are the units removed from each, ``left`` its
    accuracy without them, ``curves`` that against ``counts``, in the order chosen; ``low`` and ``high`` are the range
    over random orders, or None."""

    nets: tuple[Removal, Removal]
    gone: tuple[NDArray[np.intp], NDArray[np.intp]]
    left: tuple[float, float]
    curves: tuple[NDArray[Any], NDArray[Any]]
    low: tuple[NDArray[Any], NDArray[Any]] | None
    high: tuple[NDArray[Any], NDArray[Any]] | None
    order: str


class RemovalPicture(TiledPlotsPicture):
    """Accuracy against the number of units removed; below, the weights of every unit, crossed where it is removed."""

    rows = (1,)
    height = 280.0
    tall = 250.0
    tiled = (270.0, 470.0)
    room = (150.0,)
    grid = "y"
    numbers = (percent,)
    across = (plain,)

    def show(self, result: RemovalView, pinned: RemovalView | None = None) -> None:
        tiles: list[Tile] = []
        for place, (corner, side) in enumerate(self._blocks()):
            tiles += self._features(result, place, corner, side)
        self._tiles.set_tiles(tiles)
        super().show(result, pinned)

    def point(self, x: float, y: float) -> tuple[int, int] | None:
        """Net (0 without dropout, 1 with it) and unit, from 0, of the tile at a place."""
        place = self._tiles.at(x, y)
        return None if place is None else divmod(place, len(self._tiles.tiles) // 2)

    def _blocks(self) -> list[tuple[tuple[float, float], float]]:
        """Upper left corner and width of both nets' units."""
        top, below = self.foot(self.width), self.foot(self.width) / 2
        if self.width < NARROW:
            return [((8.0, top - 4), self.width - 16), ((8.0, below - 4), self.width - 16)]
        half = self.width / 2
        return [((16.0, top - 4), half - 40), ((half + 16, top - 4), half - 40)]

    def _features(self, result: RemovalView, place: int, corner: tuple[float, float], room: float) -> list[Tile]:
        net, gone = result.nets[place], set(result.gone[place].tolist())
        weights = net.net.weights[0].reshape(-1, 8, 8)
        largest = float(np.abs(weights).max())
        side = min(50.0, (room - 5 * COLUMNS) / COLUMNS)
        x, top = corner
        how = ("without dropout", "with dropout")[place]
        mean = f"mean |w| {mean_size(net):.3f}"
        words = (f"units trained {how}", (WITHOUT, WITH)[place]), (mean, SUBTLE)
        self._texts.heading(x, top - 14, x + room, *words)
        tiles = []
        for unit, pixels in enumerate(weights):
            row, column = divmod(unit, COLUMNS)
            colors = signed_colors(pixels[::-1], largest)
            if unit in gone:
                colors = colors.copy()
                colors[..., :3] = 255 - (255 - colors[..., :3]) // 6
            box = Box(x + column * (side + 5), top - 24 - row * (side + 5) - side, side, side)
            tiles.append(Tile(box, colors))
            if unit in gone:
                self._texts.put(Label(box.x + side / 2, box.y + side / 2 - 3.5, "×", 0.5, SUBTLE))
        return tiles

    def plots(self, result: RemovalView, pinned: RemovalView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        counts = result.nets[0].counts.astype(float)
        colors = (WITHOUT, WITH)
        lines = [Stroke(counts, curve, color) for curve, color in zip(result.curves, colors, strict=True)]
        behind = []
        for edge in (result.low, result.high):
            behind += [
                Stroke(counts, values, color + "66", "-", 1.0)
                for values, color in zip(edge or (), colors, strict=False)
            ]
        if pinned is not None:
            behind += [Stroke(pinned.nets[0].counts.astype(float), curve, PINNED, "-", 1.2) for curve in pinned.curves]
        spots = [
            Spot(len(gone), left, color) for gone, left, color in zip(result.gone, result.left, colors, strict=True)
        ]
        at = float(counts[-1])
        spots += [
            Spot(at, float(curve[0]), color, words, marked=False)
            for curve, color, words in zip(result.curves, colors, ("without dropout", "with dropout"), strict=True)
        ]
        words = f"removed {result.order}" + ("; pale: range of 20 orders" if result.low else "")
        return (
            Plot(
                "validation accuracy", (0.0, at), (0.0, 1.0), words, "units removed of 32",
                marks=(0.0, 0.2, 0.4, 0.6, 0.8, 1.0), lines=lines, behind=behind, spots=spots,
            ),
        )  # fmt: skip


def mean_size(net: Removal) -> float:
    """The mean of |w| in the first layer."""
    return float(np.abs(net.net.weights[0]).mean())
