"""The common pattern drawn: five training steps, each with its own noise, the test, and how the noise is spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import CLASSES
from trainingwheels.figures.panels import Box, Panel, Stroke, label_size, plain
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles, image_colors

__all__ = ["DRAWS", "Cell", "Law", "Pattern", "PatternPicture", "Segment", "Spot"]

Floats = NDArray[Any]
DRAWS = 5
_LINE = 15.0
_BAR = 12.0
_PANEL = 176.0  # CSS pixels


class Segment(NamedTuple):
    """A line in a cell, whose sides are 1."""

    start: tuple[float, float]
    end: tuple[float, float]
    color: str
    width: float = 1.0


class Spot(NamedTuple):
    """A dot in a cell, ``size`` points across."""

    x: float
    y: float
    color: str
    size: float = 6.0


@dataclass(frozen=True)
class Cell:
    """What one step makes of an example or of a net: an image, or lines, rectangles (x, y, width, height, colour) and
    spots; a ``label`` of shares, one a class; and lines of ``words``."""

    words: Sequence[str]
    image: Floats | None = None
    segments: Sequence[Segment] = ()
    rectangles: Sequence[tuple[float, float, float, float, str]] = ()
    spots: Sequence[Spot] = ()
    label: Floats = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True)
class Law:
    """How a number is distributed: a density ``y`` over ``x``, or the probability of each ``x`` if it is ``whole``;
    ``drawn`` are the numbers of the steps that are shown. Or any other curve, with its own ``heading``, and what is
    said ``about`` the dots on it."""

    name: str
    x: Floats
    y: Floats
    drawn: Floats
    whole: bool = False
    heading: str = "density"
    about: str = "dots: the five steps"

    def at(self, value: float) -> float:
        """Its height there."""
        return float(np.interp(value, self.x, self.y))


@dataclass(frozen=True)
class Pattern:
    """One method: what is random, its two rules, five ``steps`` (or whatever ``each`` of them is), the ``test``, and
    the ``law`` of what is drawn, if there is one. ``words`` says it in sentences."""

    random: str
    rules: tuple[str, str]
    steps: Sequence[Cell]
    test: Cell
    law: Law | None
    words: Sequence[str]
    each: str = "step"


class PatternPicture(Picture):
    """The rules, a row of cells (in a narrow picture two), and under them the distribution."""

    def arrange(self, width: float) -> float:
        narrow = self._narrow = width < NARROW
        self._columns = 3 if narrow else DRAWS + 1
        self._rows = 2 if narrow else 1
        gap = self._gap = 8.0 if narrow else 14.0
        side = self._side = min((width - 16 - (self._columns - 1) * gap) / self._columns, 168.0)
        self._tall = side + _LINE * 3 + _BAR + 14
        self._head = _LINE * (5 if narrow else 3) + 8
        height = self._head + self._rows * self._tall + _PANEL
        self._height = height
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._tiles = Tiles()
        canvas.add_artist(self._tiles)
        self._rectangles, self._segments = PolyCollection([], linewidths=0), LineCollection([], capstyle="butt")
        for artist in (self._rectangles, self._segments):
            canvas.add_collection(artist, autolim=False)
        self._spots = canvas.scatter([], [], s=[], linewidths=0)
        box = Box(58, 42, width - 84, _PANEL - 42 - 34)
        self._panel = Panel(self.figure, box, (width, height), plain, plain)
        self.parts = {self._panel.axes: self._panel.rectangle}
        self.live = [self._tiles, self._rectangles, self._segments, self._spots, *self._panel.live, *self._texts.live]
        return height

    def show(self, result: Pattern, pinned: Pattern | None = None) -> None:
        self._write_rules(result)
        cells = [*result.steps, result.test]
        boxes = [self._box(place) for place in range(len(cells))]
        tiles, outlines, fills = [], [], []
        for place, (cell, box) in enumerate(zip(cells, boxes, strict=True)):
            if cell.image is not None:
                tiles.append(Tile(box, image_colors(cell.image)))
            for x, y, wide, high, color in [*cell.rectangles, *_bar(cell.label, box)]:
                outlines.append(_rectangle(box, x, y, wide, high))
                fills.append(color)
            self._write_cell(cell, box, "the test" if place == len(cells) - 1 else f"{result.each} {place + 1}")
        self._tiles.set_tiles(tiles)
        self._rectangles.set_verts(outlines)
        self._rectangles.set_facecolor(fills)
        self._draw(cells, boxes)
        changed = self._show_law(result.law, pinned.law if pinned else None)
        self._texts.flush()
        if changed:
            self.forget(self._panel.axes)

    def _draw(self, cells: Sequence[Cell], boxes: Sequence[Box]) -> None:
        pairs = list(zip(cells, boxes, strict=True))
        segments = [(segment, box) for cell, box in pairs for segment in cell.segments]
        self._segments.set_segments([[_place(box, *s.start), _place(box, *s.end)] for s, box in segments])
        self._segments.set_color([segment.color for segment, _ in segments])
        self._segments.set_linewidth([segment.width for segment, _ in segments] or [1.0])
        spots = [(spot, box) for cell, box in pairs for spot in cell.spots]
        smaller = 0.75 if self._narrow else 1.0
        self._spots.set_offsets([_place(box, spot.x, spot.y) for spot, box in spots] or np.empty((0, 2)))
        self._spots.set_sizes([(smaller * spot.size) ** 2 for spot, _ in spots])
        self._spots.set_facecolor([spot.color for spot, _ in spots])
        self._spots.set_visible(bool(spots))

    def _write_rules(self, result: Pattern) -> None:
        y, most = self._height - 14, self.width - 12
        parts = (("random: ", result.random), ("training: ", result.rules[0]), ("test: ", result.rules[1]))
        for name, rule in parts:
            indent = self._texts.width(name)
            self._texts.put(Label(8, y, name, color=SUBTLE))
            for line in self._wrapped(rule, most - 8 - indent):
                self._texts.put(Label(8 + indent, y, line))
                y -= _LINE

    def _wrapped(self, text: str, room: float) -> list[str]:
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self._texts.width(longer) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def _write_cell(self, cell: Cell, box: Box, name: str) -> None:
        self._texts.put(Label(box.x, box.top + 4, name, color=SUBTLE))
        y = box.y - 13 - (_BAR + 4 if len(cell.label) else 0)
        room = min(box.width + self._gap - 3, self.width - box.x - 2)
        for line in cell.words:
            self._texts.put(Label(box.x, y, self._texts.shortened(line, room)))
            y -= _LINE

    def _show_law(self, law: Law | None, old: Law | None) -> bool:
        """The distribution, a mark for each step; say whether the axes changed."""
        panel = self._panel
        changed = panel.axes.get_visible() != (law is not None)
        panel.axes.set_visible(law is not None)
        if law is None:
            for artist in panel.live:
                artist.set_visible(False)
            return changed
        x = (float(law.x[0]), float(law.x[-1]))
        margin = 0.02 * (x[1] - x[0] or 1.0)  # of a square of one pixel there is one size
        cut = 0 if law.whole else len(law.y) // 50
        inside = law.y[cut : len(law.y) - cut]  # a density may have poles at its ends
        changed |= panel.limit((x[0] - margin, x[1] + margin), (0.0, fine_reach(1.08 * float(inside.max()))))
        changed |= panel.name(law.name)
        panel.draw([_curve(law, INK)])
        panel.draw([_curve(old, PINNED)] if old is not None and old.name == law.name else [], panel.behind)
        top = panel.axes.get_ylim()[1]
        marks = [(float(value), min(law.at(float(value)), top)) for value in law.drawn]
        panel.mark([(*mark, CLASSES[5], True) for mark in marks])
        labels = [
            Label(left, bottom + 8, f"{step}", 0.5, SUBTLE)
            for step, mark in enumerate(marks if len(marks) > 1 else [], 1)
            for left, bottom in [panel.pixels(*mark)]
        ]
        self._texts.beside_lines(panel, labels, panel.box.right + 20)
        words = (("probability" if law.whole else law.heading, INK), (law.about, SUBTLE))
        self._texts.over(panel, panel.box.right, *words)
        return changed

    def _box(self, place: int) -> Box:
        row, column = divmod(place, self._columns)
        x = 8 + column * (self._side + self._gap)
        top = self._height - self._head - row * self._tall - 18
        return Box(x, top - self._side, self._side, self._side)


def _place(box: Box, x: float, y: float) -> tuple[float, float]:
    return box.x + x * box.width, box.y + y * box.height


def _rectangle(box: Box, x: float, y: float, wide: float, high: float) -> list[tuple[float, float]]:
    return [_place(box, *corner) for corner in ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))]


def _bar(label: Floats, box: Box) -> list[tuple[float, float, float, float, str]]:
    """The shares of a label side by side under a cell."""
    starts = np.cumsum(label) - label
    high = _BAR / box.height
    return [
        (float(start), -high - 5 / box.height, float(share), high, CLASSES[place % len(CLASSES)])
        for place, (start, share) in enumerate(zip(starts, label, strict=True))
        if share > 0
    ]


def _curve(law: Law, color: str) -> Stroke:
    if not law.whole:
        return Stroke(law.x, law.y, color, "-", 1.8)
    gaps = np.full(len(law.x), np.nan)
    x = np.column_stack([law.x, law.x, gaps]).ravel()
    return Stroke(x, np.column_stack([np.zeros(len(law.x)), law.y, gaps]).ravel(), color, "-", 3.0)
