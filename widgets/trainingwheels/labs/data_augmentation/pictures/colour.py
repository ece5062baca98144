"""The colours of a set of images as points in the colour cube, their principal directions, and samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from trainingwheels.engine.augmentation import IMAGENET, ColourComponents
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, label_size, percent
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE
from trainingwheels.figures.tiles import Tiles
from trainingwheels.labs.data_augmentation.pictures.cells import LINE, Cell, image_tile, wrapped, write_cell

__all__ = ["SAMPLES", "Cloud", "ColourPicture", "Colours"]

Floats = NDArray[Any]
SAMPLES = 5
GAINS = [float(f"{digit}e{power}") for power in range(-2, 4) for digit in (1, 2, 5)]  # of an offset that is shown
STRIP = 12.0  # CSS pixels, in which it is
LEAN = np.deg2rad(22.0)  # from above, at which one looks at the cube
_FIRST = 3  # the colour of the first direction; the next two follow


@dataclass(frozen=True)
class Cloud:
    """The colours of a set of images, from 0 to 1: ``some`` of its ``count`` pixels, (n, 3), the ``mean`` of all and
    their principal components. ``grey`` images have three equal channels."""

    some: Floats
    mean: Floats
    components: ColourComponents
    count: int
    name: str
    grey: bool = False


@dataclass(frozen=True)
class Colours:
    """A cloud, and samples of a photograph with other colours.

    ``offsets`` (samples, 3) are what is added to the pixels of each sample; none where they are changed otherwise.
    ``turn`` is the angle, degrees, from which the cube is seen, ``alpha`` the standard deviation of α (None without
    offsets), ``cut`` the share of the samples' numbers that left 0..1.
    """

    cloud: Cloud
    offsets: Floats
    cells: Sequence[Cell]
    turn: float
    alpha: float | None
    cut: float

    @property
    def gain(self) -> float:
        """How many times as large the offsets can be and still give colours when they are added to grey; 0 without."""
        largest = float(np.abs(self.offsets).max(initial=0.0))
        return max((gain for gain in GAINS if gain * largest <= 0.5), default=0.0) if largest else 0.0

    @property
    def strips(self) -> NDArray[np.uint8]:
        """Grey, and grey with ``gain`` times the offset of each sample, (1 + samples, 3); none without offsets."""
        if not self.gain:
            return np.zeros((0, 3), np.uint8)
        colors = 0.5 + self.gain * np.vstack([np.zeros(3), self.offsets])
        return np.asarray(np.rint(255 * colors), np.uint8)


class ColourPicture(Picture):
    """The cube at the left, a table under it; the samples at the right."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        cube = min(width - 16, 380.0 if narrow else 0.42 * width, 400.0)
        columns = self._columns = 3
        room = width - 16 if narrow else width - cube - 40
        side = self._side = min((room - 12.0 * (columns - 1)) / columns, 190.0)
        self._tall = side + STRIP + 3 * LINE + 22
        table = 6 * LINE + 12
        samples = 2 * self._tall + 8
        height = self._height = cube + table + samples if narrow else max(cube + table, samples)
        self._left = 8.0 if narrow else cube + 32
        self._top = height - (cube + table if narrow else 0)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self._cube = Box(8, height - cube, cube, cube)
        self._far, self._near = LineCollection([], linewidths=1.0), LineCollection([], linewidths=1.0)
        self._arrows = LineCollection([], capstyle="round")
        self._points = canvas.scatter([], [], s=[], linewidths=0)
        self._ends = canvas.scatter([], [], s=[], linewidths=1.0)
        for lines in (self._far, self._arrows, self._near):
            canvas.add_collection(lines, autolim=False)
        self.live = [self._far, self._points, self._arrows, self._ends, self._near, self._tiles, *self._texts.live]
        return height

    def point(self, x: float, y: float) -> float | None:
        """Where across the cube the mouse is, CSS pixels: it can be turned."""
        box = self._cube
        return x if box.holds(x, y) else None

    def show(self, result: Colours, pinned: Colours | None = None) -> None:
        self._draw_cube(result)
        self._write_table(result)
        tiles = []
        for place, cell in enumerate(result.cells):
            row, column = divmod(place, self._columns)
            top = self._top - 20 - row * self._tall
            box = Box(self._left + column * (self._side + 12), top - self._side, self._side, self._side)
            tiles.append(image_tile(cell.image, box))
            for color in result.strips[place : place + 1]:
                box = Box(box.x, box.y - STRIP, box.width, box.height + STRIP)
                tiles.append(image_tile(color[None, None], Box(box.x, box.y, box.width, STRIP - 2)))
            words = wrapped(self._texts, cell.words, self._side + 8)
            if place == 0 and result.gain:
                words.append(f"strips: offset × {result.gain:g}")
            write_cell(self._texts, replace(cell, words=words), box, self._side + 8, 3)
        self._tiles.set_tiles(tiles)
        self._texts.flush()

    def _draw_cube(self, result: Colours) -> None:
        turned = _turned(result.turn)
        corners = np.array([*product((0.0, 1.0), repeat=3)])
        nearest = corners[np.argmax((corners - 0.5) @ turned[2])]
        edges = [(a, b) for a in corners for b in corners if np.abs(a - b).sum() == 1 and (a < b).any()]
        far = [edge for edge in edges if not any((end == nearest).all() for end in edge)]
        near = [edge for edge in edges if any((end == nearest).all() for end in edge)]
        for lines, kept, color in ((self._far, far, PINNED), (self._near, near, "#CBD2D9")):
            lines.set_segments([self._place(np.array(edge), turned)[:, :2] for edge in kept])
            lines.set_color([color])
        cloud = result.cloud
        placed = self._place(cloud.some, turned)
        order = np.argsort(placed[:, 2])
        self._points.set_offsets(placed[order, :2])
        self._points.set_sizes([7.0])
        self._points.set_facecolor([tuple(each) for each in cloud.some[order].tolist()])
        spread = np.sqrt(cloud.components.eigenvalues)
        ends = [
            cloud.mean + np.outer([-2 * std, 2 * std], vector)
            for std, vector in zip(spread, cloud.components.eigenvectors, strict=True)
        ]
        self._arrows.set_segments([self._place(each, turned)[:, :2] for each in ends])
        self._arrows.set_color([run_color(_FIRST + place) for place in range(3)])
        self._arrows.set_linewidth([3.0])
        moved = cloud.mean + result.offsets
        self._ends.set_offsets(self._place(moved, turned)[:, :2])
        self._ends.set_sizes([34.0])
        self._ends.set_facecolor([tuple(each) for each in moved.clip(0, 1).tolist()])
        self._ends.set_edgecolor([INK])
        self._ends.set_visible(len(moved) > 0)
        for corner, name in zip(np.eye(3), ("red", "green", "blue"), strict=True):
            x, y, _ = self._place(corner[None], turned)[0]
            middle = self._cube.x + self._cube.width / 2
            self._texts.put(Label(x + (5 if x > middle else -5), y - 4, name, 0.0 if x > middle else 1.0, SUBTLE))

    def _place(self, colors: Floats, turned: Floats) -> Floats:
        """Colours (n, 3) as places in the picture and depth, (n, 3)."""
        seen = (colors - 0.5) @ turned.T
        scale = 0.9 * self._cube.width / np.sqrt(3)
        middle = self._cube.x + self._cube.width / 2, self._cube.y + self._cube.height / 2
        return np.column_stack([middle[0] + scale * seen[:, 0], middle[1] + scale * seen[:, 1], seen[:, 2]])

    def _write_table(self, result: Colours) -> None:
        y = self._cube.y - 10
        columns = (8.0, 8 + 0.3 * self._cube.width, 8 + 0.62 * self._cube.width)
        both = [result.cloud.components.eigenvalues, IMAGENET.eigenvalues]
        rows = [["", "these pixels", "ImageNet's"]]
        rows += [[f"λ{'₁₂₃'[place]}", *(f"{values[place]:.4f}" for values in both)] for place in range(3)]
        rows.append(["share of λ₁", *(percent(values[0] / max(values.sum(), 1e-12)) for values in both)])
        for number, row in enumerate(rows):
            for x, text in zip(columns, row, strict=True):
                color = SUBTLE if number == 0 else run_color(_FIRST + number - 1) if x == 8 and number < 4 else INK
                self._texts.put(Label(x, y - LINE * number, text, color=color))
        self._texts.put(Label(8, y - LINE * len(rows), "lines: p₁, p₂, p₃, two standard deviations", color=SUBTLE))


def _turned(degrees: float) -> Floats:
    """Rows: where right, up and towards the eye point in the cube of red (right), green (back) and blue (up)."""
    turn = np.deg2rad(degrees)
    right = np.array([np.cos(turn), np.sin(turn), 0.0])
    towards = np.array([np.sin(turn) * np.cos(LEAN), -np.cos(turn) * np.cos(LEAN), np.sin(LEAN)])
    up = np.cross(towards, right)
    return np.stack([right, up, towards])
