"""A few examples and what a net takes them for: images, or signals as curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from trainingwheels.engine.shares import in_percent
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import HEADING, Box
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, MEANING, PANEL, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles, image_colors

__all__ = ["Samples", "SamplesPanel"]

Floats = NDArray[np.floating[Any]]
_TEXT = 30.0  # two lines under an image, CSS pixels
_GAP = 8.0
COLUMNS, ROWS = 4, 4


@dataclass(frozen=True)
class Samples:
    """Examples with the true class, the predicted one and its probability, each (examples,).

    ``pixels`` are images, (examples, height, width) or (examples, height, width, 3) with values from 0 to 1 and the
    highest row first, or signals, (examples, length). ``names`` are those of the classes; empty writes their numbers.
    """

    pixels: Floats
    labels: NDArray[np.integer[Any]]
    predicted: NDArray[np.integer[Any]]
    probability: Floats
    names: Sequence[str] = ()

    def name(self, label: int) -> str:
        """What to call a class."""
        return self.names[label] if label < len(self.names) else str(label)


class SamplesPanel:
    """Up to 16 examples in a box, on axes of CSS pixels. A wrong prediction has a frame, a cross and the truth."""

    def __init__(self, canvas: Axes, texts: Texts) -> None:
        self._texts = texts
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self._curves, self._frames, self._crosses = (
            LineCollection([], clip_on=False, colors=color, linewidths=width)
            for color, width in ((INK, 1.2), (MEANING["negative"], 2.4), (MEANING["negative"], 2.4))
        )
        for artist in (self._curves, self._frames, self._crosses):
            canvas.add_collection(artist, autolim=False)
        self.live: list[Artist] = [self._tiles, self._curves, self._frames, self._crosses]

    def show(self, samples: Samples | None, box: Box, *whose: tuple[str, str]) -> None:
        """Show these examples in ``box``, as many as fit, and ``whose`` they are; without any, nothing."""
        if samples is None:
            self._tiles.set_tiles(())
            for artist in (self._curves, self._frames, self._crosses):
                artist.set_segments([])
            return
        boxes = _boxes(box)[: len(samples.labels)]
        wrong = [
            each for each, *found in zip(boxes, samples.labels, samples.predicted, strict=False) if found[0] != found[1]
        ]
        images = samples.pixels.ndim > 2
        plain = [Tile(each, _PLAIN) for each in boxes]
        colors = [image_colors(pixels) for pixels in samples.pixels[: len(boxes)]] if images else []
        tiles = [Tile(*pair) for pair in zip(boxes, colors, strict=True)] if images else plain
        self._tiles.set_tiles([*tiles, *(Tile(Box(each.right - 17, each.top - 17, 17, 17), _WHITE) for each in wrong)])
        self._curves.set_segments([] if images else list(_curves(boxes, samples.pixels)))
        self._frames.set_segments([_outline(each) for each in wrong])
        self._crosses.set_segments([stroke for each in wrong for stroke in _cross(each)])
        right = len(boxes) - len(wrong)
        words = (("validation examples", INK), *whose[:1], (f"{right} of {len(boxes)} right", SUBTLE), *whose[1:])
        self._texts.heading(box.x, box.top + HEADING, box.right, *words)
        for place, each in enumerate(boxes):
            self._texts.put(*self._words(samples, place, each))

    def _words(self, samples: Samples, place: int, box: Box) -> Iterator[Label]:
        label, predicted = int(samples.labels[place]), int(samples.predicted[place])
        right = label == predicted
        name = self._texts.shortened(samples.name(predicted), box.width)
        share = in_percent(samples.probability[place])
        y = box.y - 13
        yield Label(box.x, y, name, color=INK if right else MEANING["negative"])
        if self._texts.width(name) + self._texts.width(share) + 4 < box.width:
            yield Label(box.right, y, share, 1.0, SUBTLE)
        if not right:
            truth = self._texts.shortened(f"is {samples.name(label)}", box.width)
            yield Label(box.x, y - 12, truth, color=INK)


def _boxes(box: Box) -> list[Box]:
    """Where the images stand, row after row from the top."""
    size = (box.width + _GAP) / COLUMNS - _GAP
    rows = min(max(int(box.height // (size + _TEXT)), 1), ROWS)
    size = min(size, box.height / rows - _TEXT)
    step = (box.width - size) / (COLUMNS - 1)
    return [
        Box(box.x + column * step, box.top - size - row * box.height / rows, size, size)
        for row in range(rows)
        for column in range(COLUMNS)
    ]


_WHITE = np.full((1, 1, 4), 255, np.uint8)
_PLAIN = np.array([[[*bytes.fromhex(PANEL[1:]), 255]]], np.uint8)


def _curves(boxes: Sequence[Box], signals: Floats) -> Iterator[NDArray[np.float64]]:
    """Each signal as a line in its box; all on one scale."""
    low, high = float(signals.min()), float(signals.max())
    for box, signal in zip(boxes, signals, strict=False):
        x = np.linspace(box.x + 3, box.right - 3, len(signal))
        yield np.column_stack([x, box.y + 3 + (box.height - 6) * (signal - low) / max(high - low, 1e-12)])


def _outline(box: Box) -> list[tuple[float, float]]:
    return [(box.x, box.y), (box.right, box.y), (box.right, box.top), (box.x, box.top), (box.x, box.y)]


def _cross(box: Box) -> Iterator[list[tuple[float, float]]]:
    """In the upper right corner."""
    arm, x, y = 4.0, box.right - 9, box.top - 9
    yield [(x - arm, y - arm), (x + arm, y + arm)]
    yield [(x - arm, y + arm), (x + arm, y - arm)]
