"""Nets trained without and with transforms: their curves, and examples with what a net says before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import History
from trainingwheels.engine.shares import in_percent
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.kind_curves import draw_kind_curves
from trainingwheels.figures.kinds import kinds_of
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Box, Panel, label_size, percent, rows_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, MEANING, SUBTLE
from trainingwheels.figures.tiles import Tiles
from trainingwheels.labs.data_augmentation.pictures.cells import image_tile

__all__ = ["Bought", "BoughtPicture", "Example", "Opinions"]

Pixels = NDArray[np.uint8]
WRONG = MEANING["negative"]
_COLUMNS = 5
_TALL = 450.0  # CSS pixels, of the curves and of the examples


@dataclass(frozen=True)
class Example:
    """An example as it is and changed, (height, width, 3) each, the class of each, and what a net takes each for, and
    how surely."""

    image: Pixels
    changed: Pixels
    labels: tuple[str, str]
    before: tuple[str, float]
    after: tuple[str, float]


@dataclass(frozen=True)
class Opinions:
    """What nets say of ``asked`` examples as they are and changed (``touched`` of them are other than before): shares
    that are right, of a net trained without transforms (``before``, ``after``), and of one trained with them;
    ``averaged`` over changed copies, once trained. Where the examples are ``mixed`` with others, the heavier label is
    the right one."""

    examples: Sequence[Example]
    asked: int
    before: float
    after: float
    trained_before: float
    trained_after: float
    averaged: float | None
    mixed: bool = False
    touched: int = 1


@dataclass(frozen=True)
class Bought:
    """Runs whose ``labels`` say which transforms they train with; the transforms as they are ``said``; opinions of the
    first net of the first kind and of the last, if they could be asked."""

    histories: Sequence[History]
    labels: Sequence[str]
    said: Sequence[str]
    opinions: Opinions | None


class BoughtPicture(Picture):
    """Training accuracy (solid) and validation accuracy (dashed) against steps; right, examples before and after."""

    def arrange(self, width: float) -> float:
        narrow = self._narrow = width < NARROW
        tall, right = (270.0, 96.0) if narrow else (_TALL, 130.0)
        left = width if narrow else 0.56 * width
        gap = self._gap = 8.0
        room = (width if narrow else width - left) - 20
        self._side = min((room - gap * (_COLUMNS - 1)) / _COLUMNS, 76.0)
        self._row = 2 * self._side + 52
        examples = 2 * self._row + 30
        height = self._height = tall + examples if narrow else max(tall, examples)
        self._corner = (8.0, examples) if narrow else (left + 12, height)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        (box,) = rows_of_boxes(left, tall, [1], right)
        box = box._replace(y=box.y + height - tall)
        self._end = box.right + right - 4
        self._panel = Panel(self.figure, box, (width, height), percent)
        self.parts = {self._panel.axes: self._panel.rectangle}
        self.live = [self._tiles, *self._panel.live, *self._texts.live]
        return height

    def show(self, result: Bought, pinned: Bought | None = None) -> None:
        old = kinds_of(pinned) if pinned else []
        changed = draw_kind_curves(self._panel, self._texts, self._end, kinds_of(result), old)
        self._show_examples(result)
        self._texts.flush()
        if changed:
            self.forget(self._panel.axes)

    def _show_examples(self, result: Bought) -> None:
        x, top = self._corner
        opinions, tiles = result.opinions, []
        self._texts.heading(x, top - 14, self.width - 4, ("does the label survive?", INK))
        said = self._texts.shortened("as it is, and changed: what the net trained without says", self.width - x - 4)
        self._texts.put(Label(x, top - 28, said, color=SUBTLE))
        for place, example in enumerate(opinions.examples if opinions else []):
            row, column = divmod(place, _COLUMNS)
            left, high = x + column * (self._side + self._gap), top - 38 - row * self._row
            both = (example.image, example.before), (example.changed, example.after)
            for (image, (said, sure)), right in zip(both, example.labels, strict=True):
                box = Box(left, high - self._side, self._side, self._side)
                tiles.append(image_tile(image, box))
                color = INK if said == right else WRONG
                self._texts.put(Label(left, box.y - 12, f"{said}, {in_percent(sure)}", color=color))
                high = box.y - 18
        self._tiles.set_tiles(tiles)
