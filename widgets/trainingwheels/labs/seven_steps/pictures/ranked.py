"""How far nets have come, over their learning rate; below, the losses and accuracies of some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainingwheels.engine.steps.passing import Verdict
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panel_and_curves import Line, PanelAndCurvesPicture, marks
from trainingwheels.figures.panels import Panel, Stroke
from trainingwheels.figures.theme import PINNED, SUBTLE
from trainingwheels.labs.seven_steps.pictures.judged import Judged

__all__ = ["TOP", "Ranked", "RankedPicture"]

TOP = 1.25  # of the loss before training: what is higher lies on the edge
FLOORS = (0.9, 0.8, 0.5)  # where a scale of accuracies may begin, if none lies below


@dataclass(frozen=True)
class Ranked:
    """The ``curves`` of nets; above them ``lines`` over the learning rate, NaN where nothing is known: shares of a loss
    if ``losses``, else accuracies. ``bound`` is where a step is passed, ``heading`` and ``words`` say what is shown."""

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


class RankedPicture(PanelAndCurvesPicture):
    """What has come of the learning rates, above."""

    right = 110.0

    def show_above(self, panel: Panel, result: Ranked, pinned: Ranked | None) -> bool:
        x = _ends(result.lines)
        y = (0.0, TOP) if result.losses else (_floor(result.lines), 1.005)
        changed = panel.limit(x, y, "x") | panel.name("learning rate")
        lines = [_within(line, y[1]) for line in result.lines]
        behind = [Stroke(np.array(x), np.full(2, result.bound), SUBTLE, ":", 1.4)]
        if pinned is not None and pinned.losses == result.losses:
            behind += [Stroke(old.x, old.y, PINNED, "-", 1.2) for old in (_within(each, y[1]) for each in pinned.lines)]
        panel.draw([Stroke(line.x, line.y, line.color, "-", 2.0) for line in lines if len(line.x)])
        panel.draw(behind, panel.behind)
        panel.mark([mark for line in lines for mark in marks(line, result.losses)])
        ends = [_end(panel, line) for line in lines if len(line.x) and line.name]
        side = "passed below" if result.losses else "passed above"
        ends.append(Label(panel.box.right + 7, panel.pixels(x[1], result.bound)[1] - 3.5, side, color=SUBTLE))
        self.write(result.heading, result.words, ends)
        return changed


def _ends(lines: Sequence[Line]) -> tuple[float, float]:
    return float(min(line.x[0] for line in lines)) / 1.1, float(max(line.x[-1] for line in lines)) * 1.1


def _floor(lines: Sequence[Line]) -> float:
    lowest = float(np.min([line.y for line in lines]))
    return next((floor for floor in FLOORS if lowest >= floor), 0.0)  # also where nothing is known


def _within(line: Line, top: float) -> Line:
    """What is known of a line; what is off the scale lies on its edge."""
    known = np.isfinite(line.y)
    return Line(line.name, line.color, line.x[known], np.minimum(line.y[known], top))


def _end(panel: Panel, line: Line) -> Label:
    y = panel.pixels(float(line.x[-1]), float(line.y[-1]))[1]
    return Label(panel.box.right + 7, y - 3.5, line.name, color=line.color)
