"""The lecture's five pictures of a cloud: one large with its numbers, and all side by side on one scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from trainingwheels.engine.geometry.clouds import Moments, StepTaken
from trainingwheels.figures.labels import Label, short
from trainingwheels.figures.panels import HEADING, Box, label_size, plain, ticks
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE

__all__ = ["CloudPicture", "CloudView", "cloud_groups"]

Floats = NDArray[Any]
SIDES = ("#C25400", "#DB9766", "#8C99A6", "#5C9BC6", "#0072B2")
"""Colours of the points by their place along the longest axis of the original cloud."""
ELLIPSE = 2.0  # standard deviations from the mean
_GAP = 10.0
_SIDE_BY_SIDE = 740  # CSS pixels; below this, the table stands under the large square


@dataclass(frozen=True)
class CloudView:
    """The steps of :func:`cloud_steps` in their order, which of them is ``chosen``, and the group of each point."""

    steps: Sequence[StepTaken]
    chosen: int
    groups: NDArray[np.integer[Any]]


def cloud_groups(steps: Sequence[StepTaken]) -> NDArray[np.integer[Any]]:
    """The group (0 to 4) of each point: its place along the longest axis of the original cloud, in stds."""
    along = np.asarray(next(taken for taken in steps if taken.step.name == "decorrelated").points[:, 0])
    return np.digitize(along / max(float(along.std()), 1e-12), (-1.2, -0.4, 0.4, 1.2))


class Square(NamedTuple):
    """A square of the plane around the origin, from -``reach`` to ``reach``, drawn in ``box``."""

    box: Box
    reach: float

    def place(self, X: Floats) -> Floats:
        """Points (n, 2) in CSS pixels."""
        return np.asarray(self.box[:2] + (np.asarray(X) / self.reach + 1) / 2 * self.box[2:])

    def inside(self, X: Floats) -> NDArray[np.bool_]:
        return np.asarray((np.abs(X) <= self.reach).all(axis=1))

    def outline(self) -> list[tuple[float, float]]:
        x, y, right, top = self.box.x, self.box.y, self.box.right, self.box.top
        return [(x, y), (right, y), (right, top), (x, top), (x, y)]


class _Places(NamedTuple):
    height: float
    large: Box
    table: Box
    small: tuple[Box, ...]


class CloudPicture(Picture):
    """Points, covariance ellipse (2 standard deviations) and principal axes. A pinned view leaves its pale ellipses."""

    def arrange(self, width: float) -> float:
        self._places = places = _narrow(width) if width < _SIDE_BY_SIDE else _wide(width)
        canvas = self.sheet(width, places.height)
        self._texts = Texts(canvas, label_size(width))
        self._grid = LineCollection([], colors="#E4E9EE", linewidths=1)
        self._frames = LineCollection([], linewidths=1)
        self._outlines = LineCollection([], capstyle="butt")
        self._small = [_dots(canvas, color, 3.0) for color in SIDES]
        self._large = [_dots(canvas, color, 9.0) for color in SIDES]
        self._brackets = LineCollection([], colors=PINNED, linewidths=1)
        for lines in (self._grid, self._frames, self._outlines, self._brackets):
            canvas.add_collection(lines, autolim=False)
        self.live: list[Artist] = [self._grid, *self._small, *self._large, self._outlines, self._frames]
        self.live += [self._brackets, *self._texts.live]
        return places.height

    def show(self, result: CloudView, pinned: CloudView | None = None) -> None:
        common = max(_extent(taken.moments) for taken in result.steps)
        squares = [Square(box, fine_reach(common)) for box in self._places.small]
        chosen = result.steps[result.chosen]
        large = Square(self._places.large, fine_reach(_extent(chosen.moments)))
        self._show_points(result, squares, large)
        self._show_lines(result, squares, large, pinned)
        self._show_frames(squares, large, result.chosen)
        self._write(result, squares, large)
        self._texts.flush()

    def _show_points(self, result: CloudView, squares: Sequence[Square], large: Square) -> None:
        for group, (small, big) in enumerate(zip(self._small, self._large, strict=True)):
            members = result.groups == group
            each = [taken.points[members] for taken in result.steps]
            small.set_offsets(np.concatenate([_placed(sq, X) for sq, X in zip(squares, each, strict=True)]))
            big.set_offsets(_placed(large, each[result.chosen]))

    def _show_lines(
        self, result: CloudView, squares: Sequence[Square], large: Square, pinned: CloudView | None
    ) -> None:
        segments: list[Floats] = []
        styles: list[tuple[str, float]] = []
        for place, square in [*enumerate(squares), (result.chosen, large)]:
            big = square is large
            if pinned is not None:
                segments.append(_visible(square, pinned.steps[place].moments.ellipse(ELLIPSE)))
                styles.append((PINNED, 1.6 if big else 1.0))
            moments = result.steps[place].moments
            segments.append(_visible(square, moments.ellipse(ELLIPSE)))
            styles.append((INK, 2.0 if big else 1.2))
            for axis, weight in zip(_arms(moments), (2.4, 1.6), strict=True):
                segments.append(_visible(square, axis))
                styles.append((INK, weight if big else weight / 1.5))
        self._outlines.set_segments(segments)
        self._outlines.set_color([color for color, _ in styles])
        self._outlines.set_linewidth([width for _, width in styles])

    def _show_frames(self, squares: Sequence[Square], large: Square, chosen: int) -> None:
        crosses = []
        for square in (*squares, large):
            box = square.box
            x, y = box.x + box.width / 2, box.y + box.height / 2
            crosses += [[(x, box.y), (x, box.top)], [(box.x, y), (box.right, y)]]
        self._grid.set_segments(crosses)
        self._frames.set_segments([square.outline() for square in (*squares, large)])
        self._frames.set_color(["#9AA5B1" if place != chosen else INK for place in range(len(squares))] + ["#9AA5B1"])
        self._frames.set_linewidth([1.0 if place != chosen else 2.0 for place in range(len(squares))] + [1.0])

    def _write(self, result: CloudView, squares: Sequence[Square], large: Square) -> None:
        texts, chosen = self._texts, result.steps[result.chosen]
        for place, (square, taken) in enumerate(zip(squares, result.steps, strict=True)):
            box = square.box
            name = texts.shortened(taken.step.label, box.width)
            texts.put(Label(box.x, box.top + 5, name, color=INK if place == result.chosen else SUBTLE))
        reach = plain(squares[0].reach)
        box = squares[-1].box
        texts.put(Label(box.right, squares[-1].box.y - 13, f"all from −{reach} to {reach}", 1.0, SUBTLE))
        box = large.box
        words = ((chosen.step.label, INK), (chosen.step.formula, SUBTLE))
        texts.heading(box.x, box.top + HEADING - 4, box.right, *words)
        for value in ticks(-large.reach, large.reach, False, 5):
            x, y = large.place(np.array([[value, value]]))[0]
            texts.put(Label(x, box.y - 13, plain(value), 0.5, SUBTLE))
            if value > -large.reach:  # where the two numbers of the corner would meet
                texts.put(Label(box.x - 5, y - 4, plain(value), 1.0, SUBTLE))
        self._write_table(result)

    def _write_table(self, result: CloudView) -> None:
        """One row a step: mean, covariance matrix, correlation, spread along the principal axes."""
        box, texts = self._places.table, self._texts
        top, step = box.top - 10, (box.height - 26) / len(result.steps)
        for share, anchor, name in zip(_SHARES, _ANCHORS, _NAMES, strict=True):
            if name:
                texts.put(Label(box.x + share * box.width, top, _fitting(name, box.width), anchor, SUBTLE))
        brackets = []
        for row, taken in enumerate(result.steps):
            middle = top - 10 - (row + 0.5) * step
            color = INK if row == result.chosen else SUBTLE
            for share, anchor, lines in zip(_SHARES, _ANCHORS, _cells(taken.moments, taken.step.label), strict=True):
                for line, text in enumerate(lines):
                    y = middle - 4 + (_HALF - 2 * _HALF * line if len(lines) == 2 else 0)
                    texts.put(Label(box.x + share * box.width, y, text, anchor, color))
            ends = (0.28, 0.38), (0.45, 0.675)  # of the brackets around mean and covariance
            brackets += [line for pair in ends for line in _brackets(box, pair, middle)]
        self._brackets.set_segments(brackets)


_NAMES = ("", "mean", "covariance", "", "correlation", "λ₁ / λ₂")
_SHARES = (0.0, 0.37, 0.56, 0.665, 0.85, 1.0)  # where the columns of the table stand
_ANCHORS = (0.0, 1.0, 1.0, 1.0, 1.0, 1.0)
_HALF = 7.5  # of the distance between two lines of a cell, CSS pixels


def _fitting(name: str, width: float) -> str:
    """The name of a column, cut short where the table is narrow."""
    return {"covariance": "cov.", "correlation": "corr."}.get(name, name) if width < 420 else name


def _cells(moments: Moments, name: str) -> Iterator[tuple[str, ...]]:
    tiny = 1e-5 * max(1.0, float(np.abs(moments.covariance).max()), float(np.abs(moments.mean).max()))

    def number(value: float) -> str:
        return "0" if abs(value) < tiny else short(float(value))

    yield (name,)
    yield tuple(map(number, moments.mean))
    yield tuple(map(number, moments.covariance[:, 0]))
    yield tuple(map(number, moments.covariance[:, 1]))
    yield ("0" if abs(moments.correlation) < 5e-4 else short(moments.correlation),)
    yield ("∞" if moments.condition == np.inf else short(moments.condition),)


def _brackets(box: Box, shares: tuple[float, float], middle: float) -> Iterator[list[tuple[float, float]]]:
    """The two square brackets of a matrix of two lines."""
    low, high = middle - 2 * _HALF, middle + 2 * _HALF
    for share, way in zip(shares, (4, -4), strict=True):
        x = box.x + share * box.width
        yield [(x + way, low), (x, low), (x, high), (x + way, high)]


def _extent(moments: Moments) -> float:
    """How far from the origin the ellipse reaches, and a little more."""
    return 1.12 * float(np.abs(moments.ellipse(ELLIPSE, 25)).max())


def _arms(moments: Moments) -> Iterator[Floats]:
    """From the mean to one end of the ellipse along each principal axis, which points right or up."""
    spread, axes = moments.principal()
    for place in range(2):
        way = axes[:, place] * (1 if axes[:, place].sum() >= 0 else -1)
        yield np.array([moments.mean, moments.mean + ELLIPSE * spread[place] * way])


def _placed(square: Square, X: Floats) -> Floats:
    return square.place(X[square.inside(X)])


def _visible(square: Square, line: Floats) -> Floats:
    """A line in CSS pixels, cut off at the edge of the square."""
    return square.place(np.clip(line, -square.reach, square.reach))


def _dots(canvas: Any, color: str, area: float) -> PathCollection:
    circle = MarkerStyle("o").get_path().transformed(MarkerStyle("o").get_transform())
    dots = PathCollection([circle], (area,), facecolor=color, linewidths=0, offset_transform=canvas.transData)
    dots.set_transform(IdentityTransform())
    dots.set_offsets(np.empty((0, 2)))
    canvas.add_collection(dots, autolim=False)
    return dots


def _wide(width: float) -> _Places:
    side = min((width - 6 - 4 * _GAP) / 5, 196.0)
    small = tuple(Box(2 + place * (side + _GAP), 20, side, side) for place in range(5))
    large = min(252.0, 0.4 * width)
    bottom = small[0].top + 58
    table = Box(large + 76, bottom - 4, min(width - large - 90, 560.0), large + 12)
    return _Places(bottom + large + 22, Box(36, bottom, large, large), table, small)


def _narrow(width: float) -> _Places:
    side = min((width - 6 - 2 * _GAP) / 3, 160.0)
    lower = tuple(Box(2 + place * (side + _GAP), 20, side, side) for place in range(2))
    upper = tuple(Box(2 + place * (side + _GAP), side + 44, side, side) for place in range(3))
    table = Box(4, 2 * side + 82, width - 10, 210)
    large = min(width - 44, 330.0)
    return _Places(table.top + 34 + large + 22, Box(34, table.top + 34, large, large), table, (*upper, *lower))
