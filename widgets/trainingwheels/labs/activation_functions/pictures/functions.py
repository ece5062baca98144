"""Nonlinearities over their inputs: values above slopes, the inputs' density below, and what comes out at the side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from numpy.typing import NDArray

from trainingwheels.engine import Activation, Outputs
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label, precise, short
from trainingwheels.figures.palettes import activation_color
from trainingwheels.figures.panels import HEADING, Box, Panel, Stroke, label_size, percent, plain
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.texts import LINE, OUT, Texts, apart
from trainingwheels.figures.theme import INK, MEANING, PINNED, SUBTLE
from trainingwheels.labs.activation_functions.pictures.densities import beyond, cut_off, outline

__all__ = ["DASHED", "DOTTED", "Curve", "FunctionsPicture", "FunctionsView", "Point"]

Floats = NDArray[np.float64]
DOTTED = (0, (1, 1.6))
DASHED = (0, (4, 2))
DASHES = "– – "  # a key: dashed is the mean
MEAN = DASHES + "mean"
LEAST = 0.005  # a share of the inputs below this is not worth a number
FIVE_PERCENT = 0.05  # of the largest slope: below it, a smooth nonlinearity counts as saturated


@dataclass(frozen=True)
class Curve:
    """One nonlinearity: ``value`` and ``slope`` over the view's x, those ``at`` one of them, and its ``outputs``."""

    activation: Activation
    value: Floats
    slope: Floats
    at: tuple[float, float]
    outputs: Outputs


@dataclass(frozen=True)
class FunctionsView:
    """Curves over ``x``, the first of them looked at closely.

    ``at`` is the input that is looked at, ``mean`` and ``std`` those of Gaussian inputs. ``lines`` are (w, b) of the
    lines under a maxout, or none.
    """

    x: Floats
    curves: Sequence[Curve]
    at: float
    mean: float
    std: float
    lines: Sequence[tuple[float, float]] = ()


class Point(NamedTuple):
    """A place in the picture: which panel ("value", "slope" or "inputs"), and what it means there."""

    panel: str
    x: float
    y: float


