"""Two weights in the plane: contours of the data loss, the penalty's ball, the solution, its path and its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.penalties import PENALTIES
from trainingwheels.engine.shrinkage.two_weights import Solution, ball
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.panels import Box, Stroke, curve
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.theme import GUIDE, INK, PINNED, SUBTLE
from trainingwheels.labs.penalties.pictures.full_loss import penalty_color

__all__ = ["HANDLE", "PATH", "GeometryPicture", "GeometryView"]

Floats = NDArray[Any]
PATH = np.concatenate([[0.0], np.logspace(-2, 4, 241)])  # the lambdas of the path; at its end all weights are near 0
HANDLE = 0.6  # from the optimum to the handle, over the stretch: a contour of the data loss goes through it
WEIGHTS = ("#5B5BD6", "#A3457F")  # w1, w2
_REACH = 3.6  # of the map, up and down
_NEAR = 0.35  # to take hold of the handle
_LEVELS = 0.5 * (HANDLE * np.array([0.5, 1.0, 2.0, 3.0, 4.0, 5.0])) ** 2
_CONTOUR, _DATA = "#C9B7A8", "#7A5200"


@dataclass(frozen=True)
class GeometryView:
    """The best weights, and those for each lambda of ``PATH``, (n, 2)."""

    solution: Solution
    path: Floats


class GeometryPicture(PlotsPicture):
    """The map of both weights; beside it the best weight for each pull of the data, and the path over lambda."""

    rows = (1, 1, 1)
    height = 560.0
    tall = 300.0
    room = (16.0, 40.0, 40.0)

    _handle: tuple[float, float] = (0.0, 0.0)

    def plots(self, result: GeometryView, pinned: GeometryView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        bowl = result.solution.bowl
        turn = np.deg2rad(bowl.angle)
        along = HANDLE * bowl.stretch * np.array([np.cos(turn), np.sin(turn)])
        x, y = np.array(bowl.optimum) + along
        self._handle = (float(x), float(y))
        return _map(result, pinned, boxes[0], self._handle), _responses(result.solution), _paths(result, pinned)

    def point(self, x: float, y: float) -> tuple[str, float, float] | None:
        """What a place in the map is: the handle ("tip") or not ("map"), and its weights."""
        place = self._panels[0].values(x, y)
        if place is None:
            return None
        return ("tip" if np.hypot(*(np.array(place) - self._handle)) < _NEAR else "map", *place)

    def _boxes(self, width: float, height: float) -> list[Box]:
        boxes = super()._boxes(width, height)
        if width < NARROW:
            return boxes
        left = min(0.56 * width, height + 40)
        half = height / 2
        x, right = left + 56, self._rooms[1] + 3
        return [
            Box(50, 42, left - 66, height - 68),
            Box(x, half + 42, width - x - right, half - 68),
            Box(x, 42, width - x - right, half - 68),
        ]


def _map(result: GeometryView, pinned: GeometryView | None, box: Box, handle: tuple[float, float]) -> Plot:
    solution, aspect = result.solution, box.width / box.height
    bowl, w, color = solution.bowl, solution.w, penalty_color(solution.penalty)
    wide = _REACH * max(aspect, 1.0), _REACH * max(1 / aspect, 1.0)
    behind = [
        Stroke(np.array(x), np.array(y), "#9AA5B1", "-", 1.0) for x, y in (((-99, 99), (0, 0)), ((0, 0), (-99, 99)))
    ]
    behind += [curve(bowl.contour(level), _CONTOUR, 1.0) for level in _LEVELS]
    if pinned:
        old = pinned.solution
        behind += [curve(pinned.path, PINNED, 1.4), curve(_ball(old), PINNED, 1.4)]
    lines = [curve(_ball(solution), color, 2.4), curve(result.path, INK, 1.4, (0, (4, 3)))]
    level = float(bowl.loss(w))
    if level > 1e-9:
        lines.append(curve(bowl.contour(level), _DATA, 1.8))
    spots = [
        Spot(*bowl.optimum, _DATA, "data alone"),
        Spot(*handle, _DATA, "turn, stretch", filled=False),
        Spot(float(w[0]), float(w[1]), color, "best"),
    ]
    words = f"{PENALTIES[solution.penalty].label} ball, contours of the data loss; dashed: path over λ"
    return Plot(
        "w2 over w1", (-wide[0], wide[0]), (-wide[1], wide[1]), words, "w1", lines=lines, behind=behind, spots=spots
    )


def _ball(solution: Solution) -> Floats:
    """The penalty's level through the solution."""
    return ball(solution.penalty, PENALTIES[solution.penalty].value(solution.w, solution.beta), solution.beta)


def _responses(solution: Solution) -> Plot:
    reach = fine_reach(1.05 * max(1.0, float(np.abs(solution.pulls).max()), 1.2 * min(solution.threshold, 10.0)))
    pulls = np.unique(np.concatenate([np.linspace(-reach, reach, 81), solution.threshold * np.array([-1.0, 1.0])]))
    pulls = pulls[np.abs(pulls) <= reach]
    lines, spots, highest = [], [], 0.1
    for place, color in enumerate(WEIGHTS):
        best = solution.response(place, pulls)
        highest = max(highest, float(best.max()))
        lines.append(Stroke(pulls, best, color, "-", 2.2))
        spots.append(Spot(float(solution.pulls[place]), float(solution.w[place]), color))
        spots.append(Spot(reach, float(best[-1]), color, f"w{place + 1}", marked=False))
    top = fine_reach(1.05 * highest)
    edges = solution.threshold * np.array([-1.0, 1.0])
    behind = [Stroke(np.full(2, edge), np.array([-top, top]), SUBTLE, GUIDE, 1.0) for edge in edges if edge]
    zero = [Stroke(np.array([-reach, reach]), np.zeros(2), "#9AA5B1", "-", 1.0)]
    words = "between the dotted lines, at ±λ, it is 0" if solution.threshold else "nothing holds it at 0"
    return Plot(
        "best weight",
        (-reach, reach),
        (-top, top),
        words,
        "pull of the data at 0",
        lines=lines,
        behind=zero + behind,
        spots=spots,
    )


def _paths(result: GeometryView, pinned: GeometryView | None) -> Plot:
    solution = result.solution
    right = fine_reach(max(4.0, solution.lam))
    values = result.path[right >= PATH]
    high = fine_reach(1.05 * max(0.1, float(np.abs(values).max())))
    lines = [Stroke(PATH, result.path[:, place], color, "-", 2.2) for place, color in enumerate(WEIGHTS)]
    behind = [Stroke(np.array([0, right]), np.zeros(2), "#9AA5B1", "-", 1.0)]
    behind += [Stroke(PATH, pinned.path[:, place], PINNED, "-", 1.2) for place in range(2)] if pinned else []
    behind.append(Stroke(np.full(2, solution.lam), np.array([-high, high]), SUBTLE, "-", 0.8))
    spots = [Spot(solution.lam, float(w), color) for w, color in zip(solution.w, WEIGHTS, strict=True)]
    ends = [float(np.interp(right, PATH, result.path[:, place])) for place in range(2)]
    spots += [Spot(right, end, WEIGHTS[place], f"w{place + 1}", marked=False) for place, end in enumerate(ends)]
    return Plot(
        "path", (0, right), (-high, high), "best weights for each λ", "λ", lines=lines, behind=behind, spots=spots
    )
