"""Learning rates over steps, or accuracies over learning rates, above the losses and accuracies of the nets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainingwheels.figures import CurvesView
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panel_and_curves import Line, PanelAndCurvesPicture, marks
from trainingwheels.figures.panels import Panel, Stroke, percent, plain
from trainingwheels.figures.run_curves import ACCURACY, TENTHS
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.theme import PINNED, SUBTLE

__all__ = ["SchedulesPicture", "SchedulesView"]


@dataclass(frozen=True)
class SchedulesView:
    """The ``curves`` of the nets; above them ``lines``: learning rates over steps or, ``by_rate``, the validation
    accuracy of all nets over their learning rate. ``now`` is the step, where there is one for all."""

    curves: CurvesView
    lines: Sequence[Line]
    by_rate: bool
    now: int | None = None


class SchedulesPicture(PanelAndCurvesPicture):
    """Learning rates, or what has come of them, above."""

    right = 130.0
    _by_rate = False

    def number(self, value: float) -> str:
        return (percent if self._by_rate else plain)(value)

    def show_above(self, panel: Panel, result: SchedulesView, pinned: SchedulesView | None) -> bool:
        self._by_rate = result.by_rate
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
        behind = [] if result.now is None else [Stroke(np.full(2, result.now), np.array(panel.axes.get_ylim()), SUBTLE)]
        if pinned is not None and pinned.by_rate == result.by_rate:
            behind += [Stroke(line.x, line.y, PINNED, "-", 1.2) for line in pinned.lines]
        panel.draw([Stroke(line.x, line.y, line.color, "-", 2.0) for line in lines])
        panel.draw(behind, panel.behind)
        panel.mark([mark for line in lines if result.by_rate for mark in marks(line)])
        self.write(heading, words, [_end(panel, line) for line in lines])
        return changed


def _end(panel: Panel, line: Line) -> Label:
    x, y = panel.pixels(float(line.x[-1]), float(line.y[-1]))
    return Label(x + 7, y - 3.5, line.name, color=line.color)