class FunctionsPicture(Picture):
    """Values and slopes share their inputs; the densities of outputs and slopes share their scales.

    A pinned view is drawn pale behind.
    """

    def arrange(self, width: float) -> float:
        boxes, height = _places(width)
        size = (width, height)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        none = "".format
        self.value = Panel(self.figure, boxes["value"], size, plain, none)
        self.slope = Panel(self.figure, boxes["slope"], size, plain, none)
        self._inputs = Panel(self.figure, boxes["inputs"], size, none, plain)
        self._outputs = Panel(self.figure, boxes["outputs"], size, none, none)
        self._slopes = Panel(self.figure, boxes["slopes"], size, none, none)
        panels = (self.value, self.slope, self._inputs, self._outputs, self._slopes)
        for panel in (self._outputs, self._slopes):
            panel.axes.tick_params(axis="x", length=0)
        sides = (self._outputs, self._slopes)
        self.parts = {panel.axes: _room(panel.box, panel in sides) for panel in panels}
        self.live = [artist for owner in (*panels, self._texts) for artist in owner.live]
        return height

    def show(self, result: FunctionsView, pinned: FunctionsView | None = None) -> None:
        if changed := self._limit(result):
            self.forget(*changed)
        self._show_values(result, pinned)
        self._show_slopes(result, pinned)
        self._show_inputs(result)
        for panel, name in ((self._outputs, "values"), (self._slopes, "slopes")):
            self._show_density(panel, result, pinned, name)
        self._write(result)
        self._texts.flush()

    def point(self, x: float, y: float) -> Point | None:
        for name, panel in (("value", self.value), ("slope", self.slope), ("inputs", self._inputs)):
            if found := panel.values(x, y) if self.has_result else None:
                return Point(name, *found)
        return None

    def _limit(self, view: FunctionsView) -> list[Axes]:
        """Set all limits; return the axes of which any is new."""
        x = float(view.x[0]), float(view.x[-1])
        values, slopes = value_limits(view), slope_limits(view)
        marks = (0.0, 1.0) if slopes[1] < 2 and slopes[0] > -1 else None
        self._inputs.name("input x")
        new = (
            (self.value, self.value.limit(x, values)),
            (self._outputs, self._outputs.limit((0.0, 1.0), values)),
            (self.slope, self.slope.limit(x, slopes, marks=marks)),
            (self._slopes, self._slopes.limit((0.0, 1.0), slopes, marks=marks)),
            (self._inputs, self._inputs.limit(x, (0.0, 1.15))),
        )
        return [panel.axes for panel, changed in new if changed]

    def _show_values(self, view: FunctionsView, pinned: FunctionsView | None) -> None:
        panel = self.value
        pale = [Stroke(pinned.x, curve.value, PINNED, DASHED, 1.5) for curve in pinned.curves] if pinned else []
        lines = [Stroke(view.x, w * view.x + b, INK, DASHED, 1.0) for w, b in view.lines]
        panel.draw([*_cross(panel, view.at), *pale, *lines], panel.behind)
        panel.draw(list(_strokes(view, "value")))
        dots = [(view.at, c.at[0], activation_color(c.activation.name), True) for c in view.curves]
        panel.mark([*_handles(view), *dots])
        panel.band(_regions(panel, view))

    def _show_slopes(self, view: FunctionsView, pinned: FunctionsView | None) -> None:
        panel = self.slope
        pale = [Stroke(pinned.x, curve.slope, PINNED, DASHED, 1.5) for curve in pinned.curves] if pinned else []
        panel.draw([*_cross(panel, view.at), *_threshold(view), *pale], panel.behind)
        panel.draw(list(_strokes(view, "slope")))
        panel.mark([(view.at, c.at[1], activation_color(c.activation.name), True) for c in view.curves])
        panel.band(_regions(panel, view))

    def _show_inputs(self, view: FunctionsView) -> None:
        density = np.exp(-(((view.x - view.mean) / view.std) ** 2) / 2)
        self._inputs.draw([Stroke(view.x, density, SUBTLE, "-", 1.5)])
        shades = [(view.x, np.zeros_like(density), density, INK)]
        self._inputs.band([*_regions(self._inputs, view), *shades])
        self._inputs.draw(_cross(self._inputs, view.at)[1:], self._inputs.behind)

    def _show_density(self, panel: Panel, view: FunctionsView, pinned: FunctionsView | None, name: str) -> None:
        """A histogram that lies on its side, of what the first curve makes of the inputs, and where all means are."""
        ends, first = panel.axes.get_ylim(), view.curves[0]
        zero = Stroke(np.array([0.0, 1.0]), np.zeros(2), SUBTLE, "-", 0.8)
        pale = [Stroke(*outline(pinned.curves[0].outputs, name, ends), PINNED, DASHED, 1.2)] if pinned else []
        panel.draw([zero, *pale], panel.behind)
        along, across = outline(first.outputs, name, ends)
        color = activation_color(first.activation.name)
        strokes = [Stroke(along, across, color, "-", 1.6)]
        for curve in view.curves:
            centre = curve.outputs.mean if name == "values" else curve.outputs.slope
            line = activation_color(curve.activation.name)
            strokes.append(Stroke(np.array([0.0, 1.0]), np.full(2, centre), line, DASHED, 1.8))
        panel.draw(strokes)
        panel.bands.set_verts([np.column_stack([along, across])])
        panel.bands.set_facecolor([to_rgba(color, 0.18)])

    def _write(self, view: FunctionsView) -> None:
        """Formulas over the panels, averages over those at the side, numbers beside the dots."""
        first, alone = view.curves[0], len(view.curves) == 1
        f, made = first.activation, first.outputs
        color = activation_color(f.name)
        whole = f"{MEAN} {precise(made.mean)}, std {short(made.std)}"
        for panel, side, name, formula, about in (
            (self.value, self._outputs, "f", f.written, whole),
            (self.slope, self._slopes, "f′", f.written_derivative, f"{MEAN} {precise(made.slope)}"),
        ):
            kind = f.label if panel is self.value else "slope"
            self._head(panel, kind, f"{name}(x) = {formula}", side.box.x - 8, color)
            self._head(side, "", about, self.width, color)
            words = self._regions(view) if panel is self.slope else []
            labels = [self._number(panel, view, name, color), *words, *self._lines(panel, view)]
            self._texts.beside_lines(panel, labels, panel.box.right)
            self._write_cut_off(side, made, "values" if panel is self.value else "slopes", color)
        about = f"mean {short(view.mean)}, std {short(view.std)}"
        self._head(self._inputs, "inputs", about, self.width, SUBTLE)
        if not alone:
            self._write_names(view)

    def _head(self, panel: Panel, name: str, about: str, room: float, color: str) -> None:
        """A line over a panel: as much of ``about`` as there is room for."""
        x, y = panel.box.x - (OUT if name else 0), panel.box.top + HEADING
        left = room - x - (self._texts.width(name) + 9 if name else 0)
        if not name and self._texts.width(about) > left:
            about = about.split(",")[0]
        if not name and self._texts.width(about) > left:
            about = about.removeprefix(DASHES)
        parts = [(name, INK)] if name else []
        self._texts.heading(x, y, room + 1, *parts, (self._texts.shortened(about, left), color))

    def _number(self, panel: Panel, view: FunctionsView, name: str, color: str) -> Label:
        """What the curve is at the input that is looked at, on the side of the dot that it leaves free."""
        kind = 0 if panel is self.value else 1
        number = view.curves[0].at[kind]
        x, y = panel.pixels(view.at, number)
        text = f"{name}({plain(float(f'{view.at:.3g}'))}) = {precise(number)}"
        width = self._texts.width(text)
        lines = [_in_pixels(panel, view.x, (curve.value, curve.slope)[kind]) for curve in view.curves]
        lines += [_in_pixels(panel, view.x, np.full_like(view.x, level)) for level in (0.0, *_thresholds(view)[:kind])]
        lines += [_in_pixels(panel, view.x, w * view.x + b) for w, b in view.lines if not kind]
        free = [
            (left, bottom)
            for bottom in (y - 15, y + 7, y + 20, y - 28, y + 33, y - 41, y - 56)
            for left in (x + 8, x - 8 - width)
            if panel.box.x < left < panel.box.right - width and panel.box.y + 2 <= bottom <= panel.box.top - 8
        ]
        left, bottom = min(free or [(x + 8, y + 7)], key=lambda at: _struck(lines, at[0], at[1], width))
        return Label(left, bottom, text, color=color)

    def _lines(self, panel: Panel, view: FunctionsView) -> list[Label]:
        """The names of the lines under a maxout, each where it is held, on a side of its own."""
        if panel is not self.value or not view.lines:
            return []
        labels, far = [], 0.3 * float(view.x[-1])
        for side, name, (w, b) in zip((1, -1), ("w₁x + b₁", "w₂x + b₂"), view.lines, strict=True):
            low, high = panel.axes.get_ylim()
            if low <= w * side * far + b <= high:
                x, y = panel.pixels(side * far, w * side * far + b)
                labels.append(Label(x + 8, y - 15 if w >= 0 else y + 7, name))
        return labels

    def _write_cut_off(self, side: Panel, made: Outputs, name: str, color: str) -> None:
        """How many of the inputs are in a bar that is cut off, and how many come out beyond the panel."""
        ends = side.axes.get_ylim()
        labels = []
        lines = [side.pixels(0, level)[1] for level in (0.0, made.mean if name == "values" else made.slope)]
        for low, high, share in cut_off(made, name, ends):
            bottom, top = (side.pixels(0, edge)[1] for edge in (low, high))
            free = all(abs(top + 9 - line) > 8 for line in lines)
            y = top + 5 if free else bottom - 13
            labels.append(Label(side.box.right, y, percent(share), 1.0, color))
        for y, arrow, share in zip((side.box.y, side.box.top - 9), "↓↑", beyond(made, name, ends), strict=True):
            if share >= LEAST:
                labels.append(Label(side.box.right, y, f"{arrow} {percent(share)}", 1.0, color))
        widths = [self._texts.width(label.text) for label in labels]
        self._texts.put_rimmed(*apart(labels, widths, side.box.y + 2, side.box.top - 9))

    def _write_names(self, view: FunctionsView) -> None:
        """All curves by name, in the corner that rising functions leave free."""
        box = self.value.box
        for place, curve in enumerate(view.curves):
            color = activation_color(curve.activation.name)
            y = box.top - 13 - place * (LINE + 1)
            self._texts.put_rimmed(Label(box.x + 8, y, curve.activation.label, color=color))

    def _regions(self, view: FunctionsView) -> list[Label]:
        """The word for the shaded regions, where it fits: over the slopes, which are next to zero there."""
        flat, panel = view.curves[0].activation.flat, self.slope
        if flat is None:
            return []
        words = ("saturated: slope below 5 %", "saturated") if flat.word == "saturated" else ("off: slope 0", "off")
        labels = []
        for low, high in _flat_parts(view):
            left, right = panel.pixels(low, 0)[0], panel.pixels(high, 0)[0]
            fitting = [word for word in words if self._texts.width(word) < right - left - 6]
            for word in fitting[:1]:
                x = (left + right - self._texts.width(word)) / 2
                labels.append(Label(x, panel.box.top - 14, word, color=_shade(flat.word)))
        return labels


