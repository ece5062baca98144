"""A picture that lives as long as its lab: artists are mutated, pixels are kept, only what changed is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock
from typing import Any

import numpy as np
from matplotlib import style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from trainingwheels.figures.theme import CSS_DPI, THEME

__all__ = ["FIRST_WIDTH", "Picture", "clear"]

FIRST_WIDTH = 960.0  # CSS pixels, until a page has said how wide it is
SIZES = 2  # of a canvas that pixels are kept for: in motion, and at rest

# Labs of one notebook draw in threads of their own, and matplotlib's settings and its parser of formulas are the
# process's. This is its own lock, which the notebook's other figures take as well; it takes it for whole figures alone.
_one_at_a_time: RLock = getattr(Figure, "_render_lock", None) or RLock()


def clear(figure: Figure) -> None:
    """Empty a figure. ``Figure.clear`` makes anew the ticks of all axes that it throws away, so they go before."""
    for axes in figure.axes:
        figure.delaxes(axes)
    figure.clear()


class Picture:
    """The base of every picture, laid out in CSS pixels.

    A subclass writes ``arrange`` (make the artists for a width; return the height) and ``show`` (move the artists
    to a result, draw nothing). ``arrange`` lists in ``self.live`` the artists that ``show`` moves: they are drawn for
    every frame, in that order, on top of all others. It may list in ``self.parts`` axes whose limits or ticks change
    now and then, each with the rectangle (left, bottom, right, top) that it and its labels take: ``show`` calls
    ``forget(axes)`` when they did. If anything else changed, it calls ``forget()``. It never touches the rest.
    ``held`` says where a finger draws instead of moving the page: left, top, width and height, as shares of the
    picture; nothing where it draws nowhere.

    Parameters
    ----------
    figure : Figure
        Empty, on any Agg canvas. The picture owns it from then on.
    width : float
        Of the picture, in CSS pixels, until it is resized.
    """

    def __init__(self, figure: Figure, width: float = FIRST_WIDTH) -> None:
        self.figure = figure
        self.live: list[Artist] = []
        self.parts: dict[Axes, tuple[float, float, float, float]] = {}
        self.held: Sequence[float] = ()
        # Pixels of each part, and (None) of what is neither part nor live; for each size of the canvas, in pixels.
        self._kept: dict[tuple[int, int], dict[Axes | None, Any]] = {}
        self._shown: Any = None
        self.resize(width)

    def arrange(self, width: float) -> float:
        """Make the axes and artists for a picture ``width`` pixels wide; return its height in pixels."""
        raise NotImplementedError

    def show(self, result: Any, pinned: Any = None) -> None:
        """Move the artists to ``result``, with ``pinned`` (another result, or None) as a pale outline behind it."""
        raise NotImplementedError

    def point(self, x: float, y: float) -> Any:
        """What can be dragged at (x, y), CSS pixels from the lower left corner, in terms of what is shown; or None."""
        return None

    def update(self, result: Any, pinned: Any = None) -> None:
        """Show ``result``, and again after each change of the width."""
        self._shown = (result, pinned)
        with _one_at_a_time:
            self.show(result, pinned)

    def resize(self, width: float) -> None:
        """Lay the picture out anew for ``width`` CSS pixels."""
        self.width = width
        clear(self.figure)
        self.figure.set_layout_engine("none")
        self.figure.set_facecolor(THEME["figure.facecolor"])
        self.live, self.parts, self.held = [], {}, ()
        with _one_at_a_time, style.context(["default", THEME]):  # whatever the notebook has set for its own figures
            height = self.arrange(width)
        self.figure.set_size_inches(width / CSS_DPI, height / CSS_DPI, forward=False)
        for artist in self.live:
            artist.set_animated(True)  # left out of the background; still drawn when the figure is saved
        self.forget()
        if self._shown is not None:
            self.update(*self._shown)

    @property
    def has_result(self) -> bool:
        """Whether there is anything to show yet."""
        return self._shown is not None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in CSS pixels."""
        width, height = self.figure.get_size_inches()
        return round(width * CSS_DPI), round(height * CSS_DPI)

    def sheet(self, width: float, height: float) -> Axes:
        """The whole picture as axes in CSS pixels, behind all others: for texts, tiles and whatever has no axes."""
        sheet = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height), zorder=-1)
        sheet.set_axis_off()
        return sheet

    def forget(self, *parts: Axes) -> None:
        """Draw these parts anew at the next ``render``; without arguments, everything."""
        if not parts:
            self._kept.clear()
        for kept in self._kept.values():
            for part in parts:
                kept.pop(part, None)

    def render(self) -> None:
        """Bring the canvas's pixels up to date."""
        with _one_at_a_time:
            self._render()

    def _render(self) -> None:
        canvas = self.figure.canvas
        assert isinstance(canvas, FigureCanvasAgg)
        size = canvas.get_width_height(physical=True)
        if size not in self._kept and len(self._kept) == SIZES:
            self.forget()
        kept = self._kept.setdefault(size, {})
        if None in kept:
            canvas.restore_region(kept[None])
        else:
            kept.clear()
            kept[None] = self._draw_ground(canvas)
        renderer = canvas.get_renderer()
        for axes, rectangle in self.parts.items():
            if axes in kept:
                canvas.restore_region(kept[axes])
            else:
                axes.draw(renderer)
                kept[axes] = canvas.copy_from_bbox(self._pixels(rectangle))
        for artist in self.live:
            artist.draw(renderer)

    def _draw_ground(self, canvas: FigureCanvasAgg) -> Any:
        """Draw everything that is neither a part nor live; its pixels."""
        in_sight = [axes for axes in self.parts if axes.get_visible()]
        for axes in in_sight:
            axes.set_visible(False)
        FigureCanvasAgg.draw(canvas)
        for axes in in_sight:
            axes.set_visible(True)
        return canvas.copy_from_bbox(self.figure.bbox)

    def _pixels(self, rectangle: tuple[float, float, float, float]) -> Bbox:
        """A rectangle in CSS pixels as one of the canvas's own, on whole pixels."""
        return Bbox(np.rint(np.reshape(rectangle, (2, 2)) * (self.figure.dpi / CSS_DPI)))
