"""Gradient descent on bowls: its path before and after whitening, the loss on the way, steps against condition."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.geometry.bowls import GOAL, Bowl, steps_in_theory
from trainingwheels.engine.geometry.clouds import STEPS
from trainingwheels.figures.labels import many
from trainingwheels.figures.panels import Box, Stroke, curve, plain
from trainingwheels.figures.plots import Dots, Plot, PlotsPicture, Spot
from trainingwheels.figures.theme import GUIDE, INK, PINNED, SUBTLE
from trainingwheels.labs.preprocessing.pictures.turning import step_color

__all__ = ["DescentPicture", "DescentView"]

Floats = NDArray[Any]
LEVELS = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003)  # of the contours, as shares of the loss at the start
DOTTED = 100  # steps that have a dot each; later ones lie on each other
FIRST = 0.5  # where the start, step 0, stands on a logarithmic axis of steps
RIM = "#C5CCD3"


@dataclass(frozen=True)
class DescentView:
    """The bowls of :func:`bowls`, the rate at which all are descended, and the steps that each took (None: too many).

    ``rate`` is the learning rate times the largest curvature.
    """

    bowls: Mapping[str, Bowl]
    rate: float
    steps: Mapping[str, int | None]


class DescentPicture(PlotsPicture):
    """Two bowls seen from above with the path of gradient descent; loss against step; steps against condition."""

    rows = (2, 2)
    height = 575.0
    shares = (0.62, 0.38)
    room = (14.0, 14.0, 100.0, 118.0)

    def arrange(self, width: float) -> float:
        height = super().arrange(width)
        for panel in self._panels[:2]:
            panel.dots.set_sizes([14.0])
        return height

    def plots(self, result: DescentView, pinned: DescentView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        raw, white = (_bowl(name, result, box) for name, box in zip(("centred", "whitened"), boxes[:2], strict=True))
        return raw, white, _curves(result, pinned), _against_condition(result, pinned)


def _bowl(name: str, result: DescentView, box: Box) -> Plot:
    """Contours around the best weights, and the path from the start; b is at its best from the start."""
    bowl, aspect = result.bowls[name], box.width / box.height
    H, start = bowl.H[:2, :2], float(bowl.loss(np.zeros(3)))
    curvatures, axes = np.linalg.eigh(H)
    turn = np.linspace(0, 2 * np.pi, 121)
    ring = (np.column_stack([np.cos(turn), np.sin(turn)]) / np.sqrt(curvatures)) @ axes.T * math.sqrt(2 * start)
    size = np.abs(ring).max(axis=0)
    high = 1.06 * max(float(size[1]), float(size[0]) / aspect)
    rings = [math.sqrt(level) * ring for level in LEVELS]
    contours = [curve(each, RIM, 1.0) for each in rings]
    path = (bowl.descend(result.rate, _moments(result.steps[name], result.rate)) - bowl.best)[:, :2]
    path = np.clip(path, -1e3 * high, 1e3 * high)
    steps = result.steps[name]
    each = "a dot each" if steps is not None and steps <= DOTTED else f"a dot for each of the first {DOTTED}"
    words = f"condition {plain(round(bowl.condition, 1))}: {_count(steps)}, {each}"
    return Plot(
        STEPS[name].label,
        (-high * aspect, high * aspect),
        (-high, high),
        "diverges" if result.rate >= 2 else words,
        "weights, from the best ones",
        lines=[curve(path, step_color(name), 1.0)],
        behind=contours,
        dots=Dots(path[: DOTTED + 1], step_color(name)),
        spots=[Spot(float(x), float(y), step_color(name)) for x, y in path[:1]] + [Spot(0, 0, INK, "", False)],
    )


def _count(steps: int | None) -> str:
    return "too many steps to count" if steps is None else many(steps, "step")


def _moments(steps: int | None, rate: float) -> Floats:
    """The steps that are drawn: all of the first, then fewer and fewer."""
    last = 40 if rate >= 2 else max(steps or 1_000_000, 8)
    late = np.geomspace(DOTTED, last, 100).round() if last > DOTTED else np.empty(0)
    return np.unique(np.concatenate([np.arange(min(last, DOTTED) + 1), late]))


def _curves(result: DescentView, pinned: DescentView | None) -> Plot:
    """Loss against step for every step of preprocessing."""
    most = max([steps or 1000 for steps in result.steps.values()])
    right = 1.8 * 10.0 ** math.ceil(math.log10(max(most, 100)))
    at = np.unique(np.concatenate([np.arange(20), np.geomspace(20, right, 120).round()]))
    lines, spots = [], []
    for name, bowl in result.bowls.items():
        losses = bowl.losses(result.rate, at).clip(1e-12, 1e6)
        style = (0, (4, 3)) if name == "decorrelated" else "-"
        lines.append(Stroke(at.clip(FIRST), losses, step_color(name), style, 2.0))
        steps = result.steps[name]
        if steps is not None:
            spots.append(Spot(max(steps, 1), GOAL, step_color(name)))
    behind = [Stroke(np.array([FIRST, 1e9]), np.array([GOAL, GOAL]), SUBTLE, GUIDE, 1.0)]
    old = [bowl.losses(pinned.rate, at) for bowl in pinned.bowls.values()] if pinned else []
    behind += [Stroke(at.clip(FIRST), losses.clip(1e-12, 1e6), PINNED, "-", 1.2) for losses in old]
    spots.append(Spot(right, GOAL, SUBTLE, "a thousandth", marked=False))
    words = "as a share of that at the start; dashed: decorrelated"
    return Plot("loss", (FIRST, right), (1e-4, 10), words, "step", "xy", lines=lines, behind=behind, spots=spots)


def _against_condition(result: DescentView, pinned: DescentView | None) -> Plot:
    largest = max(min(bowl.condition, 1e6) for bowl in result.bowls.values())
    right = 1.8 * 10.0 ** math.ceil(math.log10(max(1000.0, largest)))
    at = np.geomspace(1, right, 200)
    theory = steps_in_theory(at, result.rate) if result.rate < 2 else np.full(200, np.nan)
    spots = list(_spots(result))
    behind = []
    if pinned is not None and pinned.rate < 2:
        behind = [Stroke(at, steps_in_theory(at, pinned.rate).clip(1), PINNED, "-", 1.2)]
    return Plot(
        "steps",
        (1, right),
        (1, 10 * right / 1.8),
        "to a thousandth; line: theory",
        "condition number of the bowl",
        "xy",
        lines=[Stroke(at, theory.clip(1), INK, "-", 1.2)] if result.rate < 2 else [],
        behind=behind,
        spots=spots,
    )


def _spots(result: DescentView) -> Iterator[Spot]:
    for name, bowl in result.bowls.items():
        steps = result.steps[name]
        if steps is not None and name != "decorrelated":  # it lies on zero-centred
            yield Spot(bowl.condition, steps, step_color(name), f"{STEPS[name].label} {steps:,}", under=True)
