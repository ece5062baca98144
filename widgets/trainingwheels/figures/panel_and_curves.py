"""A panel of lines, and below it the losses and accuracies of nets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Panel, label_size, percent, plain, rows_of_boxes
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.run_curves import RunCurves
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.figures.traces import CurvesView

__all__ = ["Line", "PanelAndCurvesPicture", "marks"]

Floats = NDArray[Any]
_TALL, _TALL_NARROW = 265.0, 215.0  # a row of panels, CSS pixels
_RIGHT_NARROW = 84.0


@dataclass(frozen=True)
class Line:
    """``y`` over ``x``, and what it is called."""

    name: str
    color: str
    x: Floats
    y: Floats


class PanelAndCurvesPicture(Picture):
    """A subclass writes ``show_above``. ``right`` is the room for labels in a wide picture, CSS pixels."""

    right: ClassVar[float]

    number: Callable[[float], str] = staticmethod(percent)
    """Writes a number at the left of the panel above."""

    def show_above(self, panel: Panel, result: Any, pinned: Any) -> bool:
        """Draw the panel above. Whether its axes have changed."""
        raise NotImplementedError

    def arrange(self, width: float) -> float:
        narrow = width < NARROW
        tall, right = (_TALL_NARROW, _RIGHT_NARROW) if narrow else (_TALL, self.right)
        columns = [1, 1, 1] if narrow else [1, 2]
        size = (width, len(columns) * tall)
        first, loss, accuracy = rows_of_boxes(width, tall, columns, right)
        canvas = self.sheet(*size)
        self._texts = Texts(canvas, label_size(width))
        self._end = first.right + right - 3
        self._above = Panel(self.figure, first, size, self.number, plain)
        ends = (loss.right + right - 3, accuracy.right + right - 3)
        self.curves = RunCurves(self.figure, loss, accuracy, size, self._texts, ends)
        self.parts = {self._above.axes: self._above.rectangle, **self.curves.parts}
        self.live = [*self._above.live, *self.curves.live, *self._texts.live]
        return size[1]

    def show(self, result: Any, pinned: Any = None) -> None:
        """Results have ``curves``."""
        old: CurvesView | None = None if pinned is None else pinned.curves
        changed: list[Axes] = list(self.curves.show(result.curves, old))
        if self.show_above(self._above, result, pinned):
            changed.append(self._above.axes)
        self._texts.flush()
        if changed:
            self.forget(*changed)

    def write(self, heading: str, words: str, labels: Sequence[Label]) -> None:
        """Above the panel, and at the ends of its lines."""
        self._texts.beside_lines(self._above, labels, self._end)
        self._texts.over(self._above, self._end, (heading, INK), (words, SUBTLE))


def marks(line: Line, lowest: bool = False) -> list[tuple[float, float, str, bool]]:
    """A dot for each point of a line, and a ring for its highest, or lowest."""
    if not len(line.x):
        return []
    best = int(np.argmin(line.y) if lowest else np.argmax(line.y))
    return [(float(x), float(y), line.color, at != best) for at, (x, y) in enumerate(zip(line.x, line.y, strict=True))]
