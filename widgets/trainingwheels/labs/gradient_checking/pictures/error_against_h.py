"""The relative error of a gradient check against its step h: the V that truncation and rounding make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from trainingwheels.figures.theme import DOTTED, INK, PINNED, SUBTLE
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
_DASHED = (0, (5, 3))


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
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._panel = Panel(self.figure, box, (width, height), plain, plain)
        tint(self._panel.axes, "y")
        self._panel.limit((1e-15, 1.0), (LEAST, MOST), "xy", ERROR_MARKS)
        self._panel.name("step h")
        self.live = [*self._panel.live, *self._texts.live]
        return height

    def show(self, result: ErrorCurves, pinned: ErrorCurves | None = None) -> None:
        behind = [Stroke(hs, np.clip(errors, LEAST, MOST), SUBTLE, DOTTED, 1.4) for hs, errors, _ in result.guides]
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
        value = f"{short(result.error)} at h = {compact(result.h)}"
        ends.insert(0, Label(*panel.pixels(result.h, result.error), value, color=INK))
        ends += [self._under(*guide) for guide in result.guides if guide[2]]
        texts.beside_lines(panel, self._clear(ends, result), panel.box.right)
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
        return Label(x, y, name, color=color)

    def _clear(self, labels: Sequence[Label], result: ErrorCurves) -> list[Label]:
        """The labels, each beside its point where it strikes the fewest lines, and no label that stands already."""
        box, found = self._panel.box, list[tuple[float, float, float]]()
        xs = np.arange(box.x, box.right)
        curves = [(result.hs, errors) for errors in (*result.curves.values(), result.other)]
        curves += [(hs, errors) for hs, errors, _ in result.guides]
        lines = [self._line(xs, *curve) for curve in curves]
        moved = []
        for label in labels:
            width = self._texts.width(label.text)

            def struck(at: tuple[float, float], width: float = width) -> int:
                x, y = at
                under = (xs >= x - 3) & (xs <= x + width + 3)
                count = sum(bool(((line[under] > y - 5) & (line[under] < y + 12)).any()) for line in lines)
                here = self._panel.pixels(result.h, 1.0)[0]
                count += x - 3 < here < x + width + 3
                count += 3 * sum(abs(y - b) < 14 and x < a + w + 6 and a < x + width + 6 for a, b, w in found)
                outside = x < box.x or x + width > box.right or y < box.y or y + 10 > box.top
                return count + 4 * outside

            right, left = label.x + 9, label.x - 9 - width
            places = [(x, label.y + dy) for dy in (5, -18, 18, -30, 32, -46, 46, -62, 62) for x in (right, left)]
            x, y = min(places, key=struck)
            found.append((x, y, width))
            moved.append(label._replace(x=x, y=y))
        return moved

    def _line(self, xs: Floats, hs: Floats, errors: Floats) -> Floats:
        """The height of a curve at each ``xs``, CSS pixels; NaN where it is not."""
        points = np.array([self._panel.pixels(*point) for point in zip(hs.tolist(), errors.tolist(), strict=True)])
        points = points[np.argsort(points[:, 0], kind="stable")]
        return np.asarray(np.interp(xs, points[:, 0], points[:, 1], left=np.nan, right=np.nan))

    def _under(self, hs: Floats, errors: Floats, name: str) -> Label:
        """The name of a guide, a little above its lower end."""
        lower = int(errors.argmin())
        at = np.exp(0.12 * np.log(hs[1 - lower]) + 0.88 * np.log(hs[lower]))
        x, y = self._panel.pixels(float(at), float(np.exp(np.interp(np.log(at), np.log(hs), np.log(errors)))))
        return Label(x, y, name, color=SUBTLE)


def _color(result: ErrorCurves, name: str) -> str:
    return run_color(list(result.curves).index(name))


def _stroke(result: ErrorCurves, name: str, color: str, width: float) -> Stroke:
    return Stroke(result.hs, np.clip(result.curves[name], LEAST, MOST), color, "-", width)
