"""A small net as it is: each unit a map of its response, each weight a line between two, as wide as it is large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from trainingwheels.figures.labels import Label, short
from trainingwheels.figures.palettes import layer_color
from trainingwheels.figures.panels import HEADING, Box
from trainingwheels.figures.plane import Plane, class_colors, framed, plane_points, unit_colors
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, MEANING, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles

__all__ = ["Diagram"]

WIDEST = 5.0  # of a line, points: the largest weight of the net
_FOOT, _GAP, _LARGEST = (
    17.0,
    5.0,
    44.0,
)  # CSS pixels: room for the names of the layers, between units, and a unit's side


class Diagram:
    """Layers from left to right in ``box``, on axes of CSS pixels: the inputs, the hidden units, the classes."""

    def __init__(self, canvas: Axes, box: Box, texts: Texts) -> None:
        self._box, self._texts = box, texts
        self._lines = LineCollection([], clip_on=False, capstyle="butt")
        canvas.add_collection(self._lines, autolim=False)
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self.live = [self._lines, self._tiles]

    def show(self, plane: Plane | None) -> None:
        """Move the artists to this moment and write the labels; show nothing if the net is not small enough."""
        if plane is None or not plane.drawn_whole:
            self._lines.set_segments([])
            self._tiles.set_tiles(())
            return
        widths = [plane.weights[0].shape[1], *(len(W) for W in plane.weights)]
        places, size = self._places(widths)
        self._draw_weights(plane.weights, places)
        half = size / 2
        boxes = [[Box(x - half, y - half, size, size) for x, y in column] for column in places]
        self._tiles.set_tiles([tile for pair in zip(boxes, _maps(plane, size), strict=True) for tile in _tiles(*pair)])
        self._write_names(places, max(float(np.abs(W).max()) for W in plane.weights))

    def _places(self, widths: Sequence[int]) -> tuple[list[NDArray[np.float64]], float]:
        """The middle of each unit, (units, 2) for each layer, and the side of its map."""
        box, high = self._box, self._box.height - _FOOT
        size = min(high / max(widths) - _GAP, 0.62 * box.width / len(widths), _LARGEST)
        x = np.linspace(box.x + size / 2 + 1, box.right - size / 2 - 1, len(widths))
        step = min(high / max(widths), 1.5 * size)
        return [
            np.column_stack(
                [np.full(units, x[layer]), box.y + _FOOT + high / 2 - step * (np.arange(units) - (units - 1) / 2)]
            )
            for layer, units in enumerate(widths)
        ], size

    def _draw_weights(self, weights: Sequence[NDArray[np.floating]], places: Sequence[NDArray[np.float64]]) -> None:
        """A line for each weight, those of small ones below."""
        segments = [
            np.stack(np.broadcast_arrays(before[None], after[:, None]), axis=2).reshape(-1, 2, 2)
            for before, after in pairwise(places)
        ]
        values = np.concatenate([W.ravel() for W in weights])
        order = np.argsort(np.abs(values))
        self._lines.set_segments([*np.concatenate(segments)[order]])
        largest = float(np.abs(values).max()) or 1.0
        self._lines.set_linewidth(WIDEST * np.abs(values[order]) / largest)
        self._lines.set_color(np.where(values[order] > 0, MEANING["positive"], MEANING["negative"]).tolist())

    def _write_names(self, places: Sequence[NDArray[np.float64]], largest: float) -> None:
        box, layers = self._box, len(places) - 1
        names = ["x", *(str(layer + 1) for layer in range(layers - 1)), "out"]
        colors = [INK, *(layer_color(layer, layers) for layer in range(layers))]
        for column, name, color in zip(places, names, colors, strict=True):
            self._texts.put(Label(float(column[0, 0]), box.y + 4, name, 0.5, color))
        parts = [("weights", INK), ("positive", MEANING["positive"]), ("negative", MEANING["negative"])]
        self._texts.heading(box.x, box.top + HEADING, box.right, *parts, (f"widest: {short(largest)}", SUBTLE))


def _maps(plane: Plane, size: float) -> Iterator[list[NDArray[np.uint8]]]:
    """The maps of the inputs, of each hidden layer's units, and of the classes' probabilities."""
    yield unit_colors(plane_points(plane.extent, plane.resolution), plane.resolution, size)
    for units in plane.hidden:
        yield unit_colors(units, plane.resolution, size)
    yield class_colors(plane, size)


def _tiles(boxes: Sequence[Box], maps: Sequence[NDArray[np.uint8]]) -> Iterator[Tile]:
    for box, colors in zip(boxes, maps, strict=True):
        yield from framed(box, colors)
