"""A search with real runs: its trials on the map, all curves over each other, the best so far, and all trials apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Box, Panel, Stroke, label_size, percent, plain, rows_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.run_curves import ACCURACY, TENTHS
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import DOTTED, INK, SUBTLE
from trainingwheels.labs.search.pictures.best_so_far import BestSoFar
from trainingwheels.labs.search.pictures.colors import CRASHED
from trainingwheels.labs.search.pictures.looks import Looks
from trainingwheels.labs.search.pictures.searched import Searched, in_black, in_order, line_color, which
from trainingwheels.labs.search.pictures.trials_map import STRIP, TrialsMap

__all__ = ["SearchedPicture"]

_TALL, _TALL_NARROW = 262.0, 210.0  # a row of panels, CSS pixels


class SearchedPicture(Picture):
    """The map of lr and L2; validation accuracy over the steps; the best so far, validation and test; all trials."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        tall, right = (_TALL_NARROW, 76.0) if narrow else (_TALL, 84.0)
        rows = 4 if narrow else 2
        height, size = rows * tall, (width, rows * tall)
        boxes = rows_of_boxes(width, tall, [4 // rows] * rows, right)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._rooms = [box.right + right - 4 for box in boxes]
        boxes[0] = Box(boxes[0].x, boxes[0].y, boxes[0].width - STRIP, boxes[0].height - STRIP)
        writers: list[tuple[Callable[[float], str], Any]]
        writers = [(plain, plain), (percent, "{:,.10g}".format), (percent, plain), (percent, plain)]
        above, self._curves, self._panel_of_best, look = panels = [
            Panel(self.figure, box, size, *writer) for box, writer in zip(boxes, writers, strict=True)
        ]
        self.parts = {panel.axes: panel.rectangle for panel in panels}
        self.map = TrialsMap(above, canvas, self._texts, self._rooms[0])
        self._best = BestSoFar(self._panel_of_best, self._texts, self._rooms[2])
        self._looks = Looks(look, self._texts, self._rooms[3])
        self.live = [artist for panel in panels for artist in panel.live]
        self.live += [*self.map.live, *self._texts.live]
        return height

    def point(self, x: float, y: float) -> int | tuple[str, int] | None:
        """The number of the trial at a place in the map, from 0, or which "column" or "row" of it, from 1."""
        return self.map.point(x, y)

    def show(self, result: Searched, pinned: Searched | None = None) -> None:
        changed = [
            *self.map.show(result),
            *self._show_curves(result),
            *self._show_best(result, pinned),
            *self._looks.show(result, pinned),
        ]
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _show_curves(self, shown: Searched) -> list[Axes]:
        panel = self._curves
        trials = [trial for trial in shown.seen if trial.history is not None]
        every = [trial.history for trial in shown.result.trials if trial.history is not None]
        longest = max((history.total_steps for history in every), default=1)
        changed = panel.limit((0.0, float(longest)), ACCURACY, marks=TENTHS)
        changed |= panel.name_steps({history.steps_per_epoch for history in every})
        marked = [trial for trial in in_black(shown) if trial in trials]
        strokes, ends = [], []
        for trial in in_order(trials, marked):
            if trial.history is None:
                continue
            good = np.isfinite(trial.history.val_accuracy)
            x, y = trial.history.eval_steps[good], trial.history.val_accuracy[good]
            thick = trial in marked
            color = INK if thick else CRASHED if trial.state == "diverged" else line_color(trial.value, shown.chance)
            style = DOTTED if trial.state == "diverged" else "-"
            strokes.append(Stroke(x, y, color, style, 2.6 if thick else 1.3))
            if thick and len(x):
                at = panel.pixels(float(x[-1]), float(y[-1]))
                ends.append(Label(at[0] + 6, at[1] - 3.5, f"trial {trial.number + 1}", color=INK))
        panel.draw([stroke for stroke in strokes if len(stroke.x)])
        steps = np.array([0.0, float(longest)])
        panel.draw([Stroke(steps, np.full(2, shown.chance), SUBTLE, DOTTED, 1.0)], panel.behind)
        self._texts.beside_lines(panel, ends[:1], self._rooms[1])
        whose = f"trials of {shown.words}" if shown.words else "all" if shown.whose else "all trials"
        whose += f" of {shown.whose}" * bool(shown.whose)
        self._texts.over(panel, self._rooms[1], (whose, INK), ("val accuracy; black: " + which(shown), SUBTLE))
        return [panel.axes] * changed

    def _show_best(self, shown: Searched, pinned: Searched | None) -> list[Axes]:
        changed, words = self._best.show(shown, pinned)
        self._texts.over(self._panel_of_best, self._rooms[2], ("best so far", INK), *((each, SUBTLE) for each in words))
        return changed
