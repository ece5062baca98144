"""Nets trained with and without batch normalization: their accuracy while they learn, and what it depends on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trainingwheels.engine import DATASETS, History
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.kinds import accuracies_now
from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Panel, Stroke, label_size, percent, plain, rows_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.run_curves import ACCURACY, TENTHS, step_limits
from trainingwheels.figures.scales import decades, reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import DASHED, DOTTED, INK, PINNED, SUBTLE
from trainingwheels.figures.traces import CurvesView, Trace, traces

__all__ = ["Compared", "ComparedPicture", "Pair", "gradient_norms", "pairs_of"]

Floats = NDArray[np.floating[Any]]
WITH, WITHOUT = "with", "without"
_TALL, _TALL_NARROW = 410.0, 260.0  # a row of panels, CSS pixels


@dataclass(frozen=True)
class Compared:
    """Runs with and without batch normalization; those of one label differ by that and by their seed.

    ``values`` are what the labels stand for, one per run, ``knob`` says what they are. ``beside`` is what is drawn
    beside the accuracies: them "against" the values, the length of the "gradients" by layer, or the "gap" between
    training and validation accuracy.
    """

    histories: Sequence[History]
    labels: Sequence[str]
    values: Sequence[float]
    knob: str
    beside: Literal["against", "gradients", "gap"]


@dataclass(frozen=True)
class Pair:
    """What belongs to one label: the histories with batch normalization and those without, and the label's value."""

    label: str
    value: float
    color: str
    normalized: tuple[History, ...]
    plain: tuple[History, ...]


def pairs_of(compared: Compared) -> list[Pair]:
    """The labels in their order, each with its runs."""
    pairs = []
    for place, label in enumerate(dict.fromkeys(compared.labels)):
        runs = [run for run, other in enumerate(compared.labels) if other == label]
        kinds = [
            tuple(compared.histories[run] for run in runs if compared.histories[run].config.batchnorm is normalized)
            for normalized in (True, False)
        ]
        pairs.append(Pair(label, compared.values[runs[0]], run_color(place), *kinds))
    return pairs