def value_limits(view: FunctionsView) -> tuple[float, float]:
    """From below all values to above them, but at most half as far as the inputs go, where nothing happens any more,
    or as far as the values at the input that is looked at."""
    here = max(abs(curve.at[0]) for curve in view.curves)
    most = max(1.5, float(view.x[-1]) / 2, np.ceil(here * 2 + 0.4) / 2)
    low = -most if view.lines else min(float(curve.value.min()) for curve in view.curves)
    high = max(float(curve.value.max()) for curve in view.curves)
    return max(np.floor(min(low, 0.0) * 2 - 0.4) / 2, -most), min(np.ceil(max(high, 1.0) * 2 + 0.4) / 2, most)


def slope_limits(view: FunctionsView) -> tuple[float, float]:
    """Around all slopes, and 0 and 1 at least."""
    low = min(float(curve.slope.min()) for curve in view.curves)
    high = max(float(curve.slope.max()) for curve in view.curves)
    return np.floor(min(low, 0.0) * 2) / 2 - 0.15, np.ceil(max(high, 1.0) * 2 - 0.4) / 2 + 0.25


def _strokes(view: FunctionsView, name: str) -> Iterator[Stroke]:
    """The lines, the one that is looked at on top."""
    for place in reversed(range(len(view.curves))):
        curve = view.curves[place]
        width = 2.6 if place == 0 else 1.6
        yield Stroke(view.x, getattr(curve, name), activation_color(curve.activation.name), "-", width)


