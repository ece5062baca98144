"""A linear classifier whose weights turn: the line before and after preprocessing, and what it does to the loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.geometry.clouds import STEPS
from trainingwheels.engine.geometry.turning import TURNS, Classifier, Turned
from trainingwheels.figures.palettes import CLASSES, run_color
from trainingwheels.figures.panels import Box, Stroke
from trainingwheels.figures.plots import Dots, Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.theme import INK, PINNED, SUBTLE

__all__ = ["TurnPicture", "TurnView", "step_color"]

Floats = NDArray[Any]


@dataclass(frozen=True)
class TurnView:
    """What :func:`turned_classifiers` found, with the step shown beside the original and the turn in degrees."""

    steps: dict[str, Turned]
    classes: Floats
    after: str
    degrees: float


def step_color(name: str) -> str:
    """The colour of one of the lecture's steps."""
    return run_color(STEPS.keys().index(name))


class TurnPicture(PlotsPicture):
    """Points and line before and after; below, the loss against the turn for all steps."""

    rows = (2, 1)
    height = 560.0
    room = (12.0, 12.0, 104.0)

    def plots(self, result: TurnView, pinned: TurnView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        before = _plane("before", result, "original", boxes[0])
        after = _plane("after", result, result.after, boxes[1])
        return before, after, _losses(result, pinned)


def _plane(when: str, result: TurnView, name: str, box: Box) -> Plot:
    """The points of one step, the best line and the turned one."""
    turned = result.steps[name]
    aspect = box.width / box.height
    size = np.quantile(np.abs(turned.points), 0.99, axis=0)
    high = fine_reach(1.1 * max(float(size[1]), float(size[0]) / aspect))
    colors = np.array([CLASSES[0], CLASSES[1]])[result.classes.astype(int)]
    lines = [
        Stroke(*_border(turned.best.turned(result.degrees), 4 * high * aspect), step_color(name), "-", 2.4),
        Stroke(*_border(turned.best, 4 * high * aspect), INK, (0, (4, 3)), 1.4),
    ]
    axes = [
        Stroke(np.array(x), np.array(y), "#C5CCD3", "-", 1.0) for x, y in (((-1e6, 1e6), (0, 0)), ((0, 0), (-1e6, 1e6)))
    ]
    return Plot(
        f"{when}: {STEPS[name].label}",
        (-high * aspect, high * aspect),
        (-high, high),
        f"turned: loss {_loss_at(turned, result.degrees):.2f}; dashed: the best, {turned.lowest:.2f}",
        lines=lines,
        behind=axes,
        dots=Dots(turned.points, colors),
    )


def _border(classifier: Classifier, reach: float) -> tuple[Floats, Floats]:
    """Where the score is 0: x and y of two points far apart."""
    w = classifier.w
    if w @ w < 1e-20:  # without weights there is no border
        return np.empty(0), np.empty(0)
    foot = -classifier.b * w / (w @ w)
    along = reach * np.array([-w[1], w[0]]) / np.sqrt(w @ w)
    ends = np.array([foot - 2 * along, foot + 2 * along])
    return ends[:, 0], ends[:, 1]


def _losses(result: TurnView, pinned: TurnView | None) -> Plot:
    lines, spots = [], []
    for name, turned in result.steps.items():
        color = step_color(name)
        style = (0, (4, 3)) if name == "decorrelated" else "-"  # it lies on zero-centred: turning changes no distances
        lines.append(Stroke(TURNS, turned.losses, color, style, 2.4 if name in ("original", result.after) else 1.6))
        spots.append(Spot(90, float(turned.losses[-1]), color, STEPS[name].label, marked=False))
        spots.append(Spot(result.degrees, _loss_at(turned, result.degrees), color))
    behind = [Stroke(TURNS, turned.losses, PINNED, "-", 1.2) for turned in (pinned.steps.values() if pinned else ())]
    behind.append(Stroke(np.array([result.degrees] * 2), np.array([1e-9, 1e9]), SUBTLE, "-", 0.8))
    low = min(turned.lowest for turned in result.steps.values())
    high = max(float(turned.losses.max()) for turned in result.steps.values())
    return Plot(
        "loss",
        (-90, 90),
        (1 / fine_reach(1.25 / low), fine_reach(high)),
        "as the weights turn from their best; dashed: decorrelated, on zero-centred",
        "turn, degrees",
        "y",
        lines=lines,
        behind=behind,
        spots=spots,
    )


def _loss_at(turned: Turned, degrees: float) -> float:
    return float(np.interp(degrees, TURNS, turned.losses))
