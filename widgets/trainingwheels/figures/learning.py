"""Losses and accuracies of nets that were born differently, while they learn."""

from __future__ import annotations

from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.panels import label_size, rows_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.run_curves import RunCurves
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.traces import CurvesView

__all__ = ["LearningPicture"]

_TALL, _TALL_NARROW = 440.0, 270.0  # a row of panels, CSS pixels
_BESIDE = 92.0  # room for "train 0.0043" and "momentum" right of a panel, CSS pixels


class LearningPicture(Picture):
    """Shows a :class:`.CurvesView`: the losses beside the accuracies, or above them in a narrow picture.

    A pinned view is drawn pale behind.
    """

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        height, right = (2 * _TALL_NARROW, 52.0) if narrow else (_TALL, _BESIDE)
        columns = [1, 1] if narrow else [2]
        loss, accuracy = rows_of_boxes(width, height / len(columns), columns, right)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        rooms = (loss.right + right - 3, accuracy.right + right - 3)
        self.curves = RunCurves(self.figure, loss, accuracy, (width, height), self._texts, rooms)
        self.parts = self.curves.parts
        self.live = [*self.curves.live, *self._texts.live]
        return height

    def show(self, result: CurvesView, pinned: CurvesView | None = None) -> None:
        if changed := self.curves.show(result, pinned):
            self.forget(*changed)
        self._texts.flush()
