"""Kinds of nets compared seed by seed: their curves above, where each seed stands and who is ahead below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Panel, Stroke, label_size, row_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.run_curves import RunCurves
from trainingwheels.figures.scales import reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.figures.traces import CurvesView

__all__ = ["FEWEST", "ComparisonPicture", "accuracies"]

Floats = NDArray[np.float64]
FEWEST = 5  # seeds from which on an interval is drawn
_CURVES, _NARROW_CURVES = 320.0, 220.0  # heights of a row of panels, CSS pixels
_ROWS = 220.0  # of the lower panels


class ComparisonPicture(Picture):
    """Shows a :class:`.CurvesView` with ``band``: runs of one label are one kind of net, in the order of their seeds.

    Below the curves stand the validation accuracy of each seed, and its difference to the first kind's with the same
    seed, with the mean and its 99 % bootstrap interval. A pinned view is drawn pale behind the curves.
    """

    def arrange(self, width: float) -> float:
        height, (loss, accuracy, now, ahead) = _places(width)
        size, self._right = (width, height), _right(width)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        rooms = (loss.right + self._right - 3, accuracy.right + self._right - 3)
        self._curves = RunCurves(self.figure, loss, accuracy, size, self._texts, rooms)
        self.now = Panel(self.figure, now, size, "".format, _percent)
        self.ahead = Panel(self.figure, ahead, size, "".format, _signed)
        self.now.name("validation accuracy, one dot per seed")
        self.ahead.name("points of accuracy")
        own = {panel.axes: _room(panel.box) for panel in (self.now, self.ahead)}
        self.parts = {**self._curves.parts, **own}
        owners = (self._curves, self.now, self.ahead, self._texts)
        self.live = [artist for owner in owners for artist in owner.live]
        return height

    def show(self, result: CurvesView, pinned: CurvesView | None = None) -> None:
        changed = self._curves.show(result, pinned)
        kinds = accuracies(result)
        colors = dict(zip(result.labels, _colors(result), strict=True))
        first = next(iter(kinds))
        gains = {label: 100 * (found - kinds[first]) for label, found in kinds.items() if label != first}
        changed += self._show(self.now, kinds, colors, _accuracy_limits(kinds))
        changed += self._show(self.ahead, gains, colors, _gain_limits(gains))
        bars = "bar: 99 % interval of the mean" if len(kinds[first]) >= FEWEST else ""
        for panel, words in (
            (self.now, [("now", INK), ("tick: mean", SUBTLE)]),
            (self.ahead, [(f"ahead of {first}, seed by seed" if gains else "", INK), (bars if gains else "", SUBTLE)]),
        ):
            self._texts.over(panel, panel.box.right + self._right - 3, *words)
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _show(
        self, panel: Panel, kinds: dict[str, Floats], colors: dict[str, str], x: tuple[float, float]
    ) -> list[Axes]:
        """One row of dots per kind, the first on top; return the axes if their limits changed."""
        rows = max(len(kinds), 1)
        changed = panel.limit(x, (-0.6, rows - 0.4), "", ())
        strokes, labels, dots = [], [], []
        for place, (label, found) in enumerate(kinds.items()):
            y, color = rows - 1.0 - place, colors[label]
            dots.append((found, np.full(len(found), y), [color] * len(found)))
            strokes += _mean_strokes(found, y, color)
            bottom = panel.pixels(x[0], y)[1]
            labels.append(Label(panel.box.right + 7, bottom - 3.5, label, color=color))
        lines = [] if panel is self.now else [Stroke(np.zeros(2), np.array([-0.6, rows - 0.4]), SUBTLE, "-", 1.0)]
        panel.draw(lines, panel.behind)
        panel.draw(strokes)
        panel.dot(
            np.concatenate([np.empty(0), *(dot[0] for dot in dots)]),
            np.concatenate([np.empty(0), *(dot[1] for dot in dots)]),
            [color for dot in dots for color in dot[2]] or "none",
        )
        panel.dots.set_sizes([14.0])
        panel.dots.set_alpha(0.55)
        self._texts.beside_lines(panel, labels, panel.box.right + self._right - 3)
        return [panel.axes] if changed else []


def accuracies(view: CurvesView) -> dict[str, Floats]:
    """The present validation accuracies of each kind, by label, in the order of the runs; NaN of one that diverged."""
    found: dict[str, list[float]] = {}
    for history, label in zip(view.histories, view.labels, strict=True):
        good = len(history.val_accuracy) and not history.failed
        found.setdefault(label, []).append(float(history.val_accuracy[-1]) if good else math.nan)
    return {label: np.array(values) for label, values in found.items()}


def _mean_strokes(found: Floats, y: float, color: str) -> list[Stroke]:
    """The mean, and the interval around it."""
    values = found[np.isfinite(found)]
    if not len(values):
        return []
    mean = float(values.mean())
    strokes = [Stroke(np.full(2, mean), np.array([y - 0.32, y + 0.32]), color, "-", 2.4)]
    if len(values) >= FEWEST:
        strokes.append(Stroke(np.array(bootstrap_interval(values)), np.full(2, y), color, "-", 3.2))
    return strokes


def _colors(view: CurvesView) -> Sequence[str]:
    names = list(dict.fromkeys(view.labels))
    return view.colors or [run_color(names.index(label)) for label in view.labels]


def _accuracy_limits(kinds: dict[str, Floats]) -> tuple[float, float]:
    """Tenths around all accuracies, at least two of them."""
    every = np.concatenate(list(kinds.values()))
    every = every[np.isfinite(every)]
    if not len(every):
        return 0.0, 1.0
    low = max(0.0, math.floor(10 * float(every.min()) - 0.1) / 10)
    high = min(1.02, max(math.ceil(10 * float(every.max()) + 0.1) / 10, low + 0.2))
    return min(low, 0.8), high


def _gain_limits(gains: dict[str, Floats]) -> tuple[float, float]:
    """Round limits around all differences, and zero."""
    every = np.concatenate([np.zeros(1), *gains.values()])
    every = every[np.isfinite(every)]
    return -reach(-float(every.min()), 1.0) * 1.05, reach(float(every.max()), 1.0) * 1.05


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


def _signed(value: float) -> str:
    """+2, 0, −5."""
    return f"{value:+g}".replace("-", "−") if value else "0"


def _room(box: Box) -> tuple[float, float, float, float]:
    """What a panel takes: its last number stands across its right edge."""
    return box.x - 30, box.y - 38, box.right + 24, box.top + 9


def _right(width: float) -> float:
    """Room for labels at the right of a panel, CSS pixels."""
    return 78.0 if width < NARROW else 92.0


def _places(width: float) -> tuple[float, Sequence[Box]]:
    """The height of the picture, and the boxes of its four panels."""
    right = _right(width)
    if width < NARROW:
        bottoms = (
            (2 * _ROWS + _NARROW_CURVES, _NARROW_CURVES),
            (2 * _ROWS, _NARROW_CURVES),
            (_ROWS, _ROWS),
            (0, _ROWS),
        )
        boxes = [row_of_boxes(0, y, width, height, 1, right)[0] for y, height in bottoms]
        return 2 * (_ROWS + _NARROW_CURVES), boxes
    above: Any = row_of_boxes(0, _ROWS, width, _CURVES, 2, right)
    return _ROWS + _CURVES, [*above, *row_of_boxes(0, 0, width, _ROWS, 2, right)]
