"""Units in a row: the value on its way forward, the gradient that is left of it, and that of all other inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import Activation, Chain
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label, precise
from trainingwheels.figures.palettes import activation_color
from trainingwheels.figures.panels import Panel, Stroke, label_size, plain, row_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.scales import decades
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE
from trainingwheels.labs.activation_functions.pictures.functions import DASHED, DOTTED, Point

__all__ = ["ChainPicture", "ChainView", "Link"]

Floats = NDArray[np.float64]
NEAREST = (1e-3, 10.0)  # what the axis of gradients shows at least
EDGE = 8.0  # room for numbers as long as 1e−130, CSS pixels
UNITS = (5.0, 10.0, 20.0, 30.0, 50.0, 100.0, 200.0)  # ends of their axis, so that it rarely moves


@dataclass(frozen=True)
class Link:
    """One nonlinearity in a row of units: ``one`` input on its way, and what ``every`` input of the view ends as."""

    activation: Activation
    one: Chain
    every: Chain


@dataclass(frozen=True)
class ChainView:
    """Rows of ``n`` units of weight ``w``, the first looked at closely: the input ``at``, and all inputs ``x``."""

    x: Floats
    links: Sequence[Link]
    at: float
    n: int
    w: float


class ChainPicture(Picture):
    """Above, what one input becomes, unit by unit, and its gradient; below, the gradient after the last unit.

    Gradients stand on a logarithmic axis by their size, without their sign; a gradient of zero runs along its lower
    edge, which then is marked 0. A pinned view is drawn pale behind.
    """

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        self._right = 76.0 if narrow else 96.0
        if narrow:
            height = 620.0
            bottoms = {"value": 420.0, "gradient": 215.0, "every": 0.0}
            boxes = {
                name: row_of_boxes(EDGE, y, width - EDGE, 200.0 if y else 215.0, 1, self._right)[0]
                for name, y in bottoms.items()
            }
        else:
            height = 560.0
            value, gradient = row_of_boxes(EDGE, 290, width - EDGE, 270, 2, self._right)
            boxes = {
                "value": value,
                "gradient": gradient,
                "every": row_of_boxes(EDGE, 0, width - EDGE, 290, 1, self._right)[0],
            }
        size = (width, height)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self.value = Panel(self.figure, boxes["value"], size)
        self.gradient = Panel(self.figure, boxes["gradient"], size, power)
        self.every = Panel(self.figure, boxes["every"], size, power, plain)
        panels = (self.value, self.gradient, self.every)
        for panel, name in zip(panels, ("unit", "unit", "input x"), strict=True):
            panel.name(name)
        self.parts = {panel.axes: panel.with_room(EDGE) for panel in panels}
        self.live = [artist for owner in (*panels, self._texts) for artist in owner.live]
        return height

    def show(self, result: ChainView, pinned: ChainView | None = None) -> None:
        self._limit(result, pinned)
        alone = len(result.links) == 1
        places = np.arange(result.n + 1.0)
        self._show(self.value, result, pinned, places, "values")
        self._show(self.gradient, result, pinned, places, "gradients")
        self._show_every(result, pinned, alone)
        words = (
            (self.value, f"value, from x = {plain(float(f'{result.at:.3g}'))}", "aᵢ = f(w aᵢ₋₁ + b)"),
            (self.gradient, "gradient daᵢ/dx", "product of all w f′ so far, size"),
            (self.every, f"gradient through all {result.n} units" if result.n > 1 else "gradient through 1 unit", ""),
        )
        for panel, name, about in words:
            room = panel.box.right + self._right - 3
            self._texts.over(panel, room, (name, INK), (about, SUBTLE))
        self._texts.flush()

    def point(self, x: float, y: float) -> Point | None:
        found = self.every.values(x, y) if self.has_result else None
        return Point("every", *found) if found else None

    def _limit(self, view: ChainView, pinned: ChainView | None) -> None:
        shown = [*view.links, *(pinned.links if pinned else ())]
        longest = max(view.n, pinned.n if pinned else 0)
        units = (0.0, next((most for most in UNITS if most >= longest), float(longest)))
        along = _decades([link.one.gradients for link in shown])
        across = _decades([link.every.gradients[-1] for link in shown])
        along_marks = self._marks(self.gradient, along, [link.one.gradients for link in shown])
        across_marks = self._marks(self.every, across, [link.every.gradients[-1] for link in shown])
        x = float(view.x[0]), float(view.x[-1])
        changed = [
            panel.axes
            for panel, new in (
                (self.value, self.value.limit(units, _value_limits([link.one.values for link in shown]))),
                (self.gradient, self.gradient.limit(units, along, "y", along_marks)),
                (self.every, self.every.limit(x, across, "y", across_marks)),
            )
            if new
        ]
        if changed:
            self.forget(*changed)

    @staticmethod
    def _marks(panel: Panel, ends: tuple[float, float], gradients: Sequence[Floats]) -> list[float]:
        """Powers of ten, and the lower edge if a gradient of zero runs along it."""
        low, high = np.log10(ends)
        apart = next(step for step in (1, 2, 3, 5, 10, 20, 30, 50, 100) if (high - low) / step < panel.box.height / 28)
        places = np.arange(np.ceil(low / apart), np.floor(high / apart) + 1) * apart
        if any((each == 0).any() for each in gradients):
            return [ends[0], *10.0 ** places[places - low > 0.08 * (high - low)]]
        return list(10.0**places)

    def _show(self, panel: Panel, view: ChainView, pinned: ChainView | None, x: Floats, name: str) -> None:
        """One line per nonlinearity, with its label."""
        ends, log, alone = panel.axes.get_ylim(), name == "gradients", len(view.links) == 1
        level = Stroke(np.array(panel.axes.get_xlim()), np.full(2, float(log)), SUBTLE, DOTTED, 1.0)
        pale = []
        for link in pinned.links if pinned else ():
            y = _within(getattr(link.one, name)[:, 0], ends, log)
            pale.append(Stroke(np.arange(float(len(y))), y, PINNED, DASHED, 1.4))
        panel.draw([level, *pale], panel.behind)
        strokes, marks, labels = [], [], []
        for place, link in enumerate(view.links):
            color, row = activation_color(link.activation.name), getattr(link.one, name)[:, 0]
            y = _within(row, ends, log)
            strokes.append(Stroke(x, y, color, "-", 2.4 if place == 0 else 1.5))
            if place == 0 and view.n <= 30:
                marks += [(float(i), float(value), color, True) for i, value in enumerate(y)]
            else:
                marks.append((float(x[-1]), float(y[-1]), color, True))
            labels.append(self._end(panel, link, float(x[-1]), float(y[-1]), float(row[-1]), color, alone))
        panel.draw(strokes[::-1])
        panel.mark(marks)
        self._texts.beside_lines(panel, labels, panel.box.right + self._right - 3)

    def _end(self, panel: Panel, link: Link, x: float, y: float, value: float, color: str, alone: bool) -> Label:
        left, bottom = panel.pixels(x, y)
        text = _number(value) if alone else link.activation.label
        return Label(left + 8, bottom - 3.5, text, color=color)

    def _show_every(self, view: ChainView, pinned: ChainView | None, alone: bool) -> None:
        panel = self.every
        ends, x = panel.axes.get_ylim(), np.array(panel.axes.get_xlim())
        level = Stroke(x, np.ones(2), SUBTLE, DOTTED, 1.0)
        here = Stroke(np.full(2, view.at), np.array(ends), SUBTLE, DOTTED, 1.3)
        pale = (
            [
                Stroke(pinned.x, _within(link.every.gradients[-1], ends, True), PINNED, DASHED, 1.4)
                for link in (pinned.links if pinned else ())
            ]
            if pinned
            else []
        )
        panel.draw([level, here, *pale], panel.behind)
        strokes, marks, labels = [], [], []
        for place, link in enumerate(view.links):
            color = activation_color(link.activation.name)
            y = _within(link.every.gradients[-1], ends, True)
            strokes.append(Stroke(view.x, y, color, "-", 2.4 if place == 0 else 1.5))
            now = float(link.one.gradients[-1, 0])
            marks.append((view.at, float(_within(np.array([now]), ends, True)[0]), color, True))
            text = "" if alone else link.activation.label
            left, bottom = panel.pixels(float(view.x[-1]), float(y[-1]))
            labels.append(Label(left + 8, bottom - 3.5, text, color=color))
        panel.draw(strokes[::-1])
        panel.mark(marks)
        self._texts.beside_lines(panel, labels if not alone else [], panel.box.right + self._right - 3)


def power(value: float) -> str:
    """1e−5, 0.1, 1, 10, 1e6; 0 for the lower edge, the only mark that is no power of ten."""
    if abs(np.log10(value) - round(np.log10(value))) > 1e-6:
        return "0"
    return (
        plain(value)
        if 0.01 <= value <= 100
        else f"{value:.0e}".replace("e-0", "e−").replace("e-", "e−").replace("e+0", "e").replace("e+", "e")
    )


def _number(value: float) -> str:
    """A value or gradient at the end of its line."""
    return precise(value)


def _within(values: Floats, ends: tuple[float, float], log: bool) -> Floats:
    """Values where the axis can show them: off the scale, at its edge."""
    size = np.abs(values) if log else values
    kept: Floats = np.clip(np.nan_to_num(size, nan=ends[1], posinf=ends[1], neginf=ends[0]), *ends)
    return kept


def _decades(gradients: Sequence[Floats]) -> tuple[float, float]:
    """Whole decades around all sizes, and from the nearest at least."""
    sizes = np.concatenate([np.abs(each).ravel() for each in gradients])
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    ends = [float(sizes.min()), float(sizes.max())] if len(sizes) else []
    low, high = decades([*NEAREST, *ends])
    low = 10.0 ** max(np.floor(round(np.log10(low)) / 3) * 3, -321)  # so that the axis does not crawl with every unit
    high = 10.0 ** min(np.ceil((round(np.log10(high)) - 1) / 3) * 3 + 1, 307)
    return low / 2, high * 2


def _value_limits(values: Sequence[Floats]) -> tuple[float, float]:
    every = np.concatenate([each.ravel() for each in values])
    every = every[np.isfinite(every)]
    low, high = -_above(-float(every.min())) if every.min() < 0 else 0.0, max(_above(float(every.max())), 1.0)
    return low - 0.04 * (high - low), high + 0.04 * (high - low)


def _above(value: float) -> float:
    """The first of 0.001, 0.003, 0.01, 0.03, ... that is not below ``value``: few, so that the axis rarely moves."""
    if value <= 0:
        return 0.0
    power = 10.0 ** np.floor(np.log10(max(value, 1e-3)) + 1e-9)
    return float(next(step * power for step in (1, 3, 10) if step * power >= value * (1 - 1e-9)))
