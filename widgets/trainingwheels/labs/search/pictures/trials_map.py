"""The map of a search: each trial at its lr and L2, and along the rims what each of them comes to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from trainingwheels.engine.search.results import Trial
from trainingwheels.engine.search.spaces import LogUniform, Range
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import HEADING, Box, Panel, percent
from trainingwheels.figures.texts import OUT, Texts
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.figures.tiles import Tile, Tiles
from trainingwheels.labs.search.pictures.colors import CRASHED, score_colors
from trainingwheels.labs.search.pictures.dots import Dot, Dots
from trainingwheels.labs.search.pictures.searched import Searched, dot_color, in_black, in_order, line_color

__all__ = ["STRIP", "TrialsMap"]

STRIP = 26.0  # over the map and right of it: what its trials come to along each axis, CSS pixels
_NUMBERS = 20.0  # below the map and left of it, CSS pixels
_ROOM = 0.03  # of a range, beyond each of its ends, so that what lies there is seen
_CROSS = 4.0  # half the width of what has crashed


class TrialsMap:
    """The map in ``panel``, with ``STRIP`` beside it; its labels are among ``texts``, and end at ``room``. ``canvas``
    are axes of CSS pixels."""

    def __init__(self, panel: Panel, canvas: Axes, texts: Texts, room: float) -> None:
        self.panel, self._texts, self._room = panel, texts, room
        self._tiles, self.dots = Tiles(), Dots(canvas)
        self.crosses = LineCollection([], colors=CRASHED, linewidths=1.6)
        self._marginals = LineCollection([], capstyle="butt")
        canvas.add_artist(self._tiles)
        for lines in (self.crosses, self._marginals):
            canvas.add_collection(lines, autolim=False)
        self.live = [self._tiles, self._marginals, self.dots, self.crosses]
        self.trials: list[tuple[float, float, int]] = []
        self.sides: tuple[int, int] = (1, 1)

    def point(self, x: float, y: float) -> int | tuple[str, int] | None:
        """The number of the trial at a place, from 0; at the rim, which "column" or "row", from 1."""
        near = [(math.hypot(x - left, y - low), number) for left, low, number in self.trials]
        distance, number = min(near, default=(math.inf, 0))
        if distance < 10:
            return number
        box, (columns, rows) = self.panel.box, self.sides
        across, up = self._share(x - box.x, box.width), self._share(y - box.y, box.height)
        if 0 <= across < 1 and (0 < y - box.top < STRIP or 0 < box.y - y < _NUMBERS):
            return "column", 1 + int(across * columns)
        if 0 <= up < 1 and (0 < x - box.right < STRIP or 0 < box.x - x < _NUMBERS):
            return "row", 1 + int(up * rows)
        return None

    def _share(self, pixels: float, length: float) -> float:
        """How far along a range, which does not fill its side."""
        return (pixels / length * (1 + 2 * _ROOM)) - _ROOM

    def show(self, shown: Searched) -> list[Axes]:
        """The axes that have changed."""
        panel, space = self.panel, shown.result.space
        x, y = space["lr"], space["l2"]
        changed = panel.limit(_ends(x), _ends(y), "xy") | panel.name(shown.names["lr"])
        dots: list[Dot] = []
        crosses: list[Any] = []
        self.trials, self.sides = [], shown.sides
        panel.band(_bands(shown))
        for trial in shown.result.trials:
            at = panel.pixels(trial.params["lr"], trial.params["l2"])
            self.trials.append((*at, trial.number))
            if trial.state == "diverged":
                crosses += _cross(*at)
            else:
                dots.append(_dot(at, trial, shown.chance))
        for trial in in_black(shown):
            at = panel.pixels(trial.params["lr"], trial.params["l2"])
            dots.append(Dot(*at, 18.0, "none", INK))
        self._show_marginals(shown)
        self.dots.set_dots(dots)
        self.crosses.set_segments(crosses)
        self._tiles.set_tiles([self._scale(panel.box)])
        low, top = percent(shown.chance), "100 %"
        bar = self._bar(panel.box)
        self._texts.put(
            Label(bar.right + 4, bar.top - 8, top, color=SUBTLE), Label(bar.right + 4, bar.y, low, color=SUBTLE)
        )
        heading = [
            (f"{shown.names['l2']} over {shown.names['lr']}", INK),
            ("colour and lines at the rim: validation", SUBTLE),
        ]
        if crosses:
            heading.append(("× crashed", CRASHED))
        heading.append((shown.whose, INK))  # the curves' heading says so too where there is no room
        head = panel.box.x - OUT, panel.box.top + STRIP + HEADING
        self._texts.heading(*head, self._room, *heading)
        return [panel.axes] * changed

    def _show_marginals(self, shown: Searched) -> None:
        """Each trial as a line over its lr and beside its L2, as long as its score."""
        box, segments, colors = self.panel.box, [], []
        for trial in in_order(shown.result.trials, ()):
            x, y = self.panel.pixels(trial.params["lr"], trial.params["l2"])
            long = 2.0 + (STRIP - 6) * max(float(np.nan_to_num(trial.value)), 0.0)
            top, right = box.top + 2, box.right + 2
            segments += [[(x, top), (x, top + long)], [(right, y), (right + long, y)]]
            crashed = trial.state == "diverged"
            colors += [CRASHED if crashed else line_color(float(np.nan_to_num(trial.value)), shown.chance)] * 2
        self._marginals.set_segments(segments)
        self._marginals.set_color(colors)
        self._marginals.set_linewidth(1.6)

    def _bar(self, box: Box) -> Box:
        """Where the colours are explained."""
        return Box(box.right + STRIP + 10, box.y + box.height / 2 - 40, 12, 80)

    def _scale(self, box: Box) -> Tile:
        return Tile(self._bar(box), score_colors(np.linspace(0, 1, 40)[:, None]))


def _ends(among: Range) -> tuple[float, float]:
    """A little beyond the range."""
    assert isinstance(among, LogUniform)
    room = (among.high / among.low) ** _ROOM
    return among.low / room, among.high * room


def _bands(shown: Searched) -> list[Any]:
    """The column and the row that are looked at."""
    ends = [np.array(_ends(shown.result.space[name])) for name in ("lr", "l2")]
    found = []
    for part in shown.parts:
        along = [np.array(part.ends) if name == part.name else ends[axis] for axis, name in enumerate(("lr", "l2"))]
        found.append((along[0], np.full(2, along[1][0]), np.full(2, along[1][1]), SUBTLE))
    return found


def _cross(x: float, y: float) -> Sequence[Any]:
    return [
        np.array([(x - _CROSS, y - _CROSS), (x + _CROSS, y + _CROSS)]),
        np.array([(x - _CROSS, y + _CROSS), (x + _CROSS, y - _CROSS)]),
    ]


def _dot(at: tuple[float, float], trial: Trial, chance: float) -> Dot:
    if not math.isfinite(trial.value):
        return Dot(*at, 7.0, "white", SUBTLE)
    return Dot(*at, 7.0 if trial.state == "pruned" else 11.0, dot_color(trial.value, chance), SUBTLE)
