"""Plots, and tiles below them."""

from __future__ import annotations

from typing import ClassVar

from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.plots import PlotsPicture
from trainingwheels.figures.tiles import Tiles

__all__ = ["TiledPlotsPicture"]


class TiledPlotsPicture(PlotsPicture):
    """A subclass sets the tiles. ``tiled`` is the height that they take, in a wide and in a narrow picture."""

    tiled: ClassVar[tuple[float, float]]

    def arrange(self, width: float) -> float:
        height = super().arrange(width)
        self._tiles = Tiles()
        self.figure.add_artist(self._tiles)
        self.live.insert(0, self._tiles)
        return height

    def foot(self, width: float) -> float:
        return self.tiled[width < NARROW]
