"""A field to draw in, what the net is given of it, how sure both heads are, and the images of each class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.drawings import GRID
from trainingwheels.engine.evaluation.few_shot import FewShot
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Panel, Stroke, label_size, percent
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles, image_colors

__all__ = ["CLASSES", "OwnPicture", "OwnView"]

CLASSES = "AXLTO"  # the first three are those of the letters that are there at first
PAPER = 0.94
PIXELS, FEATURES = run_color(0), run_color(3)
_FIELD, _SMALL, _ROW = 280.0, 104.0, 34.0  # sides of the field, of what the net is given and of a row's images, CSS px


@dataclass(frozen=True)
class OwnView:
    """Images X (n, 64) and their classes y, what is drawn, as ``cells`` and as the net is given it, the heads, and the
    probabilities (classes,) that each gives what is drawn."""

    X: NDArray[Any]
    y: NDArray[np.int64]
    cells: NDArray[np.bool_]
    digit: NDArray[Any]
    found: FewShot
    on_pixels: NDArray[Any]
    on_features: NDArray[Any]


class OwnPicture(Picture):
    """The field left, the probabilities right of it, the images below."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        rows = len(CLASSES) * (_ROW + 6) + 30
        height = rows + _FIELD + 40 + (230 if narrow else 0)
        self._top = height - 26
        self._field = Box(8, self._top - _FIELD, _FIELD, _FIELD)
        self.held = (8 / width, (height - self._top) / height, _FIELD / width, _FIELD / height)
        self._small = Box(8 + _FIELD + 14, self._top - _SMALL, min(_SMALL, width - _FIELD - 30), _SMALL)
        self._small = self._small._replace(height=self._small.width, y=self._top - self._small.width)
        left = 58.0 if narrow else self._small.right + 70
        bottom, tall = rows + 44.0, 150.0 if narrow else _FIELD - 64
        bars = Box(left, bottom if narrow else self._top - 18 - tall, width - left - 70, tall)
        canvas = self.sheet(width, height)
        self._tiles, self._texts = Tiles(), Texts(canvas, label_size(width))
        self.figure.add_artist(self._tiles)
        self._rows = rows - 24
        self._bars = Panel(self.figure, bars, (width, height), _class_name, percent)
        self.parts = {self._bars.axes: self._bars.rectangle}
        self.live = [self._tiles, *self._bars.live, *self._texts.live]
        return height

    def point(self, x: float, y: float) -> Any:
        """The place in the field, in cells, x to the right and y down."""
        field = self._field
        if not field.holds(x, y):
            return None
        return (x - field.x) / field.width * GRID, (field.top - y) / field.height * GRID

    def show(self, result: OwnView, pinned: OwnView | None = None) -> None:
        tiles = [
            Tile(self._field, image_colors(PAPER - 0.85 * result.cells)),
            Tile(self._small, image_colors(PAPER * (1 - result.digit.reshape(8, 8)))),
        ]
        self._head(self._field.x, self._small.x - 8, ("draw here", INK), ("with mouse or finger", SUBTLE))
        self._head(self._small.x, self._small.right + 12, ("8 × 8", INK))
        tiles += self._images(result)
        self._tiles.set_tiles(tiles)
        changed = self._show_bars(result, pinned)
        self._texts.flush()
        if changed:
            self.forget(self._bars.axes)

    def _images(self, result: OwnView) -> list[Tile]:
        tiles, side = [], min(_ROW, (self.width - 40) / 12 - 4)
        self._texts.heading(8, self._rows + 8, self.width - 8, ("images of each class", INK))
        for label, name in enumerate(CLASSES):
            y = self._rows - (label + 1) * (_ROW + 6) + 6
            self._texts.put(Label(10, y + side / 2 - 4, name))
            mine = result.X[result.y == label]
            tiles += [
                Tile(Box(30 + at * (side + 4), y, side, side), image_colors(PAPER * (1 - image.reshape(8, 8))))
                for at, image in enumerate(mine)
            ]
        return tiles

    def _show_bars(self, result: OwnView, pinned: OwnView | None) -> bool:
        panel, classes = self._bars, len(result.on_pixels)
        marks = [-float(label) for label in range(classes)][::-1]
        changed = panel.limit((0.0, 1.06), (0.6 - classes, 0.6), "", marks) | panel.name("probability of each class")
        panel.draw(_bars(result.on_features, 0.17, FEATURES) + _bars(result.on_pixels, -0.17, PIXELS))
        old = [] if pinned is None else _bars(pinned.on_features, 0.17, PINNED) + _bars(pinned.on_pixels, -0.17, PINNED)
        panel.draw([bar._replace(width=12.0) for bar in old if -bar.y[0] < classes - 0.5], panel.behind)
        ends = [
            Label(panel.box.right + 8, panel.pixels(1.06, offset - label)[1] - 4, percent(float(p[label])), color=color)
            for p, offset, color in ((result.on_features, 0.17, FEATURES), (result.on_pixels, -0.17, PIXELS))
            for label in range(classes)
        ]
        self._texts.put(*ends)
        seconds = f"head retrained in {1000 * result.found.features.seconds:.0f} ms"
        words = (("on features", FEATURES), ("on pixels", PIXELS), (seconds, SUBTLE))
        self._texts.over(panel, panel.box.right + 66, *words)
        return changed

    def _head(self, x: float, room: float, *parts: tuple[str, str]) -> None:
        self._texts.heading(x, self._top + 9, room, *parts)


def _bars(p: NDArray[Any], offset: float, color: str) -> list[Stroke]:
    return [Stroke(np.array([0, value]), np.full(2, offset - label), color, "-", 8.0) for label, value in enumerate(p)]


def _class_name(place: float) -> str:
    return CLASSES[round(-place)] if 0 <= round(-place) < len(CLASSES) else ""
