"""Loss and accuracy of any number of runs, over training: the two panels that every picture of training begins with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from trainingwheels.engine import Curves, History
from trainingwheels.engine.training.history import place
from trainingwheels.figures.labels import Label, short
from trainingwheels.figures.panels import Box, Panel, Stroke, percent, round_below
from trainingwheels.figures.scales import reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import DASHED, DOTTED, INK, MEANING, PINNED, SUBTLE
from trainingwheels.figures.traces import CurvesView, Series, Trace, smoothing_window, traces

__all__ = ["ACCURACY", "TENTHS", "RunCurves", "step_limits"]

_CROWD = "#C3CBD3"  # of pinned runs when they are many
ACCURACY = (0.0, 1.03)
TENTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
OFF_SCALE = 10.0  # times the loss before training; what is higher runs along the upper edge


class RunCurves:
    """Panels in the boxes ``loss`` and ``accuracy`` of a figure of ``size`` CSS pixels, their text in ``texts``.

    ``rooms`` are where their labels must end, CSS pixels. ``parts`` and ``live`` are what a :class:`.Picture` needs to
    know (``texts`` is not among them), ``shown`` the lines on screen.
    """

    def __init__(
        self, figure: Figure, loss: Box, accuracy: Box, size: tuple[float, float], texts: Texts, rooms: Sequence[float]
    ) -> None:
        self.loss = Panel(figure, loss, size)
        self.accuracy = Panel(figure, accuracy, size, percent)
        self._texts, self._rooms = texts, rooms
        self.shown: Sequence[Trace] = ()
        self.parts = {panel.axes: panel.rectangle for panel in (self.loss, self.accuracy)}
        self.live = [*self.loss.live, *self.accuracy.live]

    def show(self, view: CurvesView, pinned: CurvesView | None = None) -> list[Axes]:
        """Move the artists and write the labels; return the axes whose limits changed."""
        shown = self.shown = traces(view, int(self.loss.box.width))
        behind = traces(pinned, int(self.loss.box.width)) if pinned else []
        x = step_limits([*shown, *behind], view.log_x)
        log_x = "x" if view.log_x else ""
        log_y = view.log_y and not _negative([*shown, *behind])
        changed = [
            panel.axes
            for panel, y, log, marks in (
                (self.loss, _loss_limits([*shown, *behind], log_y), log_x + "y" * log_y, None),
                (self.accuracy, ACCURACY, log_x, TENTHS),
            )
            if panel.limit(x, y, log, marks)
        ]
        steps_per_epoch = {history.steps_per_epoch for history in view.histories}
        for panel in (self.loss, self.accuracy):
            changed += [panel.axes] * panel.name_steps(steps_per_epoch, {trace.x_is for trace in shown})
        single = len(view.histories) == 1
        self._dots(shown if view.dots else [], single)
        self._untrained = not any(len(history.steps) for history in view.histories)
        self._show_loss(shown, behind, single, view.histories)
        self._show_accuracy(shown, behind, single, view.histories)
        self._write_headings(view, shown, single)
        return changed

    def _show_loss(
        self, shown: Sequence[Trace], behind: Sequence[Trace], single: bool, histories: Sequence[Curves]
    ) -> None:
        panel = self.loss
        low, top = panel.axes.get_ylim()
        evens = sorted({even for history in histories if (even := history.even_loss) and low < even[0] < top})
        _draw(panel, shown, behind, "loss", "val_loss", single, _dotted(panel, [value for value, _ in evens]))
        ends = [_end(panel, trace, "val_loss" if self._untrained and not single else "loss", single) for trace in shown]
        if single:
            ends += [_end(panel, trace, "val_loss", single) for trace in shown]
        ends += [_end(panel, trace, "val_loss", single, pinned=True) for trace in behind[:1]]
        ends += [_beyond(panel, value, words) for value, words in evens]
        self._texts.beside_lines(panel, [end for end in ends if end], self._rooms[0], in_line=self._untrained)

    def _dots(self, shown: Sequence[Trace], single: bool) -> None:
        batches = [trace.batches for trace in shown]
        x, y = (np.concatenate([np.empty(0), *(getattr(each, name) for each in batches)]) for name in "xy")
        colors = [to_rgba(_color(trace, "loss", single), 0.4 if single else 0.2) for trace in shown]
        self.loss.dot(
            x, y, colors if single else np.repeat(colors or [(0, 0, 0, 0)], [len(b.x) for b in batches] or [0], 0)
        )

    def _show_accuracy(
        self, shown: Sequence[Trace], behind: Sequence[Trace], single: bool, histories: Sequence[Curves]
    ) -> None:
        panel = self.accuracy
        chances = sorted({history.chance for history in histories if history.chance is not None})
        true = sorted({1 - history.wrong_labels for history in histories if 0 < history.wrong_labels < 1})
        levels = _dotted(panel, [*chances, *true])
        _draw(panel, shown, behind, "train_accuracy", "val_accuracy", single, levels)
        panel.mark(
            [*_heads(panel, shown, "train_accuracy", "val_accuracy", single)]
            + [(*trace.best, _color(trace, "val_accuracy", single), False) for trace in shown if trace.best]
        )
        ends = [_end(panel, trace, "val_accuracy", single) for trace in shown]
        if single:
            ends += [_end(panel, trace, "train_accuracy", single) for trace in shown]
        ends += [_end(panel, trace, "val_accuracy", single, pinned=True) for trace in behind[:1]]
        ends += [_beyond(panel, chance, "chance") for chance in chances]
        ends += [_beyond(panel, share, "true labels") for share in true]
        self._texts.beside_lines(panel, [end for end in ends if end], self._rooms[1], in_line=self._untrained)

    def _write_headings(self, view: CurvesView, shown: Sequence[Trace], single: bool) -> None:
        wrong = max((history.wrong_labels for history in view.histories), default=0.0)
        labels = f"train: {percent(wrong)} wrong labels" if wrong else ""
        kinds = "" if single else "solid: train, dashed: validation"
        about = [kinds or _of_what(view, shown)]
        about += ["linear: a loss is below 0"] * (view.log_y and _negative(shown))
        about += ["band: lowest to highest"] * view.band
        for panel, room, name, words in zip(
            (self.loss, self.accuracy),
            self._rooms,
            ("loss", "accuracy"),
            (about, [kinds, labels]),
            strict=True,
        ):
            parts = [(word, SUBTLE) for word in words if word]
            parts += _best(shown, single) * (panel is self.accuracy)
            self._texts.over(panel, room, (name, INK), *parts)


def _best(shown: Sequence[Trace], single: bool) -> list[tuple[str, str]]:
    """The best evaluation of the only run, or of that which is looked at, with its name and in its colour."""
    for trace in shown:
        if trace.best and (single or trace.thick):
            at, accuracy = trace.best
            if single:
                return [(f"○ best: {percent(accuracy)} at {place(trace.x_is, at)}", SUBTLE)]
            return [(f"○ best of {trace.label}: {percent(accuracy)}", trace.color)]
    return []


def step_limits(shown: Sequence[Trace], log: bool) -> tuple[float, float]:
    """The whole run, from its first step, whether it has been trained or not."""
    total = float(max((trace.total for trace in shown), default=1))
    return (1.0, max(total, 2.0)) if log else (0.0, total)


def _loss_limits(shown: Sequence[Trace], log: bool) -> tuple[float, float]:
    """Round limits around all lines, but not far above where they began: a run that explodes must not hide the rest."""
    lines = [trace.series[name] for trace in shown for name in ("loss", "val_loss")]
    values = np.concatenate([np.empty(0), *(line.y for line in lines)])
    below = -reach(-float(values.min())) if _negative(shown) else 0.0
    values = values[np.isfinite(values) & (values > 0)]
    if below and not len(values):
        return below, 0.0
    begins = [float(line.y[0]) for line in lines if len(line.y) and line.y[0] > 0]
    start = max(begins[1::2] or begins, default=1.0)
    top = reach(min(max(float(values.max(initial=0.0)), 1.2 * start), OFF_SCALE * start))
    if not log:
        return below, top
    low = min(float(values.min(initial=math.inf)) * 0.8, start / 10)
    return round_below(max(low, top * 1e-8)), top


def _of_what(view: CurvesView, shown: Sequence[Trace]) -> str:
    """What the line of one run is, and its dots. In a file each value may be of many batches already."""
    if not all(isinstance(history, History) for history in view.histories):
        values = max((trace.points for trace in shown), default=1)
        each = f"each {shown[0].x_is if shown else 'step'}"
        return f"{'dots: values, ' * view.dots}line: mean of {values} values" if values > 1 else each
    steps = view.window or (smoothing_window(view.histories[0]) if view.histories else 1)
    return f"{'dots: batches, ' * view.dots}line: mean of {steps} steps" if steps > 1 else "of each batch"


def _negative(shown: Sequence[Trace]) -> bool:
    """Whether a loss is below 0, where it has no logarithm."""
    return any(float(trace.series[name].y.min(initial=0.0)) < 0 for trace in shown for name in ("loss", "val_loss"))


def _two_digits(value: float) -> str:
    """0.0018, 0.70, 1.3, 12."""
    text = f"{value:#.2g}".rstrip(".") if 0.001 <= abs(value) < 100 else short(value)
    return text.replace("-", "−")


def _dotted(panel: Panel, levels: Sequence[float]) -> list[Stroke]:
    """Dotted lines across the panel."""
    return [Stroke(np.array(panel.axes.get_xlim()), np.full(2, level), SUBTLE, DOTTED, 1.0) for level in levels]


def _beyond(panel: Panel, level: float, words: str) -> Label:
    """What a line across the panel is, to the right of it and of the marks at its edge."""
    return Label(panel.box.right + 8, panel.pixels(panel.axes.get_xlim()[1], level)[1] - 3.5, words, color=SUBTLE)


def _color(trace: Trace, name: str, single: bool) -> str:
    return MEANING["validation" if name.startswith("val") else "train"] if single else trace.color


def _style(name: str) -> Any:
    return DASHED if name.startswith("val") else "-"


def _draw(
    panel: Panel,
    shown: Sequence[Trace],
    behind: Sequence[Trace],
    train: str,
    val: str,
    single: bool,
    others: Sequence[Stroke] = (),
) -> None:
    """Show both lines of all traces, those of the pinned ones pale, and where they end."""
    ends = panel.axes.get_ylim()
    color, width = (PINNED, 1.3) if len(behind) < 2 else (_CROWD, 1.0)
    pale = [_stroke(trace.series[name], color, name, width, ends) for trace in behind for name in (train, val)]
    panel.draw([*others, *pale], panel.behind)
    strokes, bands = [], []
    for trace in sorted(shown, key=lambda trace: trace.thick):
        for name in (train, val):
            series, color = trace.series[name], _color(trace, name, single)
            strokes.append(_stroke(series, color, name, 2.4 if trace.thick else 1.9 if single else 1.4, ends))
            if series.low is not None and series.high is not None:
                bands.append((series.x, np.clip(series.low, *ends), np.clip(series.high, *ends), color))
    panel.draw(strokes)
    panel.band(bands)
    panel.mark([*_heads(panel, shown, train, val, single)])


def _stroke(series: Series, color: str, name: str, width: float, ends: tuple[float, float]) -> Stroke:
    return Stroke(series.x, np.clip(series.y, *ends), color, _style(name), width)


def _heads(
    panel: Panel, shown: Sequence[Trace], train: str, val: str, single: bool
) -> Iterator[tuple[float, float, str, bool]]:
    """A dot at the present end of each line, so that a line of one point is seen, too."""
    low, top = panel.axes.get_ylim()
    for trace in shown:
        for name in (train, val):
            series = trace.series[name]
            if len(series.x):
                yield float(series.x[-1]), min(max(float(series.y[-1]), low), top), _color(trace, name, single), True


def _end(panel: Panel, trace: Trace, name: str, single: bool, pinned: bool = False) -> Label | None:
    """The label at the end of one line, or at the top of the panel for a run that diverged at once."""
    series = trace.series[name]
    if not len(series.x) and not trace.note:
        return None
    at, value = (
        (float(series.x[-1]), float(series.y[-1])) if len(series.x) else (float(trace.diverged_at or 0), math.inf)
    )
    x, y = panel.pixels(at, value)
    off_scale = "↑ " if value > panel.axes.get_ylim()[1] and math.isfinite(value) and not trace.note else ""
    if pinned:
        text, color = "pinned", SUBTLE
    elif single:
        word = "val" if name.startswith("val") else "train"
        last = value if series.last is None else series.last
        text = f"{word} {percent(last) if 'accuracy' in name else _two_digits(last)}"
        color = _color(trace, name, True)
    else:
        text, color = trace.label, trace.color
    note = f" × {trace.note}" if trace.note and name == "loss" and not pinned else ""
    return Label(x + 7, y - 3.5, off_scale + text + note, color=color)
