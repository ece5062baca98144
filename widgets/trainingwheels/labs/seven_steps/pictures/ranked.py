"""How far nets have come, over their learning rate; below, the losses and accuracies of some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trainingwheels.engine.steps.passing import Verdict
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import HEADING, Panel, Stroke, label_size, percent, plain, rows_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.run_curves import RunCurves
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE
from trainingwheels.labs.seven_steps.pictures.judged import Judged

__all__ = ["Line", "Ranked", "RankedPicture"]

Floats = NDArray[Any]
TOP = 1.25  # of the loss before training: what is higher lies on the edge
FLOORS = (0.9, 0.8, 0.5)  # where a scale of accuracies may begin, if none lies below
_TALL, _TALL_NARROW = 265.0, 215.0  # a row of panels, CSS pixels


@dataclass(frozen=True)
class Line:
    """``y`` over ``x``, NaN where it is unknown, and what it is called."""

    name: str
    color: str
    x: Floats
    y: Floats


@dataclass(frozen=True)
class Ranked:
    """The ``curves`` of nets; above them ``lines`` over the learning rate: shares of a loss if ``losses``, else
    accuracies. ``bound`` is where a step is passed, ``heading`` and ``words`` say what is shown."""

    curves: Judged
    lines: Sequence[Line]
    bound: float
    heading: str
    words: str
    losses: bool = False

    @property
    def verdict(self) -> Verdict | None:
        """Whether the step is passed."""
        return self.curves.verdict


class RankedPicture(Picture):
    """One panel above, loss and accuracy below."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        tall, right = (_TALL_NARROW, 84.0) if narrow else (_TALL, 110.0)
        columns = [1, 1, 1] if narrow else [1, 2]
        size = (width, len(columns) * tall)
        first, loss, accuracy = rows_of_boxes(width, tall, columns, right)
        canvas = self.sheet(*size)
        self._texts = Texts(canvas, label_size(width))
        self._room = first.right + right - 3
        self._above = Panel(self.figure, first, size, percent, plain)
        rooms = (loss.right + right - 3, accuracy.right + right - 3)
        self.curves = RunCurves(self.figure, loss, accuracy, size, self._texts, rooms)
        self.parts = {self._above.axes: self._above.rectangle, **self.curves.parts}
        self.live = [*self._above.live, *self.curves.live, *self._texts.live]
        return size[1]

    def show(self, result: Ranked, pinned: Ranked | None = None) -> None:
        changed = self.curves.show(result.curves, None if pinned is None else pinned.curves)
        changed += self._show_above(result, pinned)
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _show_above(self, result: Ranked, pinned: Ranked | None) -> list[Axes]:
        panel = self._above
        x = _ends(result.lines)
        y = (0.0, TOP) if result.losses else (_floor(result.lines), 1.005)
        changed = panel.limit(x, y, "x") | panel.name("learning rate")
        lines = [_within(line, y[1]) for line in result.lines]
        behind = [Stroke(np.array(x), np.full(2, result.bound), SUBTLE, ":", 1.4)]
        if pinned is not None and pinned.losses == result.losses:
            behind += [Stroke(old.x, old.y, PINNED, "-", 1.2) for old in (_within(each, y[1]) for each in pinned.lines)]
        panel.draw([Stroke(line.x, line.y, line.color, "-", 2.0) for line in lines if len(line.x)])
        panel.draw(behind, panel.behind)
        panel.mark([mark for line in lines for mark in _marks(line, result.losses)])
        ends = [_end(panel, line) for line in lines if len(line.x) and line.name]
        side = "passed below" if result.losses else "passed above"
        ends.append(Label(panel.box.right + 7, panel.pixels(x[1], result.bound)[1] - 3.5, side, color=SUBTLE))
        self._texts.beside_lines(panel, ends, self._room)
        parts = ((result.heading, INK), (result.words, SUBTLE))
        self._texts.heading(panel.box.x - 34, panel.box.top + HEADING, self._room, *parts)
        return [panel.axes] * changed


def _ends(lines: Sequence[Line]) -> tuple[float, float]:
    return float(min(line.x[0] for line in lines)) / 1.1, float(max(line.x[-1] for line in lines)) * 1.1


def _floor(lines: Sequence[Line]) -> float:
    lowest = float(np.min([line.y for line in lines]))
    return next((floor for floor in FLOORS if lowest >= floor), 0.0)  # also where nothing is known


def _within(line: Line, top: float) -> Line:
    """What is known of a line; what is off the scale lies on its edge."""
    known = np.isfinite(line.y)
    return Line(line.name, line.color, line.x[known], np.minimum(line.y[known], top))


def _marks(line: Line, losses: bool) -> list[tuple[float, float, str, bool]]:
    """A dot for each learning rate, and a ring for the best."""
    if not len(line.x):
        return []
    best = int(np.argmin(line.y) if losses else np.argmax(line.y))
    return [(float(x), float(y), line.color, at != best) for at, (x, y) in enumerate(zip(line.x, line.y, strict=True))]


def _end(panel: Panel, line: Line) -> Label:
    y = panel.pixels(float(line.x[-1]), float(line.y[-1]))[1]
    return Label(panel.box.right + 7, y - 3.5, line.name, color=line.color)