class ComparedPicture(Picture):
    """Validation accuracy against steps, solid with batch normalization and dashed without; beside it a summary."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        tall, right = (_TALL_NARROW, 74.0) if narrow else (_TALL, 108.0)
        rows = 2 if narrow else 1
        height, size = rows * tall, (width, rows * tall)
        boxes = rows_of_boxes(width, tall, [2 // rows] * rows, right)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._rooms = [box.right + right - 4 for box in boxes]
        self._curves = Panel(self.figure, boxes[0], size, percent)
        self._kind = ""
        self._aside = Panel(self.figure, boxes[1], size, self._write_y, self._write_x)
        self._panels = (self._curves, self._aside)
        self.parts = {panel.axes: panel.rectangle for panel in self._panels}
        self.live = [artist for owner in (*self._panels, self._texts) for artist in owner.live]
        return height

    def _write_x(self, value: float) -> str:
        return plain(value) if self._kind == "against" else f"{value:,.0f}"

    def _write_y(self, value: float) -> str:
        return plain(value) if self._kind == "gradients" else percent(value)

    def show(self, result: Compared, pinned: Compared | None = None) -> None:
        pairs, old = pairs_of(result), pairs_of(pinned) if pinned else []
        changed = [self._aside.axes] * (result.beside != self._kind)
        self._kind = result.beside
        lines, behind = (_lines(each, int(self._curves.box.width)) for each in (pairs, old))
        changed += self._draw_curves(pairs, lines, behind)
        match result.beside:
            case "against":
                changed += self._draw_against(pairs, old, result.knob)
            case "gradients":
                changed += self._draw_gradients(pairs, old)
            case "gap":
                changed += self._draw_gap(pairs, lines)
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _draw_curves(self, pairs: Sequence[Pair], lines: Sequence[_Line], behind: Sequence[_Line]) -> list[Axes]:
        panel = self._curves
        x = step_limits([line.trace for line in (*lines, *behind)], False)
        changed = panel.limit(x, ACCURACY, marks=TENTHS)
        histories = [history for pair in pairs for history in (*pair.normalized, *pair.plain)]
        changed |= panel.name_steps({history.steps_per_epoch for history in histories})
        chance = 1 / DATASETS[histories[0].config.dataset].classes
        pale = [Stroke(np.array(x), np.full(2, chance), SUBTLE, DOTTED, 1.0)]
        pale += [line.stroke("val_accuracy", PINNED, 1.2) for line in behind]
        panel.draw(pale, panel.behind)
        panel.draw([line.stroke("val_accuracy") for line in lines])
        panel.mark([mark for line in lines for mark in line.head("val_accuracy")])
        several = len(pairs) > 1
        ends = [
            Label(
                left + 7, bottom - 3.5, line.pair.label if several else (WITH if line.normalized else WITHOUT), 0, color
            )
            for line in lines
            for at, value, color, _ in line.head("val_accuracy")
            for left, bottom in [panel.pixels(at, value)]
            if line.normalized or not several
        ]
        ends.append(Label(panel.box.right + 8, panel.pixels(1, chance)[1] - 3.5, "chance", color=SUBTLE))
        untrained = not any(len(history.steps) for history in histories)
        self._texts.beside_lines(panel, ends, self._rooms[0], in_line=untrained)
        self._texts.over(
            panel, self._rooms[0], ("validation accuracy", INK), ("solid: with batchnorm, dashed: without", SUBTLE)
        )
        return [panel.axes] * changed

    def _draw_against(self, pairs: Sequence[Pair], old: Sequence[Pair], knob: str) -> list[Axes]:
        """Accuracy now against the value of the knob: a line with and one without, and the range over the seeds."""
        panel = self._aside
        values = np.array([pair.value for pair in pairs])
        changed = panel.limit(_around(values), ACCURACY, "x", TENTHS) | panel.name(knob)
        strokes, bands, marks, ends = [], [], [], []
        for normalized, style in ((False, DASHED), (True, "-")):
            found = [accuracies_now(pair.normalized if normalized else pair.plain) for pair in pairs]
            means = np.array([each.mean() for each in found])
            strokes.append(Stroke(values, means, INK, style, 1.4))
            low, high = (np.array([at(each) for each in found]) for at in (np.min, np.max))
            bands.append((values, low, high, PINNED))
            marks += [(pair.value, mean, pair.color, normalized) for pair, mean in zip(pairs, means, strict=True)]
            bottom = panel.pixels(values[-1], means[-1])[1]
            ends.append(Label(panel.box.right + 5, bottom - 3.5, WITH if normalized else WITHOUT))
        panel.draw(strokes)
        panel.band(bands)
        panel.mark(marks)
        panel.draw(
            [stroke for normalized in (False, True) for stroke in _against_behind(old, normalized)], panel.behind
        )
        self._texts.beside_lines(panel, ends, self._rooms[1])
        words = (("accuracy now", INK), ("● solid: with, ○ dashed: without; band: over seeds", SUBTLE))
        self._texts.over(panel, self._rooms[1], *words)
        return [panel.axes] * changed

    def _draw_gradients(self, pairs: Sequence[Pair], old: Sequence[Pair]) -> list[Axes]:
        """The length of dL/dW by layer at the last measured step; the mean over seeds is geometric."""
        panel = self._aside
        strokes, ends, all_norms = [], [], []
        marks: list[tuple[float, float, str, bool]] = []
        for pair in pairs:
            for histories, style, word in ((pair.plain, DASHED, WITHOUT), (pair.normalized, "-", WITH)):
                norms = gradient_norms(histories)
                if norms is None:
                    continue
                all_norms += norms.tolist()
                strokes.append(Stroke(np.arange(1, len(norms) + 1), norms, pair.color, style))
                marks += [(layer, float(norm), pair.color, style == "-") for layer, norm in enumerate(norms, 1)]
                ends.append((word, float(norms[-1]), pair.color))
        layers = max(pair.normalized[0].config.depth for pair in pairs) + 1
        lowest, highest = decades(all_norms or [0.01, 1.0])
        changed = panel.limit((0.7, layers + 0.3), (max(lowest, highest * 1e-12), highest), "y") | panel.name("layer")
        panel.draw(strokes)
        panel.band([])
        panel.mark(marks)
        behind = [gradient_norms(each) for pair in old for each in (pair.plain, pair.normalized)]
        panel.draw(
            [Stroke(np.arange(1, len(n) + 1), n, PINNED, "-", 1.2) for n in behind if n is not None], panel.behind
        )
        labels = [
            Label(panel.box.right + 5, panel.pixels(layers, norm)[1] - 3.5, word, color=color)
            for word, norm, color in ends
        ]
        self._texts.beside_lines(panel, labels, self._rooms[1])
        about = "" if strokes else "measured with the first step"
        self._texts.over(panel, self._rooms[1], ("length of dL/dW, by layer", INK), (about, SUBTLE))
        return [panel.axes] * changed

    def _draw_gap(self, pairs: Sequence[Pair], lines: Sequence[_Line]) -> list[Axes]:
        panel, x = self._aside, self._curves.axes.get_xlim()
        wrong = max(history.wrong_labels for pair in pairs for history in (*pair.normalized, *pair.plain))
        labels = f"train: {percent(wrong)} wrong labels" if wrong else ""
        values = np.concatenate([np.zeros(1), *(line.trace.series["gap"].y for line in lines)])
        low = float(values.min())
        changed = panel.limit(x, (-reach(-low, 0.1) if low < -0.02 else 0.0, reach(float(values.max()), 0.1)))
        changed |= panel.name("step")
        panel.draw([line.stroke("gap") for line in lines])
        panel.band([])
        panel.mark([mark for line in lines for mark in line.head("gap")])
        panel.draw([Stroke(np.array(x), np.zeros(2), SUBTLE, "-", 0.8)], panel.behind)
        ends = [
            Label(left + 7, bottom - 3.5, line.pair.label, color=color)
            for line in lines
            for at, value, color, _ in line.head("gap")
            for left, bottom in [panel.pixels(at, value)]
        ]
        untrained = not any(len(line.trace.series["loss"].x) for line in lines)
        self._texts.beside_lines(panel, ends, self._rooms[1], in_line=untrained)
        self._texts.over(
            panel, self._rooms[1], ("gap", INK), ("training minus validation accuracy", SUBTLE), (labels, SUBTLE)
        )
        return [panel.axes] * changed


@dataclass(frozen=True)
class _Line:
    """One pair's mean over its seeds, with batch normalization or without."""

    pair: Pair
    normalized: bool
    trace: Trace

    def stroke(self, name: str, color: str = "", width: float = 0.0) -> Stroke:
        series, style = self.trace.series[name], "-" if self.normalized else DASHED
        return Stroke(series.x, series.y, color or self.pair.color, style, width or (2.2 if self.normalized else 1.6))

    def head(self, name: str) -> list[tuple[float, float, str, bool]]:
        """A mark at its present end."""
        series = self.trace.series[name]
        end = [(float(series.x[-1]), float(series.y[-1]))] if len(series.x) else []
        return [(x, y, self.pair.color, self.normalized) for x, y in end]


