"""Pictures made of a few function plots: each says what its panels show, and the rest is done here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import dist
from typing import Any, ClassVar, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import HEADING, Box, Panel, Stroke, label_size, plain
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.texts import LINE, OUT, Texts
from trainingwheels.figures.theme import INK, SUBTLE

__all__ = ["Dots", "Plot", "PlotsPicture", "Spot", "clear_of", "emptiest", "spots_along"]

Floats = NDArray[Any]
_BESIDE = 8.0  # from a point to its label, CSS pixels
_LEVEL, _UNDER, _OVER = 3.5, 17.0, 10.0  # from a point down, or up, to the foot of a label, CSS pixels
_DENSE = 4.0  # between the points of a line that a label might cover, CSS pixels
_LEFT, _FOOT, _HEAD = 50.0, 42.0, 26.0  # room for numbers, for numbers and a name, for a heading; CSS pixels


class Dots(NamedTuple):
    """Points (n, 2), and their colour, or one for each."""

    X: Floats
    colors: Any


class Spot(NamedTuple):
    """A marked point with a label beside it, or ``under`` it, or, if it is ``free``, on the side where it meets least;
    either may be missing. A ``post`` stands on a vertical line, and no post's label crosses the line of another."""

    x: float
    y: float
    color: str
    text: str = ""
    filled: bool = True
    marked: bool = True
    under: bool = False
    post: bool = False
    free: bool = False


def spots_along(stroke: Stroke, name: str) -> list[Spot]:
    """A circle at each point of a line, open where it is dashed, and its name at the last."""
    last = len(stroke.x) - 1
    return [
        Spot(float(x), float(y), stroke.color, name if place == last else "", stroke.style == "-")
        for place, (x, y) in enumerate(zip(stroke.x, stroke.y, strict=True))
    ]


@dataclass(frozen=True)
class Plot:
    """What one panel shows: limits, the names of its axes, lines, dots, marked points, and bands, each (x, low, high,
    color). Where it is ``bare``, without numbers at its left, its heading begins at its edge. ``number`` writes those
    numbers, where they are not always written in the same way."""

    heading: str
    x: tuple[float, float]
    y: tuple[float, float]
    words: str = ""
    name: str = ""
    log: str = ""
    marks: Sequence[float] | None = None
    lines: Sequence[Stroke] = ()
    behind: Sequence[Stroke] = ()
    bands: Sequence[tuple[Floats, Floats, Floats, str]] = ()
    dots: Dots | None = None
    spots: Sequence[Spot] = ()
    bare: bool = False
    number: Callable[[float], str] | None = None


