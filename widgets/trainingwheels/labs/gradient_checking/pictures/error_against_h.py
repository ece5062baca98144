"""The relative error of a gradient check against its step h: the V that truncation and rounding make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label, compact, short
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import HEADING, Box, Panel, Stroke, label_size, plain
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE
from trainingwheels.labs.gradient_checking.pictures.error_zones import (
    ERROR_MARKS,
    LEAST,
    MOST,
    clipped,
    tint,
    zone_names,
)

__all__ = ["ErrorCurves", "ErrorPicture"]

Floats = NDArray[Any]
_HEIGHT, _HEIGHT_NARROW = 430.0, 480.0  # CSS pixels
_DASHED, _DOTTED = (0, (5, 3)), (0, (1, 2))


@dataclass(frozen=True)
class ErrorCurves:
    """Relative errors over the steps ``hs``.

    ``curves`` has one line per precision, ``chosen`` names the one that is looked at, with ``error`` at ``h``.
    ``other`` is the same line with the other difference, called ``other_name``. ``guides`` are straight lines:
    the step and error of each end, and a name or none. ``title`` says what is checked.
    """

    hs: Floats
    curves: Mapping[str, Floats]
    chosen: str
    h: float
    error: float
    other: Floats
    other_name: str
    title: str
    guides: tuple[tuple[Floats, Floats, str], ...] = field(default=())


class ErrorPicture(Picture):
    """One panel, both axes logarithmic, over the zones of the verdict; a pinned result stands behind, pale."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        height = _HEIGHT_NARROW if narrow else _HEIGHT
        self._right = 8.0 if narrow else 112.0
        box = Box(54, 42, width - 54 - self._right - 4, height - 42 - 30)
        canvas = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height), zorder=5)
        canvas.set_axis_off()
        self._texts = Texts(canvas, label_size(width))
        self._panel = Panel(self.figure, box, (width, height), plain, plain)
        tint(self._panel.axes, "y")
        self._panel.limit((1e-15, 1.0), (LEAST, MOST), "xy", ERROR_MARKS)
        self._panel.name("step h")
        self.live = [*self._panel.live, *self._texts.live]
        return height

    def show(self, result: ErrorCurves, pinned: ErrorCurves | None = None) -> None:
        behind = [Stroke(hs, np.clip(errors, LEAST, MOST), SUBTLE, _DOTTED, 1.4) for hs, errors, _ in result.guides]
        if pinned is not None:
            behind += [_stroke(pinned, name, PINNED, 1.4) for name in pinned.curves]
        self._panel.draw(behind, self._panel.behind)
        color = _color(result, result.chosen)
        other = Stroke(result.hs, np.array(clipped(result.other.tolist())), color, _DASHED, 1.2)
        here = Stroke(np.full(2, result.h), np.array([LEAST, MOST]), INK, "-", 0.8)
        names = sorted(result.curves, key=lambda name: name == result.chosen)
        lines = [_stroke(result, name, _color(result, name), 2.6 if name == result.chosen else 1.5) for name in names]
        self._panel.draw([here, other, *lines])
        self._panel.mark([(result.h, clipped([result.error])[0], color, True)])
        self._write(result, pinned)

    def _write(self, result: ErrorCurves, pinned: ErrorCurves | None) -> None:
        panel, texts, width = self._panel, self._texts, self.width
        ends = [self._beside(result, result.curves[name], name, _color(result, name), 3e-3) for name in result.curves]
        ends.append(self._beside(result, result.other, result.other_name, _color(result, result.chosen), 3e-8))
        x, y = panel.pixels(result.h, result.error)
        value = f"{short(result.error)} at h = {compact(result.h)}"
        left = x + 9 if x + 9 + texts.width(value) < panel.box.right else x - 9 - texts.width(value)
        ends.insert(0, Label(left, y - 20 if y > panel.box.y + 30 else y + 8, value, color=INK))
        ends += [self._under(*guide) for guide in result.guides if guide[2]]
        texts.beside_lines(panel, ends, panel.box.right)
        for low, high, name in zone_names():
            bottom, top = panel.pixels(1, low)[1], panel.pixels(1, high)[1]
            beside = panel.box.right + 6, (bottom + top) / 2 - 4
            inside = panel.box.x + (0.4 * panel.box.width if name == "wrong" else 6), bottom + 5
            texts.put(Label(*(beside if self._right > 50 else inside), name, color=SUBTLE))
        head = (result.title, INK), ("relative error of the whole gradient", SUBTLE)
        texts.heading(panel.box.x - 40, panel.box.top + HEADING, width - 4, *head)
        texts.flush()

    def _beside(self, result: ErrorCurves, errors: Floats, name: str, color: str, level: float) -> Label:
        """The name of a curve, beside its left arm at this error, or where the curve begins if it is lower."""
        place = max(0, int((errors < max(level, 1.5 * errors.min())).argmax()) - 1)
        x, y = self._panel.pixels(float(result.hs[place]), float(errors[place]))
        return Label(x + 9, y + 5, name, color=color)

    def _under(self, hs: Floats, errors: Floats, name: str) -> Label:
        """The name of a guide, at its lower end: below a line that falls, before one that rises."""
        lower, width = int(errors.argmin()), self._texts.width(name)
        x, y = self._panel.pixels(float(hs[lower]), float(errors[lower]))
        if hs[lower] > hs[1 - lower]:
            return Label(x - 6 - width, y - 8, name, color=SUBTLE)
        before = x - 8 - width
        return Label(before if before > self._panel.box.x else x + 24, y + 6, name, color=SUBTLE)


def _color(result: ErrorCurves, name: str) -> str:
    return run_color(list(result.curves).index(name))


def _stroke(result: ErrorCurves, name: str, color: str, width: float) -> Stroke:
    return Stroke(result.hs, np.clip(result.curves[name], LEAST, MOST), color, "-", width)