def _lines(pairs: Sequence[Pair], most: int) -> list[_Line]:
    """Without first, so that the others lie on top."""
    lines = []
    for normalized in (False, True):
        for pair in pairs:
            histories = pair.normalized if normalized else pair.plain
            view = CurvesView(histories, [pair.label] * len(histories), band=True)
            lines += [_Line(pair, normalized, trace) for trace in traces(view, most)]
    return lines


def _against_behind(pairs: Sequence[Pair], normalized: bool) -> list[Stroke]:
    """A pinned line of the summary, if that was one against a knob."""
    found = [(pair.value, accuracies_now(pair.normalized if normalized else pair.plain).mean()) for pair in pairs]
    if not found or min(found)[0] <= 0:
        return []
    x, y = np.array(found).T
    return [Stroke(x, y, PINNED, "-" if normalized else DASHED, 1.2)]


def gradient_norms(histories: Sequence[History]) -> Floats | None:
    """The length of dL/dW of each layer at the last measured step, geometric mean over runs; None before the first."""
    norms = [history.layers.gradient_norm[-1] for history in histories if len(history.layers.gradient_norm)]
    good = [norm for norm in norms if np.isfinite(norm).all() and (norm > 0).all()]
    if not good:
        return None
    mean: Floats = np.exp(np.log(np.array(good, np.float64)).mean(axis=0))
    return mean


def _around(values: Floats) -> tuple[float, float]:
    """Limits of a logarithmic axis, with room at both ends."""
    return float(values.min()) / 1.5, float(values.max()) * 1.5
