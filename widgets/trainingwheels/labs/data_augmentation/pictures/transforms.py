"""A picture and samples of what a pipeline makes of it, side by side, each with what it drew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.panels import Box, label_size
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK
from trainingwheels.figures.tiles import Tiles
from trainingwheels.labs.data_augmentation.pictures.cells import LINE, TALLEST, Cell, image_tile, wrapped, write_cell

__all__ = ["SAMPLES", "Transformed", "TransformsPicture"]

SAMPLES = 16
_LINES = 3  # of words under a sample


@dataclass(frozen=True)
class Transformed:
    """An original, its samples, and their mean; the ``steps`` of the pipeline, the same as they are ``said``, and how
    many samples came out the ``same`` as the original."""

    original: Cell
    samples: Sequence[Cell]
    mean: Cell
    steps: Sequence[tuple[str, float]]
    said: Sequence[str]
    same: int


class TransformsPicture(Picture):
    """The original first, then the samples, and their mean last; six in a row, or three in a narrow picture."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        self._columns, self._gap = (3, 8.0) if narrow else (6, 12.0)
        self._rows = (SAMPLES + 2) // self._columns
        column = self._column = (width - 16 - self._gap * (self._columns - 1)) / self._columns
        words = 18 + LINE * _LINES + (8 if narrow else 2)
        side = self._side = column if narrow else min(column, (TALLEST - 4) / self._rows - words)
        self._tall = side + words
        height = self._height = self._rows * self._tall + 4
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self.live = [self._tiles, *self._texts.live]
        return height

    def show(self, result: Transformed, pinned: Transformed | None = None) -> None:
        tiles, room = [], self._column + self._gap - 5
        cells = [result.original, *result.samples, result.mean]
        for place, cell in enumerate(cells):
            row, column = divmod(place, self._columns)
            top = self._height - 18 - row * self._tall
            box = Box(8 + column * (self._column + self._gap), top - self._side, self._side, self._side)
            tiles.append(image_tile(cell.image, box, 1.5))
            lines = wrapped(self._texts, cell.words, room)
            shown = Cell(cell.image, cell.name, lines, INK if place in (0, len(cells) - 1) else cell.color)
            write_cell(self._texts, shown, box, room, _LINES)
        self._tiles.set_tiles(tiles)
        self._texts.flush()
