"""A grid of batches by sub-policies, or by partners, the original first: the lecture's table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trainingwheels.engine.augmentation.policies import SubPolicy
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Box, label_size
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.figures.tiles import Tiles
from trainingwheels.labs.data_augmentation.pictures.cells import LINE, TALLEST, Cell, image_tile, write_cell

__all__ = ["BATCHES", "COLUMNS", "Automatic", "AutomaticPicture"]

BATCHES, COLUMNS = 3, 5


@dataclass(frozen=True)
class Automatic:
    """An original; ``cells``, batch after batch, a cell for each column; the ``heads`` of the columns, a few lines
    each; their sub-policies, if there are any, of which the first is number ``first`` + 1; sentences ``about`` it; and
    what each of the ``batches`` has drawn, where all of a batch share it."""

    original: Cell
    cells: Sequence[Cell]
    heads: Sequence[Sequence[str]]
    subs: Sequence[SubPolicy]
    first: int
    about: Sequence[str]
    batches: Sequence[str] = ()


class AutomaticPicture(Picture):
    """Three rows of six; in a narrow picture, where six find no room side by side, six rows of three."""

    def arrange(self, width: float) -> float:
        self._narrow = width < NARROW
        columns, rows, gap = (BATCHES, COLUMNS + 1, 8.0) if self._narrow else (COLUMNS + 1, BATCHES, 12.0)
        self._gap = gap
        self._column = (width - 16 - gap * (columns - 1)) / columns
        self._head = LINE + 8 if self._narrow else 3 * LINE + 6  # over each row, or once over all columns
        words = 2 * LINE + (10 if self._narrow else 6)
        self._side = self._column if self._narrow else min(self._column, (TALLEST - self._head) / rows - words)
        self._tall = self._side + words + (self._head if self._narrow else 0)
        height = self._height = rows * self._tall + (0 if self._narrow else self._head)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self.live = [self._tiles, *self._texts.live]
        return height

    def show(self, result: Automatic, pinned: Automatic | None = None) -> None:
        tiles, room = [], self._column + self._gap - 4
        for batch in range(BATCHES):
            for column in range(COLUMNS + 1):
                cell = result.original if column == 0 else result.cells[COLUMNS * batch + column - 1]
                box = self._box(batch, column)
                tiles.append(image_tile(cell.image, box, 1.5))
                words = (f"batch {batch + 1}", *result.batches[batch : batch + 1]) if column == 0 else cell.words
                write_cell(self._texts, Cell(cell.image, "", words), box, room, 2)
        for column, lines in enumerate([(result.original.name,), *result.heads]):
            self._write_head(self._box(0, column), lines, room)
        self._tiles.set_tiles(tiles)
        self._texts.flush()

    def _box(self, batch: int, column: int) -> Box:
        row, place = (column, batch) if self._narrow else (batch, column)
        top = self._height - self._head - row * self._tall
        return Box(8 + place * (self._column + self._gap), top - self._side, self._side, self._side)

    def _write_head(self, box: Box, lines: Sequence[str], room: float) -> None:
        """Over a column, one line a name; over a row of a narrow picture, all in one."""
        if self._narrow:
            text = f"{lines[0]}: {'; '.join(lines[1:])}" if lines[1:] else lines[0]
            self._texts.put(Label(box.x, box.top + 5, self._texts.shortened(text, self.width - 16), color=INK))
            return
        for line, text in enumerate(lines):
            y = box.top + 6 + LINE * (len(lines) - 1 - line)
            self._texts.put(Label(box.x, y, self._texts.shortened(text, room), color=INK if line else SUBTLE))
