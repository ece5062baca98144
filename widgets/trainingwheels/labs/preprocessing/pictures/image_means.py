"""Images before and after their mean is subtracted: the mean image (AlexNet) and the mean of each channel (VGG)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label, hundredths
from trainingwheels.figures.panels import Box, label_size
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles, image_colors

__all__ = ["MeansPicture", "MeansView"]

Floats = NDArray[Any]
ROWS = ("original", "minus the mean image (AlexNet)", "minus the mean of each channel (VGG)")


@dataclass(frozen=True)
class MeansView:
    """Images (n, channels, height, width) with values from 0 to 1, and two means of ``examples`` other images.

    ``chosen`` is the row that the words are about: 0 for the original, 1 for the mean image, 2 for the channels.
    """

    images: Floats
    names: Sequence[str]
    mean_image: Floats
    channel_mean: Floats
    examples: int
    what: str
    chosen: int = 0

    def rows(self) -> tuple[Floats, Floats, Floats]:
        """The three rows of the picture; the last two have mean near 0."""
        return self.images, self.images - self.mean_image, self.images - self.channel_mean[:, None, None]


class _Place(NamedTuple):
    height: float
    side: float
    gap: float
    columns: int


class MeansPicture(Picture):
    """Three rows: the originals, and what is left of them; before each row, what was subtracted."""

    def arrange(self, width: float) -> float:
        place = self._place = _layout(width)
        canvas = self.sheet(width, place.height)
        self._texts = Texts(canvas, label_size(width))
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self._frames = LineCollection([], colors=INK, linewidths=2)
        canvas.add_collection(self._frames, autolim=False)
        self.live: list[Artist] = [self._tiles, self._frames, *self._texts.live]
        return place.height

    def show(self, result: MeansView, pinned: MeansView | None = None) -> None:
        tiles = []
        for row, taken in ((1, result.mean_image), (2, result.channel_mean[:, None, None])):
            tiles.append(Tile(self._box(row, 0), _colors(taken)))
        for row, images in enumerate(result.rows()):
            shown = images if row == 0 else 0.5 + images / 2  # from -1 to 1
            tiles += [
                Tile(self._box(row, 1 + place), _colors(each))
                for place, each in enumerate(shown[: self._place.columns])
            ]
        self._tiles.set_tiles(tiles)
        first, last = self._box(result.chosen, 0 if result.chosen else 1), self._box(result.chosen, self._count(result))
        x, y, right, top = first.x - 3, first.y - 3, last.right + 3, last.top + 3
        self._frames.set_segments([[(x, y), (right, y), (right, top), (x, top), (x, y)]])
        self._write(result)
        self._texts.flush()

    def _count(self, result: MeansView) -> int:
        return min(len(result.images), self._place.columns)

    def _write(self, result: MeansView) -> None:
        texts = self._texts
        for row, (name, images) in enumerate(zip(ROWS, result.rows(), strict=True)):
            box = self._box(row, 1)
            size = f"mean {hundredths(images.mean())}, std {hundredths(images.std())}"
            color = INK if row == result.chosen else SUBTLE
            texts.heading(
                box.x, box.top + 8, self.width, (name, color), (size, SUBTLE), ("grey is 0" if row else "", SUBTLE)
            )
        box = self._box(0, 0)
        lines = ["subtracted", "below: means", f"of {result.examples:,}", *result.what.split(" ", 1)]
        for line, text in enumerate(lines):
            texts.put(Label(box.x, box.top - 10 - 14 * line, text, color=SUBTLE))
        shape = " × ".join(str(size) for size in (*result.mean_image.shape[1:], result.mean_image.shape[0]))
        count = len(result.channel_mean)
        for row, text in ((1, shape), (2, f"{count} number{'s' * (count > 1)}")):
            texts.put(Label(self._box(row, 0).x, self._box(row, 0).top + 8, text, color=SUBTLE))
        for column, name in enumerate(result.names[: self._count(result)], 1):
            box = self._box(2, column)
            texts.put(Label(box.x + box.width / 2, box.y - 15, texts.shortened(name, box.width), 0.5, SUBTLE))
        box = self._box(2, 0)
        texts.put(Label(box.x, box.y - 15, " ".join(map(hundredths, result.channel_mean)), color=SUBTLE))

    def _box(self, row: int, column: int) -> Box:
        place = self._place
        x = 5 + column * (place.side + place.gap) + (10 if column else 0)
        return Box(x, place.height - (row + 1) * (place.side + 30) + 4, place.side, place.side)


def _colors(image: Floats) -> NDArray[np.uint8]:
    """(channels, height, width) as colours."""
    return image_colors(image[0] if len(image) == 1 else np.moveaxis(image, 0, -1))


def _layout(width: float) -> _Place:
    count, gap = (6, 8.0) if width >= NARROW else (3, 6.0)
    side = min((width - 24 - count * gap) / (count + 1), 146.0)
    return _Place(3 * (side + 30) + 22, side, gap, count)
