"""Nets trained with several probabilities of keeping a unit: where they end against what is compared, and the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import History
from trainingwheels.figures.labels import points
from trainingwheels.figures.palettes import layer_color
from trainingwheels.figures.panels import Box, Stroke, percent
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot, spots_along
from trainingwheels.figures.run_curves import ACCURACY, TENTHS, step_limits
from trainingwheels.figures.scales import fine_reach, reach
from trainingwheels.figures.theme import DASHED, DOTTED, INK, MEANING, PINNED, SUBTLE
from trainingwheels.figures.traces import CurvesView, Trace, traces

__all__ = ["Line", "Trained", "TrainedPicture", "lines_of"]

Floats = NDArray[Any]
TRAIN, VAL = MEANING["train"], MEANING["validation"]


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


def _ends(history: History) -> tuple[float, float]:
    if not len(history.val_accuracy):
        return float("nan"), float("nan")
    return float(history.train_accuracy[-1]), float(history.val_accuracy[-1])


class TrainedPicture(PlotsPicture):
    """Accuracy now, and the gap, against what is compared; below, smaller, how they came there. Dashed is without
    dropout wherever nets with and without are compared; below, colours are the values of the knob."""

    rows = (2, 2)
    shares = (0.58, 0.42)
    height = 530.0
    tall = 215.0
    room = (104.0, 70.0, 104.0, 70.0)
    numbers = (percent,) * 4
    across = ("{:,.10g}".format,) * 4

    def plots(self, result: Trained, pinned: Trained | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        lines = lines_of(result)
        old = lines_of(pinned) if pinned is not None and pinned.knob == result.knob else []
        way, before = (_way(each, boxes[2].width) if each else [] for each in (result, pinned))
        return (
            _accuracy(result, lines, old),
            _gap(result, lines, old),
            _over_steps(result, way, before, "train_accuracy"),
            _over_steps(result, way, before, "val_accuracy"),
        )


def _across(result: Trained) -> tuple[tuple[float, float], str]:
    """The limits of the axis of values, and whether it is logarithmic."""
    if result.knob.startswith("p"):
        return (0.0, 1.0), ""
    return (min(result.values) / 1.3, max(result.values) * 1.3), "x"


def _style(place: int, lines: Sequence[Line]) -> Any:
    return "-" if place == len(lines) - 1 else DASHED


def _which(lines: Sequence[Line]) -> str:
    return "" if len(lines) == 1 else f"solid: p {lines[-1].keep:g}, dashed: p {lines[0].keep:g}"


def _accuracy(result: Trained, lines: Sequence[Line], old: Sequence[Line]) -> Plot:
    """Against p, of training and validation; else of validation alone, with what dropout gains at each value."""
    if len(lines) == 1:
        return _against_p(result, lines[0], old)
    x, log = _across(result)
    without, dropped = lines
    at, low, high = np.array(without.values), np.fmin(without.val, dropped.val), np.fmax(without.val, dropped.val)
    top = _top(high)
    strokes = [
        Stroke(at, np.array(line.val), VAL, _style(place, lines), 2.2 if line is dropped else 1.8)
        for place, line in enumerate(lines)
    ]
    spots = [
        spot for line, stroke in zip(lines, strokes, strict=True) for spot in spots_along(stroke, f"p {line.keep:g}")
    ]
    spots += [
        Spot(value, over + 0.07 * top, INK, points(gain, signed=True, unit=""), marked=False)
        for value, over, gain in zip(at, high, np.subtract(dropped.val, without.val), strict=True)
        if np.isfinite(gain)
    ]
    bands = [(at, low, high, VAL)] if np.isfinite(low).all() else []
    behind = [Stroke(np.array(line.values), np.array(line.val), PINNED, "-", 1.2) for line in old]
    return Plot("validation accuracy now", x, (0.0, top), f"{_which(lines)}; numbers: points gained", result.knob, log,
                lines=strokes, behind=behind, bands=bands, spots=spots)  # fmt: skip


def _against_p(result: Trained, line: Line, old: Sequence[Line]) -> Plot:
    x, log = _across(result)
    kinds = (("train", TRAIN, line.train), ("val", VAL, line.val))
    strokes = [Stroke(np.array(line.values), np.array(values), color, "-", 2.2) for _, color, values in kinds]
    spots = [spot for (name, *_), stroke in zip(kinds, strokes, strict=True) for spot in spots_along(stroke, name)]
    behind = [Stroke(np.array(o.values), np.array(v), PINNED, "-", 1.2) for o in old for v in (o.train, o.val)]
    return Plot("accuracy now", x, ACCURACY, "training and validation", result.knob, log, TENTHS,
                lines=strokes, behind=behind, spots=spots)  # fmt: skip


def _gap(result: Trained, lines: Sequence[Line], old: Sequence[Line]) -> Plot:
    x, log = _across(result)
    strokes = [
        Stroke(np.array(line.values), np.subtract(line.train, line.val), INK, _style(place, lines))
        for place, line in enumerate(lines)
    ]
    every = np.nan_to_num(np.concatenate([np.zeros(1), *(stroke.y for stroke in strokes)]))
    low, high = float(every.min()), float(every.max())
    names = ["" if len(lines) == 1 else f"p {line.keep:g}" for line in lines]
    spots = [spot for name, stroke in zip(names, strokes, strict=True) for spot in spots_along(stroke, name)]
    behind = [Stroke(np.array(x), np.zeros(2), SUBTLE, "-", 0.8)]
    behind += [Stroke(np.array(o.values), np.subtract(o.train, o.val), PINNED, "-", 1.2) for o in old]
    y = (-reach(-low, 0.1) if low < -0.02 else 0.0, reach(high, 0.1))
    return Plot("gap", x, y, "training minus validation", result.knob, log, lines=strokes, behind=behind, spots=spots)


def _way(result: Trained, most: float) -> list[tuple[Trace, Any, str]]:
    """The mean curves of each label over the steps, how they are drawn, and the value of the knob."""
    several = len(set(result.labels)) < len(result.labels)
    values, lines = sorted(set(result.values)), lines_of(result)
    colors = [layer_color(values.index(value), len(values)) for value in result.values]
    keeps = [line.keep for line in lines]
    styles = ["-" if len(lines) == 1 else _style(keeps.index(keep), lines) for keep in result.keeps]
    firsts = [result.labels.index(label) for label in dict.fromkeys(result.labels)]
    curves = traces(CurvesView(result.histories, result.labels, colors, band=several, dots=False), int(most))
    return [(line, styles[run], f"{result.values[run]:,g}") for line, run in zip(curves, firsts, strict=True)]


def _over_steps(result: Trained, way: Sequence[Any], before: Sequence[Any], name: str) -> Plot:
    """Dashed curves have the colour of a solid one, and no name of their own."""
    x = step_limits([line for line, *_ in (*way, *before)], False)
    one = result.histories[0]
    levels = {"chance": one.chance} if one.chance is not None else {}
    if name == "train_accuracy" and 0 < one.wrong_labels < 1:
        levels["true labels"] = 1 - one.wrong_labels
    strokes, bands, spots = [], [], []
    for line, style, value in way:
        series = line.series[name]
        strokes.append(Stroke(series.x, series.y, line.color, style, 2.0 if style == "-" else 1.3))
        if series.low is not None and series.high is not None:
            bands.append((series.x, series.low, series.high, line.color))
        if len(series.x) and style == "-":
            note = f" × {line.note}" if line.note else ""
            spots.append(Spot(float(series.x[-1]), float(series.y[-1]), line.color, value + note))
    reached = max((float(np.max(stroke.y, initial=0.0)) for stroke in strokes), default=0.0)
    top = ACCURACY[1] if name == "train_accuracy" else _top([reached])
    spots += [Spot(x[1], level, SUBTLE, word, marked=False) for word, level in levels.items() if level < top]
    behind = [Stroke(np.array(x), np.full(2, level), SUBTLE, DOTTED, 1.0) for level in levels.values()]
    behind += [Stroke(line.series[name].x, line.series[name].y, PINNED, "-", 1.2) for line, *_ in before]
    heading = "training accuracy" if name == "train_accuracy" else "validation accuracy"
    about = f"colour: {result.knob.split(':')[0].split(' in ')[0]}" + ("; band: lowest to highest" if bands else "")
    marks = TENTHS if top > 1 else None
    return Plot(heading, x, (0.0, top), about, "step", marks=marks, lines=strokes, behind=behind, bands=bands,
                spots=spots)  # fmt: skip


def _top(shares: Sequence[float] | Floats) -> float:
    """A round end of an axis above these shares, with room for a number over the highest."""
    highest = float(np.nanmax(shares, initial=0.0))
    return min(fine_reach(1.1 * highest), ACCURACY[1]) if highest else ACCURACY[1]
