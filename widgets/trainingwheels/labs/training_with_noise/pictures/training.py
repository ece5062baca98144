"""Nets with a noise, with another, with both and with none: while they learn, and the accuracies side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trainingwheels.engine import History
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.kind_curves import draw_kind_curves
from trainingwheels.figures.kinds import Kind, kinds_of
from trainingwheels.figures.panels import Panel, Stroke, label_size, percent, rows_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.run_curves import ACCURACY, TENTHS
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE

__all__ = ["Noised", "NoisedPicture"]

Floats = NDArray[np.floating[Any]]
PLACES = ("noisy", "training", "right labels", "validation")
_TALL, _TALL_NARROW = 410.0, 260.0  # a row of panels, CSS pixels
DASH = np.array([-0.05, 0.05])  # of a pinned mean, to either side
_SPREAD = 0.62  # of a place, that the kinds take side by side


@dataclass(frozen=True)
class Noised:
    """Runs whose ``labels`` say which noises they train with; those of one label differ by their seed."""

    histories: Sequence[History]
    labels: Sequence[str]


class NoisedPicture(Picture):
    """Training accuracy (solid) and validation accuracy (dashed) against steps; right, the four accuracies of now."""

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        tall, right = (_TALL_NARROW, 84.0) if narrow else (_TALL, 128.0)
        rows = 2 if narrow else 1
        height, size = rows * tall, (width, rows * tall)
        boxes = rows_of_boxes(width, tall, [2 // rows] * rows, right)
        boxes[1] = boxes[1]._replace(width=boxes[1].width + right - 16)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._rooms = [boxes[0].right + right - 4, boxes[1].right + 12]
        self._curves = Panel(self.figure, boxes[0], size, percent)
        self._now = Panel(self.figure, boxes[1], size, percent, _place_name)
        self._panels = (self._curves, self._now)
        self.parts = {panel.axes: panel.rectangle for panel in self._panels}
        self.live = [artist for owner in (*self._panels, self._texts) for artist in owner.live]
        return height

    def show(self, result: Noised, pinned: Noised | None = None) -> None:
        kinds, old = kinds_of(result), kinds_of(pinned) if pinned else []
        changed = [self._curves.axes] * draw_kind_curves(self._curves, self._texts, self._rooms[0], kinds, old)
        changed += self._draw_now(kinds, old)
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def _draw_now(self, kinds: Sequence[Kind], old: Sequence[Kind]) -> list[Axes]:
        """A column for each kind at each of the four places: a dot a net, and their mean."""
        panel = self._now
        changed = panel.limit((0.5, len(PLACES) + 0.5), ACCURACY, marks=TENTHS)
        x, y, colors, marks, strokes = [], [], [], [], []
        for number, kind in enumerate(kinds):
            at = _column(number, len(kinds))
            means = []
            for place, values in enumerate(_four(kind), 1):
                good = values[np.isfinite(values)]
                x += [place + at] * len(good)
                y += good.tolist()
                colors += [kind.color] * len(good)
                if len(good):
                    means.append((place + at, float(good.mean())))
            marks += [(*mean, kind.color, mean is means[-1]) for mean in means]
            if means:
                across, up = np.array(means).T
                strokes.append(Stroke(across, up, kind.color, "-", 1.0))
        panel.dot(np.array(x), np.array(y), colors)
        panel.draw(strokes)
        panel.mark(marks)
        behind = [
            Stroke(place + _column(number, len(old)) + DASH, np.full(2, values.mean()), PINNED, "-", 2.5)
            for number, kind in enumerate(old)
            for place, values in enumerate(_four(kind), 1)
        ]
        panel.draw(behind, panel.behind)
        words = (("accuracy now", INK), ("○ on training examples, ● on others", SUBTLE))
        self._texts.over(panel, self._rooms[1], *words)
        return [panel.axes] * changed


def _four(kind: Kind) -> tuple[Floats, ...]:
    """What stands at each of ``PLACES``."""
    return kind.noisy, kind.train, kind.right, kind.validation


def _column(number: int, count: int) -> float:
    """Where a kind stands, from the middle of its place."""
    return _SPREAD * ((number + 0.5) / count - 0.5)


def _place_name(place: float) -> str:
    return PLACES[round(place) - 1] if abs(place - round(place)) < 1e-9 and 1 <= place <= len(PLACES) else ""
