"""A net that trains: loss and accuracy, and its decision regions."""

from __future__ import annotations

from dataclasses import dataclass

from trainingwheels.engine import History
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.panels import Box, label_size
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.plane import Plane, PlanePanel
from trainingwheels.figures.run_curves import RunCurves
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.traces import CurvesView

__all__ = ["NetPicture", "NetView", "PlanePicture", "curve_boxes"]

_HEIGHT, _TALL = 520.0, 210.0  # of a wide picture; of a curve in a narrow one, CSS pixels
_HEAD, _UNITS, _RIGHT = 24.0, 80.0, 88.0


@dataclass(frozen=True)
class NetView:
    """A run up to now, and what its net makes of the plane, if that is where its data lie."""

    history: History
    plane: Plane | None


class PlanePicture(Picture):
    """Two panels, and the decision regions beside or below them; for other data the panels have all the room.

    A subclass writes ``arrange_curves`` and ``show``, and calls ``make_room`` first when it shows a result.
    """

    planar = True

    def arrange(self, width: float) -> float:
        first, second, regions, units, height = _places(width, self.planar)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._rooms = [box.right + _RIGHT - 3 for box in (first, second)]
        self._plane = PlanePanel(canvas, regions, units, self._texts)
        self.arrange_curves(first, second, (width, height))
        self.live += [*self._plane.live, *self._texts.live]
        return height

    def arrange_curves(self, first: Box, second: Box, size: tuple[float, float]) -> None:
        """Make the two panels; say so in ``live`` and ``parts``."""
        raise NotImplementedError

    def make_room(self, plane: Plane | None) -> bool:
        """Lay the picture out for data in the plane or for others; say whether that has shown the result already."""
        if self.planar == (plane is not None):
            return False
        self.planar = plane is not None
        self.resize(self.width)
        return True


class NetPicture(PlanePicture):
    """Loss and accuracy over steps, and the decision regions."""

    def arrange_curves(self, first: Box, second: Box, size: tuple[float, float]) -> None:
        self._curves = RunCurves(self.figure, first, second, size, self._texts, self._rooms)
        self.parts, self.live = dict(self._curves.parts), [*self._curves.live]

    def show(self, result: NetView, pinned: NetView | None = None) -> None:
        if self.make_room(result.plane):
            return
        behind = CurvesView([pinned.history], [""]) if pinned else None
        changed = self._curves.show(CurvesView([result.history], [""]), behind)
        self._plane.show(result.plane)
        self._texts.flush()
        if changed:
            self.forget(*changed)


def curve_boxes(x: float, y: float, width: float, height: float) -> tuple[Box, Box]:
    """Two panels under each other, with room for their numbers and labels."""
    half = height / 2
    boxes = [Box(x + 48, y + row * half + 42, width - 48 - _RIGHT, half - 68) for row in (1, 0)]
    return boxes[0], boxes[1]


def _places(width: float, planar: bool) -> tuple[Box, Box, Box, Box, float]:
    """Where both panels, the regions and the hidden units stand, and the height of all."""
    if width < NARROW:
        square = min(width - 24, 360.0)
        below = _UNITS + square + 2 * _HEAD + 20 if planar else 0.0
        height = below + 2 * _TALL
        first, second = curve_boxes(0, below, width, 2 * _TALL)
        return first, second, Box(12, _UNITS + _HEAD + 12, square, square), Box(12, 4, width - 24, _UNITS), height
    side = min(0.38 * width, 360.0)
    first, second = curve_boxes(0, 0, width - side - 10 if planar else width, _HEIGHT)
    x = width - side
    regions = Box(x, _HEIGHT - _HEAD - side + 8, side - 8, side - 8)
    return first, second, regions, Box(x, 4, side - 16, regions.y - 4 - _HEAD), _HEIGHT
