"""A difference across a kink: the secant, the tangent, and how often it happens in a net."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import Secant
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import HEADING, Box, Panel, Stroke, label_size, percent, plain
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, PINNED, SUBTLE

__all__ = ["KinkPicture", "KinkView"]

Floats = NDArray[Any]
_HEIGHT = 430.0
_FUNCTION_NARROW, _SHARES_NARROW = 280.0, 200.0
_RANGE = 2.5  # of x, to both sides
_PALE = "#C3CBD3"  # of the function, which the tangent lies on
_TANGENT, _SECANT = run_color(0), run_color(1)


@dataclass(frozen=True)
class KinkView:
    """A function with its two slopes at a point, and how many entries of a net straddle a kink at each of ``hs``.

    ``shares`` maps the number of examples in the batch to the share of entries, ndarray (len(hs),).
    """

    secant: Secant
    hs: Floats
    shares: Mapping[int, Floats]


class KinkPicture(Picture):
    """The function on the left, the net on the right; one above the other in a narrow picture."""

    def arrange(self, width: float) -> float:
        height, function, shares = _places(width)
        canvas = self.sheet(width, height)
        self._texts = Texts(canvas, label_size(width))
        self._function = Panel(self.figure, function, (width, height), plain, plain)
        self._function.limit((-_RANGE, _RANGE), (-1.2, 3.2))
        self._function.name("x")
        self._function.marks.set_clip_on(True)
        self._shares = Panel(self.figure, shares, (width, height), percent, plain)
        self._shares.limit((1e-5, 1.0), (0.0, 1.03), "x", (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
        self._shares.name("step h")
        self.live = [*self._function.live, *self._shares.live, *self._texts.live]
        return height

    def show(self, result: KinkView, pinned: KinkView | None = None) -> None:
        self._show_function(result.secant, pinned.secant if pinned else None)
        self._show_shares(result)
        self._texts.flush()

    def _show_function(self, secant: Secant, pinned: Secant | None) -> None:
        panel = self._function
        xs = np.linspace(-_RANGE, _RANGE, 201)
        ends = np.array([-_RANGE, _RANGE])
        middle, (first, second) = float(secant.kink.value(np.array(secant.x))), secant.points
        start = float(secant.kink.value(np.array(first)))
        tangent = middle + secant.analytic * (ends - secant.x)
        chord = start + secant.numeric * (ends - first)
        behind = [Stroke(xs, secant.kink.value(xs), _PALE, "-", 6.0)]
        if pinned is not None:
            behind.insert(0, Stroke(xs, pinned.kink.value(xs), PINNED, (0, (5, 3)), 1.2))
        panel.draw(behind, panel.behind)
        panel.draw([Stroke(ends, tangent, _TANGENT, "-", 2.2), Stroke(ends, chord, _SECANT, "-", 2.2)])
        points = [(point, float(secant.kink.value(np.array(point))), _SECANT, True) for point in (first, second)]
        panel.mark([*points, (secant.x, middle, _TANGENT, True)])
        named = (
            (f"analytic {secant.analytic:.4g}", _TANGENT),
            (f"numeric {secant.numeric:.4g}", _SECANT),
        )
        words = [(text.replace("-", "−"), color) for text, color in named]
        room = self.width if self.width < NARROW else self._shares.box.x - 50
        self._texts.heading(panel.box.x - 40, panel.box.top + HEADING, room, (secant.kink.label, INK), *words)

    def _show_shares(self, result: KinkView) -> None:
        panel, h = self._shares, result.secant.h
        panel.draw([Stroke(np.full(2, h), np.array([0, 1.03]), INK, "-", 0.8)], panel.behind)
        panel.draw([Stroke(result.hs, share, run_color(5), "-", 1.8) for share in result.shares.values()])
        marks, ends = [], []
        for batch, share in result.shares.items():
            at = float(np.interp(np.log(h), np.log(result.hs), share))
            marks.append((max(h, 1e-5), at, run_color(5), True))
            x, y = panel.pixels(float(result.hs[-1]), float(share[-1]))
            ends.append(Label(x + 5, y - 4, f"N = {batch}", color=run_color(5)))
        panel.mark(marks)
        self._texts.beside_lines(panel, ends, panel.box.right + 50)
        head = ("entries that straddle a kink", INK), ("ReLU net, batch of N", SUBTLE)
        self._texts.heading(panel.box.x - 40, panel.box.top + HEADING, self.width, *head)


def _places(width: float) -> tuple[float, Box, Box]:
    """The height of the picture, and the boxes of the function and of the net's shares."""
    if width < NARROW:
        height = _FUNCTION_NARROW + _SHARES_NARROW
        function = Box(54, _SHARES_NARROW + 42, width - 66, _FUNCTION_NARROW - 42 - 30)
        return height, function, Box(54, 42, width - 54 - 56, _SHARES_NARROW - 42 - 30)
    left = 0.56 * width
    return _HEIGHT, Box(54, 42, left - 54 - 24, _HEIGHT - 72), Box(left + 54, 42, width - left - 54 - 56, _HEIGHT - 72)
