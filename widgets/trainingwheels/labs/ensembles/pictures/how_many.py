"""Accuracy against the number of nets; below, each member, and the ways of averaging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Dots, Plot, PlotsPicture, Spot
from trainingwheels.figures.theme import DOTTED, MEANING, PINNED, SUBTLE

__all__ = ["MEMBER", "TOGETHER", "Averages", "HowManyPicture", "tenths"]

Floats = NDArray[Any]
MEMBER, TOGETHER = MEANING["train"], MEANING["validation"]
WAYS = ("one net", "mean", "vote", "geometric", "logits", "weights")


@dataclass(frozen=True)
class Averages:
    """Nets with accuracies of their ``own``, of which some are ``used``; ``curve`` has for each of ``sizes`` the
    accuracies of ensembles of so many, averaged by ``how``; ``ways`` are the accuracies of those used by each way,
    ``weights`` that of their mean weights. ``config`` is that of the first."""

    own: Floats
    used: NDArray[np.int64]
    sizes: NDArray[np.int64]
    curve: tuple[Floats, ...]
    how: str
    ways: Mapping[str, float]
    weights: float
    config: RunConfig


class HowManyPicture(PlotsPicture):
    """Against the number of nets over all the width; members and ways of averaging below."""

    rows = (1, 2)
    height = 560.0
    shares = (0.55, 0.45)
    tall = 250.0
    room = (110.0, 80.0, 50.0)
    numbers = (percent, percent, percent)
    across = (plain, plain, lambda place: WAYS[round(place)] if place in range(len(WAYS)) else "")

    def plots(self, result: Averages, pinned: Averages | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return _sizes(result, pinned), _members(result, pinned), _ways(result, pinned, boxes[2].width)


def _sizes(result: Averages, pinned: Averages | None) -> Plot:
    x = result.sizes.astype(float)
    means, low, high = (
        np.array([float(at(each)) for each in result.curve])
        for at in (np.mean, lambda v: np.quantile(v, 0.05), lambda v: np.quantile(v, 0.95))
    )
    now, count = result.ways[result.how], float(len(result.used))
    y = tenths([*low, *high, now])
    behind = [Stroke(x, edge, TOGETHER + "66", "-", 1.0) for edge in (low, high)]
    behind.append(Stroke(x[[0, -1]], np.full(2, means[0]), MEMBER, DOTTED, 1.4))
    if pinned is not None:
        behind.append(Stroke(x, np.clip([float(each.mean()) for each in pinned.curve], *y), PINNED, "-", 1.2))
    spots = [
        Spot(count, now, TOGETHER, percent(now), under=True),
        Spot(x[-1], means[-1], TOGETHER, "averaged", marked=False),
        Spot(x[-1], means[0], MEMBER, "mean of one", marked=False),
    ]
    return Plot(
        "validation accuracy", (1.0, x[-1]), y, "pale: 5 and 95 % of subsets; ● those chosen", "nets averaged", "x",
        lines=[Stroke(x, means, TOGETHER)], behind=behind, spots=spots,
    )  # fmt: skip


def _members(result: Averages, pinned: Averages | None) -> Plot:
    own, now = result.own, result.ways[result.how]
    places = np.arange(1, len(own) + 1, dtype=float)
    used = np.isin(np.arange(len(own)), result.used)
    y, ends = tenths([*own, now]), np.array([0.0, len(own) + 1.0])
    behind = [Stroke(ends, np.full(2, own[used].mean()), MEMBER, DOTTED, 1.4)]
    if pinned is not None:
        behind.append(Stroke(ends, np.full(2, np.clip(pinned.ways[pinned.how], *y)), PINNED, "-", 1.2))
    spots = [Spot(x, value, MEMBER) for x, value in zip(places[used].tolist(), own[used].tolist(), strict=True)]
    spots += [
        Spot(ends[1], now, TOGETHER, "together", marked=False),
        Spot(ends[1], float(own[used].mean()), MEMBER, "mean", marked=False),
    ]
    return Plot(
        "each net", (0.0, ends[1]), y, "pale: not used", "net", lines=[Stroke(ends, np.full(2, now), TOGETHER)],
        behind=behind, spots=spots, dots=Dots(np.column_stack([places[~used], own[~used]]), MEMBER + "60"),
    )  # fmt: skip


def _ways(result: Averages, pinned: Averages | None, width: float) -> Plot:
    values = [float(result.own[result.used].mean()), *result.ways.values(), result.weights]
    old = [] if pinned is None else [float(pinned.own[pinned.used].mean()), *pinned.ways.values(), pinned.weights]
    colors = [MEMBER, *[TOGETHER] * len(result.ways), SUBTLE]
    spots = [
        Spot(float(place), value, color, percent(value) if width > 300 else "", under=place < len(values) - 1)
        for place, (value, color) in enumerate(zip(values, colors, strict=True))
    ]
    behind = [Stroke(np.array([x - 0.3, x + 0.3]), np.full(2, value), PINNED) for x, value in enumerate(old)]
    chosen = WAYS.index(result.how)
    lines = [Stroke(np.full(2, float(chosen)), np.array([0.0, values[chosen]]), TOGETHER, DOTTED, 1.4)]
    return Plot(
        "ways of averaging", (-0.5, 5.7), (0.0, 1.0), marks=(0.0, 0.2, 0.4, 0.6, 0.8, 1.0), lines=lines,
        behind=behind, spots=spots,
    )  # fmt: skip


def tenths(values: Sequence[float]) -> tuple[float, float]:
    """Limits at whole twentieths around ``values``, from 0 to 1."""
    low, high = np.floor(20 * min(values) - 0.2) / 20, np.ceil(20 * max(values) + 0.2) / 20
    return float(max(low, 0.0)), float(min(high, 1.0))