class PlotsPicture(Picture):
    """Panels in rows. A subclass says how many, and writes ``plots``.

    ``rows`` is the number of panels in each row of a wide picture; a narrow one has one panel a row. ``height`` is that
    of a wide picture, ``shares`` what part of it each row takes (alike if nothing is said), ``tall`` the height of each
    panel in a narrow one; ``room`` is kept at the right of panels for labels.
    ``grid`` is "both" or "y" (for names across instead of numbers). ``numbers`` write the numbers on y and ``across``
    those on x, a panel each.
    """

    rows: ClassVar[Sequence[int]] = (1,)
    height: ClassVar[float] = 520.0
    shares: ClassVar[Sequence[float]] = ()
    tall: ClassVar[float] = 240.0
    grid: ClassVar[str] = "both"
    room: ClassVar[Sequence[float]] = ()
    numbers: ClassVar[Sequence[Callable[[float], str]]] = ()
    across: ClassVar[Sequence[Callable[[float], str]]] = ()

    def plots(self, result: Any, pinned: Any, boxes: Sequence[Box]) -> Sequence[Plot]:
        """What the panels, which fill ``boxes``, show of a result."""
        raise NotImplementedError

    def foot(self, width: float) -> float:
        """What is kept free below the panels, CSS pixels."""
        return 0.0

    def arrange(self, width: float) -> float:
        count, foot = sum(self.rows), self.foot(width)
        tall = count * self.tall if width < NARROW else self.height
        height = tall + foot
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        boxes = [box._replace(y=box.y + foot) for box in self._boxes(width, tall)]
        numbers, across = self.numbers or [plain] * count, self.across or [plain] * count
        size = (width, height)
        self._panels = [Panel(self.figure, boxes[place], size, numbers[place], across[place]) for place in range(count)]
        for panel in self._panels:
            panel.axes.grid(axis="x", visible=self.grid == "both")
            panel.axes.tick_params(axis="x", length=3 if self.grid == "both" else 0)
        self.parts = {panel.axes: panel.rectangle for panel in self._panels}
        self.live = [artist for panel in self._panels for artist in panel.live]
        self.live += self._texts.live
        return height

    def show(self, result: Any, pinned: Any = None) -> None:
        plots = self.plots(result, pinned, [panel.box for panel in self._panels])
        pairs = zip(self._panels, plots, self._rooms, strict=True)
        changed = [axes for panel, plot, room in pairs for axes in self._show(panel, plot, room)]
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _show(self, panel: Panel, plot: Plot, room: float) -> list[Axes]:
        changed = panel.limit(plot.x, plot.y, plot.log, plot.marks, plot.number)
        changed |= panel.name(plot.name)
        panel.draw(plot.behind, panel.behind)
        panel.band(plot.bands)
        panel.draw(plot.lines)
        dots = plot.dots or Dots(np.empty((0, 2)), INK)
        panel.dot(dots.X[:, 0], dots.X[:, 1], dots.colors)
        panel.mark([(spot.x, spot.y, spot.color, spot.filled) for spot in plot.spots if spot.marked])
        posts = [panel.pixels(spot.x, spot.y)[0] for spot in plot.spots if spot.post]
        labels, drawn = [], _drawn(panel, plot) if any(spot.free for spot in plot.spots) else []
        for spot in plot.spots:
            x, y = panel.pixels(spot.x, spot.y)
            width, span = self._texts.width(spot.text), (panel.box.x, panel.box.right + room)
            if spot.free:
                x, y = emptiest(drawn, x, y, width, panel.box._replace(width=span[1] - span[0]))
            else:
                x = clear_of(posts, x, width, span) if spot.post else x + _BESIDE
                y -= _UNDER if spot.under else _LEVEL
            labels.append(Label(x, y, spot.text, color=spot.color))
        self._texts.beside_lines(panel, labels, panel.box.right + room)
        words = ((plot.heading, INK), (plot.words, SUBTLE))
        left = panel.box.x - (0 if plot.bare else OUT)
        self._texts.heading(left, panel.box.top + HEADING, panel.box.right + room, *words)
        return [panel.axes] if changed else []

    def _boxes(self, width: float, height: float) -> list[Box]:
        rooms = list(self.room or [10.0] * sum(self.rows))
        rows = [1] * sum(self.rows) if width < NARROW else self.rows
        self._rooms = [min(room, 0.2 * width) - 3 for room in rooms]
        boxes: list[Box] = []
        shares = self.shares if self.shares and width >= NARROW else [1 / len(rows)] * len(rows)
        foot = height
        for count, share in zip(rows, shares, strict=True):
            column, each = width / count, share * height
            foot -= each
            for place in range(count):
                right = min(rooms[len(boxes)], 0.2 * width)
                x, y = place * column + _LEFT, foot + _FOOT
                boxes.append(Box(x, y, column - _LEFT - right, each - _FOOT - _HEAD))
        return boxes


def _drawn(panel: Panel, plot: Plot) -> Sequence[tuple[float, float]]:
    """Points on everything that a panel shows, a few pixels apart along lines, CSS pixels."""
    found = [panel.pixels(x, y) for x, y in ([] if plot.dots is None else plot.dots.X)]
    found += [panel.pixels(spot.x, spot.y) for spot in plot.spots if spot.marked]
    for stroke in (*plot.lines, *plot.behind):
        corners = [panel.pixels(x, y) for x, y in zip(stroke.x, stroke.y, strict=True)]
        for begin, end in pairwise(corners):
            count = int(dist(begin, end) / _DENSE) + 2
            found += zip(np.linspace(begin[0], end[0], count), np.linspace(begin[1], end[1], count), strict=True)
    return found


def emptiest(drawn: Sequence[tuple[float, float]], x: float, y: float, width: float, box: Box) -> tuple[float, float]:
    """Where a label of this ``width`` begins beside the point (x, y): right of it, below, above or left, within ``box``
    and where it covers the fewest of the points that are ``drawn``; the first of equals. CSS pixels."""
    right, left, middle = x + _BESIDE, x - _BESIDE - width, x - width / 2
    below, level, above = y - _UNDER, y - _LEVEL, y + _OVER
    places = [
        (begin, foot)
        for begin, foot in (
            *((right, level), (middle, below), (middle, above), (left, level)),
            *((right, below), (right, above), (left, below), (left, above)),
        )
        if box.x <= begin and begin + width <= box.right and box.y <= foot and foot + LINE <= box.top
    ]

    def covered(place: tuple[float, float]) -> int:
        label = Box(place[0] - 3, place[1] - 5, width + 6, LINE + 4)
        return sum(label.holds(*point) for point in drawn)

    return min(places, key=covered, default=(right, level))


def clear_of(posts: Sequence[float], x: float, width: float, span: tuple[float, float]) -> float:
    """Where a label of this ``width`` begins that belongs to the vertical line at ``x``, one of the ``posts``, and
    crosses none of them: right of its own line or of a later one, else left; within ``span``. CSS pixels."""
    right = [post + _BESIDE for post in sorted(posts) if post >= x]
    left = [post - _BESIDE - width for post in sorted(posts, reverse=True) if post <= x]
    for begin in (*right, *left):
        if span[0] <= begin <= span[1] - width and not any(begin <= post <= begin + width for post in posts):
            return begin
    return x + _BESIDE
