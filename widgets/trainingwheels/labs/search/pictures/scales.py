"""Learning rates on a logarithmic and a linear scale: where they fall, what they find, and how many it takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trainingwheels.engine.search.scales import MOST, RATES, SCALES, Scales, chance, needed
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.theme import GUIDE, INK, PINNED, SUBTLE
from trainingwheels.labs.search.pictures.colors import SAMPLERS, VALIDATION

__all__ = ["BAND", "ScalesPicture"]

COLORS = {"log": SAMPLERS["random"], "linear": SAMPLERS["halving"]}
BAND = (10, 90)  # per cent of the draws
ROWS = {"log": -0.04, "linear": -0.14}  # upper ends of the marks under the curve
TALL = 0.08
TRIALS = np.arange(1, MOST + 1)


class ScalesPicture(PlotsPicture):
    """The score of each rate and what is drawn; the share of each decade; the best of n; the chance of n trials."""

    rows = (2, 2)
    height = 540.0
    tall = 230.0
    room = (52.0, 52.0, 60.0, 60.0)
    numbers = (lambda value: percent(value) if value >= 0 else "", percent, percent, percent)
    across = (plain, plain, plain, plain)

    def plots(self, result: Scales, pinned: Scales | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return _scores(result), _decades(result, boxes[1]), _best(result, pinned), _chance(result)


def _limits(result: Scales) -> tuple[float, float]:
    return float(result.decades[0]), float(result.decades[-1])


def _scores(result: Scales) -> Plot:
    x, y = _limits(result), (-0.24, 1.0)
    inside = np.concatenate([[x[0]], RATES[(x[0] < RATES) & (x[1] > RATES)], [x[1]]])
    lines = [Stroke(inside, result.score(inside), VALIDATION, "-", 1.6)]
    spots = []
    for scale in SCALES:
        drawn, top = result.drawn[scale], ROWS[scale]
        lines += [Stroke(np.full(2, rate), np.array([top - TALL, top]), COLORS[scale], "-", 1.6) for rate in drawn]
        spots += [Spot(float(rate), float(result.score(rate)), COLORS[scale]) for rate in drawn]
        spots.append(Spot(x[1], top - TALL / 2, COLORS[scale], scale, marked=False))
    ends = (result.low, result.high)
    return Plot(
        "score of a learning rate",
        x,
        y,
        f"{result.base.optimizer}, digits, 5 epochs",
        "learning rate",
        "x",
        (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
        lines=lines,
        behind=[Stroke(np.full(2, end), np.array([y[0], 1.0]), SUBTLE, GUIDE, 1.0) for end in ends],
        spots=spots,
    )


def _decades(result: Scales, box: Box) -> Plot:
    x = _limits(result)
    middles = np.sqrt(result.decades[:-1] * result.decades[1:])
    decade = box.width / len(middles)
    lines, spots = [], []
    for sign, scale in zip((-1, 1), SCALES, strict=True):
        at = middles * 10 ** (0.2 * sign)
        bars = zip(at, result.shares[scale], strict=True)
        lines += [
            Stroke(np.full(2, place), np.array([0, share]), COLORS[scale], "-", 0.24 * decade) for place, share in bars
        ]
        spots.append(Spot(x[1], float(result.shares[scale][-1]), COLORS[scale], scale, marked=False))
    return Plot(
        "where the trials go", x, (0.0, 1.0), "share of each decade", "learning rate", "x", lines=lines, spots=spots
    )


def _best(result: Scales, pinned: Scales | None) -> Plot:
    means = {scale: result.best[scale].mean(axis=1) for scale in SCALES}
    edges = {scale: np.percentile(result.best[scale], BAND, axis=1) for scale in SCALES}
    low = np.floor(10 * min(float(edge[0][0]) for edge in edges.values())) / 10
    behind = [Stroke(TRIALS, edge, COLORS[scale] + "66", "-", 1.0) for scale in SCALES for edge in edges[scale]]
    behind.append(Stroke(np.full(2, result.trials), np.array([low, 1.0]), SUBTLE, GUIDE, 1.0))
    if pinned is not None:
        behind += [
            Stroke(TRIALS, np.clip(pinned.best[scale].mean(axis=1), low, 1.0), PINNED, "-", 1.2) for scale in SCALES
        ]
    spots = [Spot(result.trials, float(means[scale][result.trials - 1]), COLORS[scale]) for scale in SCALES]
    spots += [Spot(MOST, float(means[scale][-1]), COLORS[scale], scale, marked=False) for scale in SCALES]
    return Plot(
        "best of n trials",
        (1.0, float(MOST)),
        (float(low), 1.0),
        "mean, 10 % and 90 % of 1,000 searches",
        "trials n",
        "x",
        lines=[Stroke(TRIALS, means[scale], COLORS[scale], "-", 2.2) for scale in SCALES],
        behind=behind,
        spots=spots,
    )


def _chance(result: Scales) -> Plot:
    law, enough = chance(TRIALS, result.top), needed(result.top)
    shown = np.unique(np.rint(np.geomspace(1, MOST, 12)).astype(int))
    here = float(law[result.trials - 1])
    spots = [Spot(int(n), float(result.hits[n - 1]), SAMPLERS["random"], filled=False) for n in shown]
    spots.append(Spot(result.trials, here, INK))
    if enough <= MOST:
        spots.append(Spot(enough, 0.95, INK, filled=False))
    return Plot(
        f"1 − {1 - result.top:.2g}^n",
        (1.0, float(MOST)),
        (0.0, 1.0),
        f"at least one in the best {percent(result.top)}; circles: counted",
        "trials n",
        "x",
        lines=[Stroke(TRIALS, law, INK, "-", 2.0)],
        behind=[
            Stroke(np.array([1.0, MOST]), np.full(2, 0.95), SUBTLE, GUIDE, 1.0),
            Stroke(np.full(2, result.trials), np.array([0.0, 1.0]), SUBTLE, GUIDE, 1.0),
        ],
        spots=[*spots, Spot(MOST, 0.95, SUBTLE, "95 %", marked=False)],
    )
