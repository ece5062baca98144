"""What a net makes of the plane: its decision regions, and what each of its hidden units has learned to see."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import CLASS_MARKERS, CLASSES, layer_color, signed_colors
from trainingwheels.figures.panels import HEADING, Box
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, MEANING, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles, enlarged, nearest

__all__ = [
    "Plane",
    "PlanePanel",
    "RegionsPanel",
    "class_colors",
    "framed",
    "plane_points",
    "region_colors",
    "square_around",
    "unit_colors",
]

Floats = NDArray[np.floating[Any]]
MOST_UNITS, MOST_LAYERS = 8, 6  # thumbnails in a row, and rows
MOST_DRAWN = 4  # hidden layers of a net that is drawn with its weights: for more of them there is no room
MARGIN = 0.08  # around the points, as a share of the longer side they take
_STRENGTH = 0.5  # of a class's colour in its region; the points on it have all of it
_BORDER, _NOTHING = (70, 80, 90), (226, 230, 235)
_FRAME = np.array([[[203, 210, 217, 255]]], np.uint8)
_BEFORE, _AFTER, _GAP, _LARGEST = 22.0, 30.0, 4.0, 46.0  # CSS pixels


@dataclass(frozen=True)
class Plane:
    """A net's response to a square of the plane, at one moment.

    ``extent`` is left, right, bottom, top. ``probabilities`` (points, classes) and ``hidden``, (points, units) for each
    hidden layer, are those at ``plane_points(extent, resolution)``. The training and validation points, (n, 2), are in
    the same coordinates; their labels are (n,). ``weights`` are W1, W2, ..., each (outputs, inputs), where known.
    """

    extent: tuple[float, float, float, float]
    probabilities: Floats
    hidden: Sequence[Floats]
    X_train: Floats
    y_train: NDArray[np.integer[Any]]
    X_val: Floats
    y_val: NDArray[np.integer[Any]]
    weights: Sequence[Floats] = ()

    @property
    def resolution(self) -> int:
        """Points along each side."""
        return math.isqrt(len(self.probabilities))

    @property
    def predicts(self) -> bool:
        """Whether there are probabilities, and all are numbers; not so after a run has diverged or failed."""
        return bool(self.probabilities.size) and bool(np.isfinite(self.probabilities).all())

    @property
    def drawn_whole(self) -> bool:
        """Whether the net is small enough to be drawn with all its weights: at most MOST_DRAWN hidden layers of at most
        MOST_UNITS units, each unit with one weight per input (maxout's have two)."""
        widths = [len(W) for W in self.weights]
        small = 0 < len(widths) <= MOST_DRAWN + 1 and max(widths) <= MOST_UNITS
        return small and self.predicts and widths[:-1] == [units.shape[1] for units in self.hidden]


def square_around(X: Floats) -> tuple[float, float, float, float]:
    """The extent (left, right, bottom, top) of a square around points (n, 2), with a ``MARGIN``."""
    low, high = X.min(axis=0), X.max(axis=0)
    half = float((high - low).max()) * (0.5 + MARGIN)
    x, y = ((low + high) / 2).tolist()
    return x - half, x + half, y - half, y + half


def plane_points(extent: tuple[float, float, float, float], resolution: int = 64) -> NDArray[np.float32]:
    """Centres of ``resolution`` x ``resolution`` squares, (points, 2), row after row from below."""
    left, right, bottom, top = extent
    shares = (np.arange(resolution) + 0.5) / resolution
    x, y = np.meshgrid(left + (right - left) * shares, bottom + (top - bottom) * shares)
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)


class RegionsPanel:
    """Decision regions in the square ``regions``, with the points that were learned, on axes of CSS pixels."""

    def __init__(self, canvas: Axes, regions: Box) -> None:
        self._regions = regions
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self._val = [_points(canvas, index, 5.0, 0.4) for index in range(len(CLASSES))]
        self._train = [_points(canvas, index, 20.0, 0.7) for index in range(len(CLASSES))]
        self.live: list[Artist] = [self._tiles, *self._val, *self._train]

    def draw(self, plane: Plane | None, *beside: Tile) -> None:
        """Move the artists to this moment, with other tiles ``beside``; without a plane, show nothing."""
        if plane is None:
            self._tiles.set_tiles(())
            for points in (*self._train, *self._val):
                points.set_visible(False)
            return
        for all_points, X, y in ((self._val, plane.X_val, plane.y_val), (self._train, plane.X_train, plane.y_train)):
            for place, points in enumerate(all_points):
                points.set_offsets(self._placed(X[y % len(all_points) == place], plane.extent))
                points.set_visible(True)
        self._tiles.set_tiles([Tile(self._regions, region_colors(plane, round(self._regions.width))), *beside])

    def _placed(self, X: Floats, extent: tuple[float, float, float, float]) -> Floats:
        """Points of the plane in CSS pixels; those outside the regions are left out."""
        left, right, bottom, top = extent
        shares = (X - (left, bottom)) / (right - left, top - bottom)
        inside = ((shares >= 0) & (shares <= 1)).all(axis=1)
        placed: Floats = shares[inside] * self._regions[2:] + self._regions[:2]
        return placed


