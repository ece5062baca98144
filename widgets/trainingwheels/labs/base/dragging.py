"""What the learner does to a picture with the mouse, as changes of settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.backend_tools import Cursors

from trainingwheels.figures.theme import CSS_DPI
from trainingwheels.labs.base.canvas import LabCanvas

__all__ = ["Dragging"]


class Dragging:
    """Follows the mouse over a canvas while its button is down.

    Parameters
    ----------
    canvas : LabCanvas
        The picture's canvas; it holds the lab's lock while it tells of the mouse.
    point : callable (x, y) -> object or None
        What the picture has at a place in CSS pixels; None where nothing can be dragged.
    begin : callable () -> None
        Called when something has been taken hold of.
    drag : callable (start, now) -> None
        Called for every move, with the points at which the drag began and is now.
    """

    def __init__(
        self,
        canvas: LabCanvas,
        point: Callable[[float, float], Any],
        begin: Callable[[], None],
        drag: Callable[[Any, Any], None],
    ) -> None:
        self._canvas, self._point, self._begin, self._drag = canvas, point, begin, drag
        self._start: Any = None
        self._cursor = Cursors.POINTER
        for name, handle in (("press", self._press), ("release", self._release)):
            canvas.mpl_connect(f"button_{name}_event", handle)
        canvas.mpl_connect("motion_notify_event", self._move)

    def _at(self, event: Any) -> Any:
        scale = CSS_DPI / self._canvas.figure.dpi
        return self._point(event.x * scale, event.y * scale)

    def _press(self, event: Any) -> None:
        self._start = self._at(event) if event.button == 1 else None
        if self._start is not None:
            self._begin()

    def _move(self, event: Any) -> None:
        now = self._at(event)
        if self._start is not None and now is not None:
            self._canvas.moves()
            self._drag(self._start, now)
        cursor = Cursors.POINTER if now is None and self._start is None else Cursors.HAND
        if cursor != self._cursor:  # each time is a message
            self._cursor = cursor
            self._canvas.set_cursor(cursor)

    def _release(self, event: Any) -> None:
        self._move(event)  # the page holds moves back while they come too quickly, the last ones too
        self._start = None