def _in_pixels(panel: Panel, x: Floats, y: Floats) -> Floats:
    """A line's points within the panel, CSS pixels, ndarray of shape (points, 2)."""
    (left, right), (low, high), box = panel.axes.get_xlim(), panel.axes.get_ylim(), panel.box
    seen = (y >= low) & (y <= high)
    across, up = (x[seen] - left) / (right - left), (y[seen] - low) / (high - low)
    return np.column_stack([box.x + box.width * across, box.y + box.height * up])


def _struck(lines: Sequence[Floats], left: float, bottom: float, width: float) -> int:
    """How many points of lines go through a text."""
    return sum(
        int(np.count_nonzero((abs(x - left - width / 2) < width / 2 + 2) & (y > bottom - 3) & (y < bottom + 10)))
        for x, y in (line.T for line in lines)
    )


def _cross(panel: Panel, at: float) -> list[Stroke]:
    """The line y = 0, and the input that is looked at."""
    x, y = np.array(panel.axes.get_xlim()), np.array(panel.axes.get_ylim())
    return [Stroke(x, np.zeros(2), SUBTLE, "-", 0.8), Stroke(np.full(2, at), y, SUBTLE, DOTTED, 1.3)]


def _thresholds(view: FunctionsView) -> list[float]:
    """Below this slope, the nonlinearity counts as saturated."""
    curve = view.curves[0]
    if curve.activation.flat is None or curve.activation.flat.word != "saturated":
        return []
    return [FIVE_PERCENT * float(np.abs(curve.slope).max())]


def _threshold(view: FunctionsView) -> list[Stroke]:
    return [
        Stroke(view.x[[0, -1]], np.full(2, level), MEANING["saturated"], DASHED, 1.0) for level in _thresholds(view)
    ]


def _handles(view: FunctionsView) -> list[tuple[float, float, str, bool]]:
    """Where a maxout's lines can be seen to be held: in the middle, and towards both ends."""
    far = 0.3 * float(view.x[-1])
    return [(x, w * x + b, INK, False) for w, b in view.lines for x in (-far, 0.0, far)]


def _flat_parts(view: FunctionsView) -> list[tuple[float, float]]:
    """The intervals of x, within the view, at which the curve that is looked at is flat."""
    flat, (low, high) = view.curves[0].activation.flat, (float(view.x[0]), float(view.x[-1]))
    if flat is None:
        return []
    if flat.below >= flat.above:
        return [(low, high)]
    parts = [(low, min(flat.below, high)), (max(flat.above, low), high)]
    return [(left, right) for left, right in parts if left < right]


def _regions(panel: Panel, view: FunctionsView) -> list[tuple[Floats, Floats, Floats, str]]:
    low, high = panel.axes.get_ylim()
    flat = view.curves[0].activation.flat
    return [
        (np.array(part), np.full(2, low), np.full(2, high), _shade(flat.word if flat else ""))
        for part in _flat_parts(view)
    ]


def _shade(word: str) -> str:
    return MEANING["saturated" if word == "saturated" else "dead"]


def _room(box: Box, side: bool) -> tuple[float, float, float, float]:
    """What a panel takes with its numbers. Columns do not overlap; below, a panel's room ends under the next one."""
    return box.x - (3 if side else 40), box.y - 40, box.right + 9, box.top + 6


def _places(width: float) -> tuple[dict[str, Box], float]:
    """The boxes of the panels, and the height of the picture."""
    narrow = width < NARROW
    value, slope, inputs = (180.0, 96.0, 34.0) if narrow else (250.0, 130.0, 48.0)
    side, left, gap = (60.0, 40.0, 13.0) if narrow else (150.0, 46.0, 14.0)
    main = width - left - gap - side - 10
    bottoms = {"inputs": 40.0, "slope": 40 + inputs + 26, "value": 40 + inputs + slope + 54}
    heights = {"inputs": inputs, "slope": slope, "value": value}
    boxes = {name: Box(left, bottoms[name], main, heights[name]) for name in heights}
    for name, beside in (("outputs", "value"), ("slopes", "slope")):
        boxes[name] = Box(left + main + gap, bottoms[beside], side, heights[beside])
    return boxes, bottoms["value"] + value + 24
