"""Learning rates over steps, or accuracies over learning rates, above the losses and accuracies of the nets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trainingwheels.figures import CurvesView
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import HEADING, Panel, Stroke, label_size, percent, plain, rows_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.run_curves import ACCURACY, TENTHS, RunCurves
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE

__all__ = ["Line", "SchedulesPicture", "SchedulesView"]

Floats = NDArray[Any]
_TALL, _TALL_NARROW = 265.0, 215.0  # a row of panels, CSS pixels


@dataclass(frozen=True)
class Line:
    """``y`` over ``x``, and what it is called."""

    name: str
    color: str
    x: Floats
    y: Floats


@dataclass(frozen=True)
class SchedulesView:
    """The ``curves`` of the nets; above them ``lines``: learning rates over steps or, ``by_rate``, the validation
    accuracy of all nets over their learning rate. ``now`` is the step, where there is one for all."""

    curves: CurvesView
    lines: Sequence[Line]
    by_rate: bool
    now: int | None = None


class SchedulesPicture(Picture):
    """One panel above, loss and accuracy below."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        tall, right = (_TALL_NARROW, 84.0) if narrow else (_TALL, 130.0)
        columns = [1, 1, 1] if narrow else [1, 2]
        height = len(columns) * tall
        size = (width, height)
        first, loss, accuracy = rows_of_boxes(width, tall, columns, right)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._room = first.right + right - 3
        self._by_rate = False
        self._above = Panel(self.figure, first, size, lambda value: (percent if self._by_rate else plain)(value), plain)
        rooms = (loss.right + right - 3, accuracy.right + right - 3)
        self.curves = RunCurves(self.figure, loss, accuracy, size, self._texts, rooms)
        self.parts = {self._above.axes: self._above.rectangle, **self.curves.parts}
        self.live = [*self._above.live, *self.curves.live, *self._texts.live]
        return height

    def show(self, result: SchedulesView, pinned: SchedulesView | None = None) -> None:
        changed = self.curves.show(result.curves, None if pinned is None else pinned.curves)
        changed += self._show_above(result, pinned)
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _show_above(self, result: SchedulesView, pinned: SchedulesView | None) -> list[Axes]:
        panel, self._by_rate = self._above, result.by_rate
        lines = result.lines
        if result.by_rate:
            x = float(min(line.x[0] for line in lines)), float(max(line.x[-1] for line in lines))
            changed = panel.limit(x, ACCURACY, "x", TENTHS) | panel.name("learning rate")
            heading, words = "validation accuracy now", "○ the best of each batch size, whose curves stand below"
        else:
            top = fine_reach(1.05 * max(float(line.y.max()) for line in lines))
            last = float(max(line.x[-1] for line in lines))
            changed = panel.limit((0.0, last), (0.0, top)) | panel.name("step")
            heading, words = "learning rate", "over the steps; the line is where the nets are"
        strokes = [Stroke(line.x, line.y, line.color, "-", 2.0) for line in lines]
        behind = [] if result.now is None else [Stroke(np.full(2, result.now), np.array(panel.axes.get_ylim()), SUBTLE)]
        if pinned is not None and pinned.by_rate == result.by_rate:
            behind += [Stroke(line.x, line.y, PINNED, "-", 1.2) for line in pinned.lines]
        panel.draw(strokes)
        panel.draw(behind, panel.behind)
        panel.mark([mark for line in lines if result.by_rate for mark in _marks(line)])
        ends = [_end(panel, line) for line in lines]
        self._texts.beside_lines(panel, ends, self._room)
        parts = ((heading, INK), (words, SUBTLE))
        self._texts.heading(panel.box.x - 34, panel.box.top + HEADING, self._room, *parts)
        return [panel.axes] * changed


def _marks(line: Line) -> list[tuple[float, float, str, bool]]:
    """A dot for each learning rate, and a ring for the best."""
    best = int(np.argmax(line.y))
    return [(float(x), float(y), line.color, at != best) for at, (x, y) in enumerate(zip(line.x, line.y, strict=True))]


def _end(panel: Panel, line: Line) -> Label:
    x, y = panel.pixels(float(line.x[-1]), float(line.y[-1]))
    return Label(x + 7, y - 3.5, line.name, color=line.color)
