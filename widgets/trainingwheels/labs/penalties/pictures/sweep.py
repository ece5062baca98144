"""Many lambdas: accuracy against lambda, the curves of the one that is looked at, and its decision regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trainingwheels.engine import History
from trainingwheels.figures.kinds import accuracies_now
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Box, Panel, Stroke, percent, plain
from trainingwheels.figures.plane import Plane
from trainingwheels.figures.run_curves import ACCURACY, TENTHS, step_limits
from trainingwheels.figures.theme import DASHED, DOTTED, INK, MEANING, PINNED, SUBTLE
from trainingwheels.figures.traces import CurvesView, traces
from trainingwheels.labs.penalties.pictures.net import PlanePicture

__all__ = ["Line", "SweepPicture", "SweepView"]

Floats = NDArray[Any]
STYLES = ("-", (0, (4, 2)))
SHORT = {"train": "train", "validation": "val"}
NAMES = (("train_accuracy", "train"), ("val_accuracy", "validation"))


@dataclass(frozen=True)
class Line:
    """Runs that differ by lambda alone, in its order."""

    name: str
    histories: Sequence[History]

    @property
    def val(self) -> Floats:
        """Validation accuracy now, for each lambda."""
        return accuracies_now(self.histories)

    @property
    def train(self) -> Floats:
        """Training accuracy now, for each lambda."""
        return accuracies_now(self.histories, "train_accuracy")


@dataclass(frozen=True)
class SweepView:
    """One or two ``lines`` over ``lams``; the net at ``line`` and ``place`` is looked at, with its ``plane``."""

    lams: Sequence[float]
    lines: Sequence[Line]
    line: int
    place: int
    plane: Plane | None

    @property
    def chosen(self) -> History:
        return self.lines[self.line].histories[self.place]


class SweepPicture(PlanePicture):
    """Accuracy against lambda, the accuracies of one net over its steps, and its decision regions."""

    def arrange_curves(self, first: Box, second: Box, size: tuple[float, float]) -> None:
        self._against = Panel(self.figure, first, size, percent, plain)
        self._steps = Panel(self.figure, second, size, percent)
        panels = (self._against, self._steps)
        self.parts = {panel.axes: panel.rectangle for panel in panels}
        self.live = [artist for panel in panels for artist in panel.live]

    def show(self, result: SweepView, pinned: SweepView | None = None) -> None:
        if self.make_room(result.plane):
            return
        changed = [*self._show_against(result, pinned), *self._show_steps(result)]
        self._plane.show(result.plane)
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _show_against(self, result: SweepView, pinned: SweepView | None) -> list[Axes]:
        panel, lams = self._against, np.array(result.lams)
        changed = panel.limit((lams[0], lams[-1]), ACCURACY, "x", TENTHS) | panel.name("λ")
        chance = result.chosen.chance or 0.0
        behind = [
            Stroke(np.full(2, lams[result.place]), np.array([0.0, 1.03]), INK, "-", 1.0),
            Stroke(lams[[0, -1]], np.full(2, chance), SUBTLE, DOTTED, 1.0),
        ]
        for line in pinned.lines if pinned else ():
            behind += [Stroke(lams, y, PINNED, "-", 1.2) for y in (line.train, line.val)]
        strokes, marks, labels = [], [], []
        for place, line in enumerate(result.lines):
            for y, name in ((line.train, "train"), (line.val, "validation")):
                color = MEANING[name]
                strokes.append(Stroke(lams, y, color, STYLES[place], 2.2))
                marks += [(lam, each, color, place == 0) for lam, each in zip(lams, y, strict=True)]
                bottom = panel.pixels(lams[-1], float(y[-1]))[1] - 3.5
                if place == 0:
                    labels.append(Label(panel.box.right + 5, bottom, SHORT[name], color=color))
        labels.append(Label(panel.box.right + 5, panel.pixels(1, chance)[1] - 3.5, "chance", color=SUBTLE))
        panel.draw(strokes)
        panel.draw(behind, panel.behind)
        panel.mark([mark for mark in marks if np.isfinite(mark[1])])
        self._texts.beside_lines(panel, labels, self._rooms[0])
        about = "16 nets trained together" if len(result.lines) == 1 else "solid: L2 in the loss, dashed: decoupled"
        self._texts.over(panel, self._rooms[0], ("accuracy against λ", INK), (about, SUBTLE))
        return [panel.axes] * changed

    def _show_steps(self, result: SweepView) -> list[Axes]:
        panel, history = self._steps, result.chosen
        trace = traces(CurvesView([history], [""]), int(panel.box.width))[0]
        changed = panel.limit(step_limits([trace], False), ACCURACY, marks=TENTHS)
        changed |= panel.name_steps({history.steps_per_epoch})
        train, val = (trace.series[name] for name, _ in NAMES)
        both = min(len(train.x), len(val.x))
        low, high = np.minimum(train.y[:both], val.y[:both]), np.maximum(train.y[:both], val.y[:both])
        panel.band([(train.x[:both], low, high, PINNED)] if both > 1 else [])
        styles = zip((train, val), NAMES, ("-", DASHED), strict=True)
        panel.draw([Stroke(each.x, each.y, MEANING[name], style, 2.0) for each, (_, name), style in styles])
        ends = []
        for at, name in NAMES:
            series = trace.series[at]
            if len(series.x):
                x, y = panel.pixels(float(series.x[-1]), float(series.y[-1]))
                ends.append(Label(x + 7, y - 3.5, f"{SHORT[name]} {percent(float(series.y[-1]))}", color=MEANING[name]))
        self._texts.beside_lines(panel, ends, self._rooms[1])
        name = result.lines[result.line].name
        shown = f"{name}, λ = {result.lams[result.place]:.2g}".replace("e-0", "e−")
        self._texts.over(
            panel, self._rooms[1], ("accuracy over steps", INK), (shown, SUBTLE), ("grey: the gap", SUBTLE)
        )
        return [panel.axes] * changed
