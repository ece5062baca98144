"""Any runs laid over each other: loss, accuracy, the learning rate, and the gap between training and validation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Box, Panel, Stroke, label_size, percent, row_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.run_curves import RunCurves
from trainingwheels.figures.scales import decades, reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.figures.traces import CurvesView, Trace

__all__ = ["CurvesPicture"]

_LARGE, _SMALL = 340.0, 180.0  # heights of a row of panels, CSS pixels
_LARGE_NARROW, _SMALL_NARROW = 230.0, 150.0


class CurvesPicture(Picture):
    """Loss and accuracy above, learning rate and train/val gap below; one column in a narrow picture.

    A pinned view is drawn pale behind loss and accuracy.
    """

    def arrange(self, width: float) -> float:
        height, loss, accuracy, rate, gap = _places(width)
        size, right = (width, height), _right(width)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        rooms = (loss.right + right - 3, accuracy.right + right - 3)
        self._curves = RunCurves(self.figure, loss, accuracy, size, self._texts, rooms)
        self._rate, self._gap = Panel(self.figure, rate, size), Panel(self.figure, gap, size, percent)
        small = {panel.axes: panel.rectangle for panel in (self._rate, self._gap)}
        self.parts = {**self._curves.parts, **small}
        self.live = [artist for owner in (self._curves, self._rate, self._gap, self._texts) for artist in owner.live]
        return height

    def show(self, result: CurvesView, pinned: CurvesView | None = None) -> None:
        changed = self._curves.show(result, pinned)
        shown = self._curves.shown
        x, log = self._curves.loss.axes.get_xlim(), "x" if result.log_x else ""
        changed += self._show(self._rate, shown, "lr", x, log + "y", _rate_limits(shown))
        changed += self._show(self._gap, shown, "gap", x, log, _gap_limits(shown))
        for panel, name, words in (
            (self._rate, "learning rate", ""),
            (self._gap, "gap", "training minus validation accuracy"),
        ):
            room = panel.box.right + _right(self.width) - 3
            self._texts.over(panel, room, (name, INK), (words, SUBTLE))
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _show(
        self,
        panel: Panel,
        shown: Sequence[Trace],
        name: str,
        x: tuple[float, float],
        log: str,
        y: tuple[float, float],
    ) -> list[Axes]:
        """One line per run, with its label; return the axes if their limits changed."""
        changed = panel.limit(x, y, log)
        strokes, bands, marks, ends = [], [], [], []
        for trace in sorted(shown, key=lambda trace: trace.thick):
            series = trace.series[name]
            if not len(series.x):
                continue
            strokes.append(Stroke(series.x, series.y, trace.color, "-", 2.4 if trace.thick else 1.6))
            if series.low is not None and series.high is not None:
                bands.append((series.x, series.low, series.high, trace.color))
            at, value = float(series.x[-1]), float(series.y[-1])
            marks.append((at, value, trace.color, True))
            left, bottom = panel.pixels(at, value)
            ends.append(Label(left + 7, bottom - 3.5, trace.label, color=trace.color))
        panel.draw([Stroke(np.array(x), np.zeros(2), SUBTLE, "-", 0.8)] if name == "gap" else [], panel.behind)
        panel.draw(strokes)
        panel.band(bands)
        panel.mark(marks)
        self._texts.beside_lines(panel, ends, panel.box.right + _right(self.width) - 3)
        return [panel.axes] if changed else []


def _rate_limits(shown: Sequence[Trace]) -> tuple[float, float]:
    """Whole decades, at least two, and a bit, around all learning rates but zeros."""
    rates = [rate for trace in shown for rate in trace.series["lr"].y.tolist()]
    low, high = decades(rates)
    return max(low, high * 1e-8) / 1.5, high * 1.5  # so that a line at the end of a decade is seen whole


def _gap_limits(shown: Sequence[Trace]) -> tuple[float, float]:
    """Round limits around all gaps, and zero."""
    gaps = np.concatenate([np.zeros(1), *(trace.series["gap"].y for trace in shown)])
    return -reach(-float(gaps.min()), 0.05), reach(float(gaps.max()), 0.1)


def _right(width: float) -> float:
    """Room for labels at the right of a panel, CSS pixels."""
    return 72.0 if width < NARROW else 92.0


def _places(width: float) -> tuple[float, Box, Box, Box, Box]:
    """The height of the picture, and the boxes of its four panels."""
    right = _right(width)
    if width < NARROW:
        large, small = _LARGE_NARROW, _SMALL_NARROW
        bottoms = ((2 * small + large, large), (2 * small, large), (small, small), (0.0, small))
        loss, accuracy, rate, gap = (row_of_boxes(0, y, width, height, 1, right)[0] for y, height in bottoms)
        return 2 * (large + small), loss, accuracy, rate, gap
    loss, accuracy = row_of_boxes(0, _SMALL, width, _LARGE, 2, right)
    rate, gap = row_of_boxes(0, 0, width, _SMALL, 2, right)
    return _LARGE + _SMALL, loss, accuracy, rate, gap
