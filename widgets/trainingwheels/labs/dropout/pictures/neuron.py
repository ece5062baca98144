"""One neuron under all masks of its inputs: the four of the lecture, those of n inputs, and what p does to the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from trainingwheels.engine.regularizers.neuron import MaskedNeuron
from trainingwheels.figures.labels import rounded
from trainingwheels.figures.panels import Box, Stroke, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.theme import DASHED, MEANING, PINNED, SUBTLE

__all__ = ["NeuronPicture", "NeuronView"]

MASK, MEAN, TEST = MEANING["train"], "#7A5200", MEANING["validation"]
BINS = 41
NAMES = ("0, 0", "x, 0", "0, y", "x, y")  # what stays, in the order of the masks


@dataclass(frozen=True)
class NeuronView:
    """The lecture's neuron of two inputs, and one of many whose first two inputs are these."""

    two: MaskedNeuron
    many: MaskedNeuron


class NeuronPicture(PlotsPicture):
    """a under each mask, as wide as the mask is likely; the distribution for n inputs; both means against p."""

    rows = (3,)
    height = 360.0
    tall = 250.0
    room = (64.0, 12.0, 88.0)
    grid = "y"
    numbers = (plain, lambda share: f"{100 * share:g} %", plain)
    across = (plain, plain, plain)

    def plots(self, result: NeuronView, pinned: NeuronView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        old = (pinned.two, pinned.many) if pinned is not None else (None, None)
        return _masks(result.two, old[0]), _many(result.many, old[1]), _means(result.two)


def _masks(two: MaskedNeuron, pinned: MaskedNeuron | None) -> Plot:
    """The area under the steps is E[a]."""
    y = _limits([*two.values, *(pinned.values if pinned else ()), two.mean])
    ends = np.cumsum([0.0, *two.probabilities])
    spots = [
        Spot((left + right) / 2 - 0.07, float(value) + 0.045 * (y[1] - y[0]), MASK, name, marked=False)
        for (left, right), value, name in zip(pairwise(ends), two.values, NAMES, strict=True)
        if right - left >= 0.12
    ]
    whole = np.array([0.0, 1.0])
    return Plot(
        "a under each mask",
        (0.0, 1.0),
        y,
        "width: its probability",
        "of all masks",
        lines=[
            *_steps(two, MASK),
            Stroke(whole, np.full(2, two.whole), TEST, DASHED, 1.4),
            Stroke(whole, np.full(2, two.mean), MEAN),
        ],
        behind=[Stroke(whole, np.zeros(2), SUBTLE, "-", 0.8), *(_steps(pinned, PINNED) if pinned else ())],
        spots=[
            *spots,
            Spot(1.0, two.whole, TEST, f"all {rounded(two.whole)}", marked=False),
            Spot(1.0, two.mean, MEAN, f"E[a] {rounded(two.mean)}", marked=False),
        ],
    )


def _steps(two: MaskedNeuron, color: str) -> list[Stroke]:
    ends = np.cumsum([0.0, *two.probabilities])
    return [Stroke(np.repeat(ends, 2)[1:-1], np.repeat(two.values, 2), color, "-", 2.4 if color == MASK else 1.2)]


def _many(many: MaskedNeuron, pinned: MaskedNeuron | None) -> Plot:
    x = _limits([*many.values, *(pinned.values if pinned else ())])
    bars, old = _bars(many, x), _bars(pinned, x) if pinned else None
    top = fine_reach(1.1 * max(float(bars[1].max()), float(old[1].max()) if old else 0.0))
    tall = np.array([0.0, top])
    return Plot(
        f"{len(many.w)} inputs",
        x,
        (0.0, top),
        f"all {2 ** len(many.w):,} masks",
        "a",
        lines=[
            Stroke(*bars, MASK),
            Stroke(np.full(2, many.whole), tall, TEST, DASHED, 1.4),
            Stroke(np.full(2, many.mean), tall, MEAN),
        ],
        behind=[Stroke(*old, PINNED, "-", 1.2)] if old else [],
    )


def _bars(many: MaskedNeuron, x: tuple[float, float]) -> tuple[Any, Any]:
    """The outline of a histogram of a, each mask with its probability."""
    shares, edges = np.histogram(many.values, BINS, x, weights=many.probabilities)
    return np.repeat(edges, 2), np.concatenate([[0.0], np.repeat(shares, 2), [0.0]])


def _means(two: MaskedNeuron) -> Plot:
    keeps = np.linspace(0.02, 1, 50)
    of_p = [MaskedNeuron(two.w, two.x, float(keep)) for keep in keeps]
    after = np.array([neuron.after_relu[0] for neuron in of_p])
    means = two.whole * keeps
    y = _limits([0.0, two.whole, *after])
    return Plot(
        "against p",
        (0.0, 1.0),
        y,
        "p: keep",
        "p",
        lines=[Stroke(keeps, after, MASK, DASHED, 1.4), Stroke(keeps, means, MEAN)],
        behind=[Stroke(np.array([0.0, 1.0]), np.zeros(2), SUBTLE, "-", 0.8)],
        spots=[
            Spot(two.keep, two.mean, MEAN),
            Spot(two.keep, two.after_relu[0], MASK, filled=False),
            Spot(1.0, float(means[-1]), MEAN, "E[a]", marked=False),
            Spot(1.0, float(after[-1]), MASK, "E[max(0,a)]", marked=False),
        ],
    )


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Round, with 0 and some room around it inside."""
    low, high = min(0.0, *values), max(0.0, *values)
    if low == high:
        return -1.0, 1.0
    room = 0.12 * (high - low)
    return (-fine_reach(-1.12 * low) if low < 0 else -room), (fine_reach(1.12 * high) if high > 0 else room)
