"""The way of two weights, step by step, in the plane that they span; and how far they still are from what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trainingwheels.engine import Activation, TwoWeights
from trainingwheels.engine.signals.two_weights import WANTED
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label, short
from trainingwheels.figures.palettes import activation_color
from trainingwheels.figures.panels import Panel, Stroke, curve, label_size, percent, plain, row_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE
from trainingwheels.labs.activation_functions.pictures.functions import DASHED, DOTTED

__all__ = ["FAR", "Way", "WaysPicture", "WaysView"]

Floats = NDArray[np.float64]
MIDDLE = WANTED / 2
LEVELS = (1.0, 0.6, 0.3, 0.1)  # of the distance from the start, in the loss's own measure
FAR = 10.0  # times the distance from the start: no more in percent from here on
RING = "#C3CBD3"
EDGE = 12.0  # room for numbers as long as −1.5e99, CSS pixels
_RIGHT = 92.0  # room for labels at the right of the distances, CSS pixels


@dataclass(frozen=True)
class Way:
    """The way of the weights behind one nonlinearity, the ``mean`` of whose outputs may have been taken away."""

    activation: Activation
    found: TwoWeights
    mean: float
    centred: bool = False

    @property
    def name(self) -> str:
        return f"{self.activation.label}, centred" if self.centred else self.activation.label

    @property
    def left(self) -> Floats:
        """The distance to WANTED before the first step and after each, as a share of the first."""
        with np.errstate(over="ignore", invalid="ignore"):
            away: Floats = np.linalg.norm(self.found.path - WANTED, axis=1)
        return away / float(np.linalg.norm(WANTED))


@dataclass(frozen=True)
class WaysView:
    """Ways of the same length, the one that is looked at first."""

    ways: Sequence[Way]


class WaysPicture(Picture):
    """Above, the ways of the first two over the contours of their expected loss; below, the distances of all.

    A pinned view is drawn pale behind. Ways that diverge are drawn as far as they are numbers.
    """

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        height = 680.0 if narrow else 540.0
        size = (width, height)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        if narrow:
            boxes = [row_of_boxes(EDGE, y, width - EDGE, 250, 1, 12)[0] for y in (430, 180)]
        else:
            boxes = [*row_of_boxes(EDGE, 190, width - EDGE, 350, 2, 12)]
        self.planes = [Panel(self.figure, box, size, plain, plain) for box in boxes]
        self.left = Panel(self.figure, row_of_boxes(EDGE, 0, width - EDGE, 180, 1, _RIGHT)[0], size, percent)
        for panel, name in zip((*self.planes, self.left), ("w₁", "w₁", "step"), strict=True):
            panel.name(name)
        panels = (*self.planes, self.left)
        self.parts = {panel.axes: panel.with_room(EDGE) for panel in panels}
        self.live = [*(artist for panel in panels for artist in panel.live), *self._texts.live]
        return height

    def show(self, result: WaysView, pinned: WaysView | None = None) -> None:
        behind = pinned.ways if pinned else ()
        planes = [panel.axes for panel in self.planes if panel.limit(*_around(panel, [*result.ways, *behind]))]
        for place, (panel, way) in enumerate(zip(self.planes, result.ways, strict=False)):
            self._show_plane(panel, way, behind[place] if place < len(behind) else None)
        distances = self._show_left(result, behind)
        if planes or distances:
            self.forget(*planes, *distances)
        self._texts.flush()

    def _show_plane(self, panel: Panel, way: Way, pinned: Way | None) -> None:
        color, path = activation_color(way.activation.name), _numbers(way.found.path)
        x, y = np.array(panel.axes.get_xlim()), np.array(panel.axes.get_ylim())
        behind = [Stroke(x, np.zeros(2), SUBTLE, "-", 0.8), Stroke(np.zeros(2), y, SUBTLE, "-", 0.8)]
        behind += [curve(ring, RING, 1.0) for ring in _rings(way.found.moments)]
        if pinned is not None:
            before = _numbers(pinned.found.path)
            behind.append(curve(before, PINNED, 1.4, DASHED))
        panel.draw(behind, panel.behind)
        panel.draw([curve(path, color, 1.8)])
        panel.dot(path[:, 0], path[:, 1], color)
        panel.dots.set_sizes([12.0])
        panel.mark([(0.0, 0.0, INK, False), (*WANTED, INK, True)])
        left, bottom = panel.pixels(0.0, 0.0)
        right, low = panel.pixels(*WANTED)
        start = Label(left - 9 - self._texts.width("start"), bottom + 6, "start")
        self._texts.beside_lines(panel, [start, Label(right + 9, low - 3.5, "wanted")], panel.box.right)
        words = (f"inputs: {way.name}", color), (f"mean {short(way.mean)}", SUBTLE), ("up: w₂; a dot a step", SUBTLE)
        self._texts.over(panel, panel.box.right + 6, *words)

    def _show_left(self, view: WaysView, behind: Sequence[Way]) -> list[Axes]:
        panel, lines = self.left, [_kept(way.left) for way in (*view.ways, *behind)]
        steps = max(len(way.left) for way in (*view.ways, *behind)) - 1
        most = max(1.0, *(float(line.max()) for line in lines))
        far = most >= FAR
        new = panel.limit((0.0, float(steps)), (0.0, 1.03 * fine_reach(most)), number=plain if far else percent)
        pale = [Stroke(np.arange(float(len(line))), line, PINNED, DOTTED, 1.4) for line in lines[len(view.ways) :]]
        panel.draw(pale, panel.behind)
        strokes, labels, marks = [], [], []
        for way, line in zip(view.ways, lines, strict=False):
            color, x = activation_color(way.activation.name), np.arange(float(len(line)))
            strokes.append(Stroke(x, line, color, DASHED if way.centred else "-", 2.0))
            marks.append((float(x[-1]), float(line[-1]), color, not way.centred))
            right, y = panel.pixels(float(x[-1]), float(line[-1]))
            labels.append(Label(right + 8, y - 3.5, "centred" if way.centred else way.name, color=color))
        panel.draw(strokes)
        panel.mark(marks)
        room = panel.box.right + _RIGHT - 3
        self._texts.beside_lines(panel, labels, room)
        words = (
            ("distance to the wanted weights", INK),
            (f"{'in multiples' if far else 'as a share'} of the first", SUBTLE),
        )
        self._texts.over(panel, room, *words)
        return [panel.axes] if new else []


def _numbers(path: Floats) -> Floats:
    """The path as far as it can be drawn."""
    good = (np.abs(path) < 1e100).all(axis=1)
    return path[: len(path) if good.all() else int(np.argmin(good))]


def _kept(line: Floats) -> Floats:
    good = line < 1e100
    return line[: len(line) if good.all() else int(np.argmin(good))]


def _around(panel: Panel, ways: Sequence[Way]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Limits around all ways, start and WANTED in any case, one unit as long on both axes."""
    wide = panel.box.width / panel.box.height
    away = [np.abs(_numbers(way.found.path) - MIDDLE) / (wide if wide > 1 else 1.0, 1.0) for way in ways]
    half = 1.1 * fine_reach(max(0.7, *(float(each.max()) for each in away)))
    across = half * max(wide, 1.0)
    return (MIDDLE[0] - across, MIDDLE[0] + across), (MIDDLE[1] - half, MIDDLE[1] + half)


def _rings(moments: Floats) -> list[Floats]:
    """Where the expected loss is as large as in the start, and parts of the way in; none where it has no bowl."""
    values, vectors = np.linalg.eigh(moments)
    if values[0] <= 1e-4 * values[1]:
        return []
    radius = np.sqrt(WANTED @ moments @ WANTED)
    turn = np.linspace(0, 2 * np.pi, 121)
    circle = np.column_stack([np.cos(turn), np.sin(turn)]) / np.sqrt(values) @ vectors.T
    return [WANTED + level * radius * circle for level in LEVELS]