class PlanePanel(RegionsPanel):
    """Decision regions in the square ``regions`` and the maps of the units in ``units``, with their headings."""

    def __init__(self, canvas: Axes, regions: Box, units: Box, texts: Texts) -> None:
        super().__init__(canvas, regions)
        self._units, self._texts = units, texts

    def show(self, plane: Plane | None, *whose: tuple[str, str]) -> None:
        """Move the artists to this moment and write the labels, and ``whose`` it is; without a plane, show nothing."""
        self.draw(plane, *([] if plane is None or plane.drawn_whole else self._thumbnails(plane)))
        if plane is None:
            return
        box = self._regions
        words = "large: train, small: validation" if plane.predicts else "none: outputs are not finite"
        self._texts.heading(
            box.x, box.top + HEADING, box.right, ("decision regions", INK), *whose[:1], (words, SUBTLE), *whose[1:]
        )

    def _thumbnails(self, plane: Plane) -> list[Tile]:
        box, layers = self._units, len(plane.hidden)
        parts = [("hidden units", INK), ("positive", MEANING["positive"]), ("negative", MEANING["negative"])]
        if not layers:
            parts = [("no hidden units", INK), ("a linear classifier", SUBTLE)]
        self._texts.heading(box.x, box.top + HEADING, box.right, *parts)
        rows = np.unique(np.linspace(0, layers - 1, min(layers, MOST_LAYERS)).round().astype(int)).tolist()
        size = min((box.width - _BEFORE - _AFTER) / MOST_UNITS, box.height / max(len(rows), 1), _LARGEST)
        tiles: list[Tile] = []
        for row, layer in enumerate(rows):
            y = box.top - (row + 1) * size
            units = plane.hidden[layer]
            self._texts.put(Label(box.x, y + size / 2 - 4, str(layer + 1), color=layer_color(layer, layers + 1)))
            tiles += self._row(units, plane.resolution, box.x + _BEFORE, y, size)
            if units.shape[1] > MOST_UNITS:
                more = f"+{units.shape[1] - MOST_UNITS}"
                self._texts.put(Label(box.x + _BEFORE + MOST_UNITS * size + 3, y + size / 2 - 4, more, color=SUBTLE))
        return tiles

    def _row(self, units: Floats, resolution: int, x: float, y: float, size: float) -> Iterator[Tile]:
        """The maps of a layer's first units, on one scale of colours, each in a thin frame."""
        for unit, colors in enumerate(unit_colors(units[:, :MOST_UNITS], resolution, size - _GAP)):
            yield from framed(Box(x + unit * size, y + _GAP, size - _GAP, size - _GAP), colors)


def unit_colors(units: Floats, resolution: int, size: float) -> list[NDArray[np.uint8]]:
    """Maps of a layer's ``units``, (points, units), on one scale of colours, fine enough for ``size`` CSS pixels."""
    kept = nearest(resolution, min(resolution, 2 * round(size)))
    maps = np.nan_to_num(units.reshape(resolution, resolution, -1)[kept][:, kept])
    strongest = np.abs(maps).max(axis=(0, 1))
    colors = signed_colors(maps, float(strongest[strongest > 0].mean()) if strongest.any() else 0.0)
    return list(np.moveaxis(colors, 2, 0))


def framed(box: Box, colors: NDArray[np.uint8]) -> tuple[Tile, Tile]:
    """A map in a thin frame."""
    return Tile(Box(box.x - 1, box.y - 1, box.width + 2, box.height + 2), _FRAME), Tile(box, colors)


def region_colors(plane: Plane, pixels: int) -> NDArray[np.uint8]:
    """Each class in its colour, mixed by probability, with a dark line where the most probable class changes.

    ndarray of shape (pixels, pixels, 4), the lowest row first; plain grey where there are no probabilities.
    """
    colors = np.full((pixels, pixels, 4), 255, np.uint8)
    if not plane.predicts:
        colors[..., :3] = _NOTHING
        return colors
    side, classes = plane.resolution, plane.probabilities.shape[1]
    fine = enlarged(plane.probabilities.reshape(side, side, classes).astype(np.float32), pixels)
    tints = np.array([_tint(index) for index in range(classes)], np.float32)
    winner = fine.argmax(axis=2)
    colors[..., :3] = fine @ tints
    border = np.zeros((pixels, pixels), bool)
    border[1:] |= winner[1:] != winner[:-1]
    border[:, 1:] |= winner[:, 1:] != winner[:, :-1]
    colors[border, :3] = _BORDER
    return colors


def class_colors(plane: Plane, size: float) -> list[NDArray[np.uint8]]:
    """For each class a map of its probability, from white to its colour, fine enough for ``size`` CSS pixels."""
    classes = plane.probabilities.shape[1]
    kept = nearest(plane.resolution, min(plane.resolution, 2 * round(size)))
    maps = plane.probabilities.reshape(plane.resolution, plane.resolution, classes)[kept][:, kept]
    colors = np.full((classes, *maps.shape[:2], 4), 255, np.uint8)
    for index in range(classes):
        ends = 255 * (1 - np.array(to_rgb(CLASSES[index % len(CLASSES)])))
        colors[index, ..., :3] = 255 - maps[..., index, None] * ends
    return list(colors)


def _tint(index: int) -> Floats:
    """The pale colour of a class's region, 0 to 255."""
    color = np.array(to_rgb(CLASSES[index % len(CLASSES)]))
    return 255 * (1 - _STRENGTH * (1 - color))


def _points(canvas: Axes, index: int, area: float, edge: float) -> PathCollection:
    marker = MarkerStyle(CLASS_MARKERS[index])
    path = marker.get_path().transformed(marker.get_transform())
    style = {"facecolor": CLASSES[index], "edgecolor": INK, "linewidths": edge, "clip_on": False}
    points = PathCollection([path], (area,), offset_transform=canvas.transData, **style)
    points.set_transform(IdentityTransform())
    canvas.add_collection(points, autolim=False)
    return points
