"""Images in cells, each with a name above it and words below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Box
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.figures.tiles import Tile

__all__ = ["LINE", "TALLEST", "Cell", "image_tile", "wrapped", "write_cell"]

Pixels = NDArray[np.uint8]
LINE = 14.0  # between the baselines of a cell's words, CSS pixels
TALLEST = 516.0  # CSS pixels that a page of 1400 x 900 has for a wide picture below the presets and the tabs


@dataclass(frozen=True)
class Cell:
    """An image, uint8 of shape (height, width, 3) and its highest row first, with a ``name`` and lines of ``words``."""

    image: Pixels
    name: str = ""
    words: Sequence[str] = ()
    color: str = SUBTLE


def image_tile(image: Pixels, box: Box, fine: float = 2.0) -> Tile:
    """The image in a box. One that has more than ``fine`` pixels for each of the box's is averaged down to that, so
    that nothing jags; one that has fewer keeps its pixels to be seen."""
    wide, high = round(fine * box.width), round(fine * box.height)
    if image.shape[0] > high > 0 and image.shape[1] > wide > 0:
        image = np.asarray(Image.fromarray(image).resize((wide, high), Image.Resampling.BILINEAR))
    colors = np.full((*image.shape[:2], 4), 255, np.uint8)
    colors[..., :3] = image[::-1]
    return Tile(box, colors)


def wrapped(texts: Texts, words: Sequence[str], room: float) -> list[str]:
    """The words one after the other, in lines no wider than ``room`` where a word allows it."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]}, {word}" if lines else word
        if lines and texts.width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def write_cell(texts: Texts, cell: Cell, box: Box, room: float, lines: int) -> None:
    """The name above the box, and under it as many of the words as ``lines``, none wider than ``room``."""
    if cell.name:
        texts.put(Label(box.x, box.top + 4, texts.shortened(cell.name, room), color=cell.color))
    for line, words in enumerate(cell.words[:lines]):
        more = " …" if line == lines - 1 and len(cell.words) > lines else ""
        text = texts.shortened(words + more, room)
        texts.put(Label(box.x, box.y - 12 - LINE * line, text, color=SUBTLE if line else INK))
