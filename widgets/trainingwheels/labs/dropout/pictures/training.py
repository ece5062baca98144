"""Nets trained with several probabilities of keeping a unit: curves, and where they end against what is compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from trainingwheels.engine import History
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import HEADING, Panel, Stroke, label_size, percent, plain, rows_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.run_curves import DASHED, RunCurves
from trainingwheels.figures.scales import reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, MEANING, PINNED, SUBTLE
from trainingwheels.figures.traces import CurvesView

__all__ = ["Line", "Trained", "TrainedPicture", "lines_of"]

TRAIN, VAL = MEANING["train"], MEANING["validation"]
_TALL, _TALL_NARROW = 265.0, 205.0  # a row of panels, CSS pixels


@dataclass(frozen=True)
class Trained:
    """Runs that differ by the ``knob``, whose ``values`` they have (one each), and by ``keeps``, the probability of
    keeping a unit; those of one label differ by their seed."""

    histories: Sequence[History]
    labels: Sequence[str]
    values: Sequence[float]
    keeps: Sequence[float]
    knob: str


@dataclass(frozen=True)
class Line:
    """The runs of one probability of keeping a unit, by the value of the knob: mean accuracies now."""

    keep: float
    values: tuple[float, ...]
    train: tuple[float, ...]
    val: tuple[float, ...]


def lines_of(trained: Trained) -> list[Line]:
    """Against p there is one line, else one for each p."""
    against_p = list(trained.values) == list(trained.keeps)
    lines = []
    for keep in dict.fromkeys([1.0] if against_p else trained.keeps):
        mine = [run for run, other in enumerate(trained.keeps) if against_p or other == keep]
        values = sorted({trained.values[run] for run in mine})
        ends = [
            np.mean([_ends(trained.histories[run]) for run in mine if trained.values[run] == value], axis=0)
            for value in values
        ]
        lines.append(
            Line(keep, tuple(values), tuple(float(end[0]) for end in ends), tuple(float(end[1]) for end in ends))
        )
    return lines


def _curves(trained: Trained) -> CurvesView:
    several = len(set(trained.labels)) < len(trained.labels)
    return CurvesView(trained.histories, trained.labels, band=several, dots=False, log_y=False)


def _ends(history: History) -> tuple[float, float]:
    if not len(history.val_accuracy):
        return float("nan"), float("nan")
    return float(history.train_accuracy[-1]), float(history.val_accuracy[-1])


class TrainedPicture(Picture):
    """Loss and accuracy of all runs; below, training and validation accuracy now, and the gap between them."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        tall, right = (_TALL_NARROW, 76.0) if narrow else (_TALL, 96.0)
        rows = 4 if narrow else 2
        height, size = rows * tall, (width, rows * tall)
        boxes = rows_of_boxes(width, tall, [4 // rows] * rows, right)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._rooms = [box.right + right - 4 for box in boxes]
        self._curves = RunCurves(self.figure, boxes[0], boxes[1], size, self._texts, self._rooms[:2])
        self._now, self._gap = (Panel(self.figure, box, size, percent, plain) for box in boxes[2:])
        self.parts = {**self._curves.parts, **{p.axes: p.rectangle for p in (self._now, self._gap)}}
        self.live = [*self._curves.live, *self._now.live, *self._gap.live, *self._texts.live]
        return height

    def show(self, result: Trained, pinned: Trained | None = None) -> None:
        view, behind = (None if each is None else _curves(each) for each in (result, pinned))
        assert view is not None
        changed = self._curves.show(view, behind)
        lines = lines_of(result)
        old = lines_of(pinned) if pinned is not None and pinned.knob == result.knob else []
        changed += self._show_now(result, lines, old)
        changed += self._show_gap(result, lines, old)
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _limits(self, result: Trained) -> tuple[tuple[float, float], str]:
        """Of the axis of values."""
        if result.knob.startswith("p"):
            return (0.0, 1.0), ""
        return (min(result.values) / 1.3, max(result.values) * 1.3), "x"

    def _show_now(self, result: Trained, lines: Sequence[Line], old: Sequence[Line]) -> list[Axes]:
        panel, (x, log) = self._now, self._limits(result)
        changed = panel.limit(x, (0.0, 1.03), log, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)) | panel.name(result.knob)
        strokes, marks, ends = [], [], []
        for place, line in enumerate(lines):
            style = "-" if place == len(lines) - 1 else DASHED
            for name, values, color in (("train", line.train, TRAIN), ("val", line.val, VAL)):
                strokes.append(Stroke(np.array(line.values), np.array(values), color, style))
                marks += [(at, value, color, style == "-") for at, value in zip(line.values, values, strict=True)]
                words = name if len(lines) == 1 else f"{name}, p {line.keep:g}"
                ends.append(Label(panel.box.right + 5, panel.pixels(x[1], values[-1])[1] - 3.5, words, color=color))
        panel.draw(strokes)
        panel.mark(marks)
        panel.draw(
            [Stroke(np.array(o.values), np.array(v), PINNED, "-", 1.2) for o in old for v in (o.train, o.val)],
            panel.behind,
        )
        self._texts.beside_lines(panel, ends, self._rooms[2])
        about = "" if len(lines) == 1 else f"solid: p {lines[-1].keep:g}, dashed: p {lines[0].keep:g}"
        self._head(panel, self._rooms[2], ("accuracy now", INK), (about, SUBTLE))
        return [panel.axes] * changed

    def _show_gap(self, result: Trained, lines: Sequence[Line], old: Sequence[Line]) -> list[Axes]:
        panel, (x, log) = self._gap, self._limits(result)
        gaps = [np.array(line.train) - np.array(line.val) for line in lines]
        every = np.nan_to_num(np.concatenate([np.zeros(1), *gaps]))
        low, high = float(every.min()), float(every.max())
        y = (-reach(-low, 0.1) if low < -0.02 else 0.0, reach(high, 0.1))
        changed = panel.limit(x, y, log) | panel.name(result.knob)
        strokes = [
            Stroke(np.array(line.values), gap, INK, "-" if place == len(lines) - 1 else DASHED)
            for place, (line, gap) in enumerate(zip(lines, gaps, strict=True))
        ]
        panel.draw(strokes)
        panel.mark(
            [(float(at), float(gap), INK, s.style == "-") for s in strokes for at, gap in zip(s.x, s.y, strict=True)]
        )
        behind = [Stroke(np.array(o.values), np.array(o.train) - np.array(o.val), PINNED, "-", 1.2) for o in old]
        panel.draw([Stroke(np.array(x), np.zeros(2), SUBTLE, "-", 0.8), *behind], panel.behind)
        ends = [
            Label(panel.box.right + 5, panel.pixels(x[1], float(gap[-1]))[1] - 3.5, f"p {line.keep:g}")
            for line, gap in zip(lines, gaps, strict=True)
            if len(lines) > 1
        ]
        self._texts.beside_lines(panel, ends, self._rooms[3])
        self._head(panel, self._rooms[3], ("gap", INK), ("training minus validation", SUBTLE))
        return [panel.axes] * changed

    def _head(self, panel: Panel, room: float, *parts: tuple[str, str]) -> None:
        self._texts.heading(panel.box.x - 34, panel.box.top + HEADING, room, *parts)
