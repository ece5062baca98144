"""Folds: which part each net is validated on and what it has there, the mean for each value, and the curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from trainingwheels.engine import History
from trainingwheels.engine.search.folds import Nested
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Box, Panel, Stroke, label_size, percent, plain
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.run_curves import ACCURACY, TENTHS
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import DOTTED, GUIDE, INK, MEANING, PINNED, SUBTLE
from trainingwheels.labs.search.pictures.colors import TEST

__all__ = ["Folded", "FoldsPicture"]

Floats = NDArray[Any]
TRAIN, VAL = MEANING["train"], MEANING["validation"]
MOST = 10  # folds


@dataclass(frozen=True)
class Folded:
    """``histories`` of the folds of each of ``values`` of a setting called ``knob``, on a logarithmic axis if ``log``.

    ``looked`` is the place of the value whose folds are shown, None for the best; ``examples`` are shared out.
    ``nested`` says what choosing the best is worth, where somebody has asked.
    """

    knob: str
    log: bool
    values: Sequence[float]
    histories: Sequence[Sequence[History]]
    looked: int | None
    examples: int
    nested: Nested | None = None

    @property
    def scores(self) -> Floats:
        """Accuracy on the part left out, (values, folds); NaN before the first evaluation."""
        return self._last("val_accuracy")

    @property
    def tests(self) -> Floats:
        """On digits that no fold has seen."""
        return self._last("test_accuracy")

    def _last(self, name: str) -> Floats:
        return np.array([[_end(getattr(history, name)) for history in group] for group in self.histories])

    @property
    def means(self) -> Floats:
        """Of each value, over its folds."""
        means: Floats = self.scores.mean(axis=1)
        return means

    @property
    def errors(self) -> Floats:
        """Their standard errors: the standard deviation over the folds by the root of their number."""
        scores = self.scores
        errors: Floats = scores.std(axis=1, ddof=1) / np.sqrt(scores.shape[1])
        return errors

    @property
    def best(self) -> int:
        """The place of the value with the highest mean."""
        means = self.means
        return 0 if np.isnan(means).all() else int(np.nanargmax(means))

    @property
    def shown(self) -> int:
        """The place of the value whose folds are shown."""
        return self.best if self.looked is None else self.looked


def _end(values: Floats) -> float:
    return float(values[-1]) if len(values) else float("nan")


class FoldsPicture(Picture):
    """A row for each fold, its parts in colours; mean and standard error for each value; the folds' curves."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        rows, right = (230.0, 66.0) if narrow else (250.0, 78.0)
        below = 2 * 205.0 if narrow else 270.0
        height = rows + below
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._area = Box(52 if narrow else 64, below + 14, width - (52 if narrow else 64) - right, rows - 44)
        each = width if narrow else width / 2
        tall = below / 2 if narrow else below
        places = [(0.0, below - tall), (0.0, 0.0)] if narrow else [(0.0, 0.0), (each, 0.0)]
        boxes = [Box(x + 48, y + 40, each - 48 - right, tall - 66) for x, y in places]
        self._rooms = [box.right + right - 4 for box in boxes]
        size = (width, height)
        self._means = Panel(self.figure, boxes[0], size, percent, plain)
        self._curves = Panel(self.figure, boxes[1], size, percent)
        panels = (self._means, self._curves)
        self.parts = {panel.axes: panel.rectangle for panel in panels}
        self._parts = PolyCollection([], edgecolor="white", linewidths=1.5)
        canvas.add_collection(self._parts, autolim=False)
        self.live = [self._parts, *(artist for panel in panels for artist in panel.live), *self._texts.live]
        return height

    def show(self, result: Folded, pinned: Folded | None = None) -> None:
        self._show_parts(result)
        changed = [*self._show_means(result, pinned), *self._show_curves(result)]
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _show_parts(self, result: Folded) -> None:
        """A bar of the training set for each fold: what it trains on, and, filled as far as it is right, what not."""
        area, group = self._area, result.histories[result.shown]
        folds = len(group)
        tall, wide = area.height / folds, area.width / folds
        bar = min(tall - 3, 24.0)
        corners, colors = [], []
        for fold, history in enumerate(group):
            y = area.top - (fold + 0.5) * tall - bar / 2
            self._texts.put(Label(area.x - 8, y + bar / 2 - 4, f"fold {fold + 1}", 1.0, SUBTLE))
            for part in range(folds):
                x = area.x + part * wide
                if part != fold:
                    corners.append(_corners(x, y, wide, bar))
                    colors.append(TRAIN + "30")
                    continue
                share = _end(history.val_accuracy)
                corners.append(_corners(x, y, wide, bar))
                colors.append(VAL + "30")
                if np.isfinite(share):
                    corners.append(_corners(x, y, wide * share, bar))
                    colors.append(VAL)
                    self._texts.put(Label(area.right + 8, y + bar / 2 - 4, percent(share), color=VAL))
        self._parts.set_verts(corners)
        self._parts.set_facecolor(colors)
        name = f"{result.knob} {result.values[result.shown]:g}"
        self._texts.heading(
            14, area.top + 14, self.width - 4,
            (f"{folds} folds of {result.examples} digits, {name}", INK),
            ("trained on", TRAIN), ("left out; filled: right", VAL),
        )  # fmt: skip

    def _show_means(self, result: Folded, pinned: Folded | None) -> list[Axes]:
        panel, values = self._means, np.array(result.values, float)
        room = 1.25 if result.log else 0.04
        x = (values[0] / room, values[-1] * room) if result.log else (values[0] - room, values[-1] + room)
        changed = panel.limit((float(x[0]), float(x[1])), ACCURACY, "x" if result.log else "", TENTHS)
        changed |= panel.name(result.knob)
        means, errors = result.means, result.errors
        known = np.isfinite(means)
        strokes, marks, ends = [], [], []
        if known.any():
            strokes.append(Stroke(values[known], means[known], VAL, "-", 2.0))
            strokes += [
                Stroke(np.full(2, value), np.array([mean - error, mean + error]), VAL, "-", 3.4)
                for value, mean, error in zip(values[known], means[known], errors[known], strict=True)
            ]
            marks += [(float(value), float(mean), VAL, True) for value, mean in zip(values, means, strict=True)]
            tests = result.tests.mean(axis=1)
            marks += [(float(value), float(test), TEST, False) for value, test in zip(values, tests, strict=True)]
            for name, level, color in (("mean", float(means[-1]), VAL), ("new digits", float(tests[-1]), TEST)):
                ends.append(Label(panel.box.right + 6, panel.pixels(1.0, level)[1] - 3.5, name, color=color))
        behind = [Stroke(np.full(2, values[result.shown]), np.array([0.0, 1.03]), SUBTLE, GUIDE, 1.0)]
        if pinned is not None and pinned.knob == result.knob and np.isfinite(pinned.means).all():
            behind.append(Stroke(np.array(pinned.values), pinned.means, PINNED, "-", 1.4))
        if result.nested is not None:
            level = result.nested.nested_score
            behind.append(Stroke(np.array(x, float), np.full(2, level), INK, (0, (3, 2)), 1.4))
            ends.append(Label(panel.box.right + 6, panel.pixels(1.0, level)[1] - 3.5, "nested", color=INK))
        panel.draw(strokes)
        panel.draw(behind, panel.behind)
        panel.mark([mark for mark in marks if np.isfinite(mark[1])])
        scores = result.scores
        known_scores = np.isfinite(scores)
        panel.dot(np.repeat(values, scores.shape[1])[known_scores.ravel()], scores[known_scores], VAL + "90")
        self._texts.beside_lines(panel, ends, self._rooms[0])
        self._texts.over(panel, self._rooms[0], ("mean over folds", INK), ("bar: standard error; dots: folds", SUBTLE))
        return [panel.axes] * changed

    def _show_curves(self, result: Folded) -> list[Axes]:
        panel, group = self._curves, result.histories[result.shown]
        longest = max(history.total_steps for history in group)
        changed = panel.limit((0.0, float(longest)), ACCURACY, marks=TENTHS)
        changed |= panel.name_steps({history.steps_per_epoch for history in group})
        strokes = [
            Stroke(history.eval_steps[good], history.val_accuracy[good], VAL, "-", 1.3)
            for history in group
            for good in [np.isfinite(history.val_accuracy)]
            if good.any()
        ]
        panel.draw(strokes)
        chance = group[0].chance
        panel.draw([Stroke(np.array([0.0, longest]), np.full(2, chance), SUBTLE, DOTTED, 1.0)], panel.behind)
        ends = [Label(panel.box.right + 6, panel.pixels(0, chance)[1] - 3.5, "chance", color=SUBTLE)]
        for fold, stroke in enumerate(strokes):
            at = panel.pixels(float(stroke.x[-1]), float(stroke.y[-1]))
            ends.append(Label(at[0] + 6, at[1] - 3.5, f"fold {fold + 1}" if len(strokes) <= 5 else "", color=VAL))
        self._texts.beside_lines(panel, ends, self._rooms[1])
        self._texts.over(panel, self._rooms[1], ("folds over steps", INK), ("on what is left out", SUBTLE))
        return [panel.axes] * changed


def _corners(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
