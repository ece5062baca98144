"""Ten runs on a test set with the snapshots that were kept, and what the size of the validation set does to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.evaluation.followed import Followed
from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Dots, Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.theme import DOTTED, INK, MEANING, PINNED

__all__ = ["ChoicePicture", "Chosen", "Sized"]

Floats = NDArray[Any]
Moments = NDArray[np.int64]
RULE, BEST, TEST = MEANING["validation"], MEANING["saturated"], MEANING["weight gradients"]
GHOST = "50"


@dataclass(frozen=True)
class Sized:
    """With so many validation examples: the moment that the rule restores in each run, the one with the best score of
    the whole run, and the one at which the rule stops."""

    size: int
    rule: Moments
    best: Moments
    stopped: Moments


@dataclass(frozen=True)
class Chosen:
    """Runs that differ by their seed, and what was kept of each with several ``sizes``, one of which is looked at."""

    runs: tuple[Followed, ...]
    sizes: tuple[Sized, ...]
    size: int

    @property
    def now(self) -> Sized:
        return next(each for each in self.sizes if each.size >= self.size)

    def test(self, kept: Moments) -> Floats:
        """The test accuracy of what was kept, (runs,)."""
        return np.array([run.test[at] for run, at in zip(self.runs, kept, strict=True)])

    def epochs(self, kept: Moments) -> Floats:
        """After which epoch it was kept, (runs,)."""
        return self.runs[0].epochs[kept]


class ChoicePicture(PlotsPicture):
    """Test curves over all the width; below, the kept epochs and the gain against the size of the validation set."""

    rows = (1, 2)
    height = 560.0
    shares = (0.52, 0.48)
    tall = 250.0
    room = (90.0, 16.0, 104.0)
    numbers = (percent, plain, lambda points: plain(points))
    across = (plain, plain, plain)

    def plots(self, result: Chosen, pinned: Chosen | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return _curves(result), _epochs(result, pinned), _gains(result, pinned)


def _curves(result: Chosen) -> Plot:
    epochs, now = result.runs[0].epochs, result.now
    lines, behind = [], []
    for run, stopped in zip(result.runs, now.stopped, strict=True):
        behind.append(Stroke(epochs[stopped:], run.test[stopped:], TEST + GHOST, "-", 1.0))
        lines.append(Stroke(epochs[: stopped + 1], run.test[: stopped + 1], TEST, "-", 1.3))
    spots = [
        Spot(float(epoch), float(test), RULE)
        for epoch, test in zip(result.epochs(now.rule), result.test(now.rule), strict=True)
    ]
    spots.append(
        Spot(float(epochs[-1]), float(np.mean([run.test[-1] for run in result.runs])), TEST, "test", marked=False)
    )
    words = "● what the rule restores; pale: after the stop"
    return Plot(
        "test accuracy", (0.0, float(epochs[-1])), (0.0, 1.0), words, "epoch", lines=lines, behind=behind, spots=spots
    )


def _epochs(result: Chosen, pinned: Chosen | None) -> Plot:
    sizes = np.array([each.size for each in result.sizes], float)
    shift = np.exp(np.linspace(-0.16, 0.16, len(result.runs)))
    x = (sizes[:, None] * shift).ravel()
    kept = np.array([result.epochs(each.rule) for each in result.sizes])
    means = kept.mean(axis=1)
    behind = [Stroke(np.full(2, float(result.now.size)), np.array([0, result.runs[0].epochs[-1]]), INK, DOTTED, 1)]
    if pinned is not None and len(pinned.sizes) == len(result.sizes):
        behind.append(Stroke(sizes, np.array([pinned.epochs(each.rule).mean() for each in pinned.sizes]), PINNED))
    return Plot(
        "epoch that is restored", (6.0, 1.35 * sizes[-1]), (0.0, float(result.runs[0].epochs[-1])),
        "dots: each run; line: mean", "validation examples", "x", lines=[Stroke(sizes, means, RULE)], behind=behind,
        dots=Dots(np.column_stack([x, kept.ravel()]), RULE + "90"),
    )  # fmt: skip


def _gains(result: Chosen, pinned: Chosen | None) -> Plot:
    """Test accuracy of what is kept minus that at the end, in points, with intervals."""
    sizes = np.array([each.size for each in result.sizes], float)
    lines, spots, ends = [], [], [0.0]
    for name, color, shift, words in (("rule", RULE, 0.97, "the rule"), ("best", BEST, 1.03, "train long")):
        gains = [100 * _gain(result, getattr(each, name)) for each in result.sizes]
        means = np.array([gain.mean() for gain in gains])
        intervals = [bootstrap_interval(gain) for gain in gains]
        lines.append(Stroke(sizes * shift, means, color))
        lines += [
            Stroke(np.full(2, size * shift), np.array(ends_), color, "-", 1.2)
            for size, ends_ in zip(sizes, intervals, strict=True)
        ]
        spots += [Spot(size * shift, mean, color) for size, mean in zip(sizes.tolist(), means.tolist(), strict=True)]
        spots.append(Spot(1.35 * sizes[-1], float(means[-1]), color, words, marked=False))
        ends += [end for each in intervals for end in each]
    behind = [Stroke(np.array([6.0, 1.35 * sizes[-1]]), np.zeros(2), INK, "-", 0.8)]
    if pinned is not None and len(pinned.sizes) == len(result.sizes):
        behind.append(Stroke(sizes, np.array([100 * _gain(pinned, each.rule).mean() for each in pinned.sizes]), PINNED))
    low, high = min(ends), max(ends)
    y = (-fine_reach(-low) if low < -0.05 else 0.0, fine_reach(max(high, 0.5)))
    return Plot(
        "points gained over the end", (6.0, 1.35 * sizes[-1]), y, "bars: 99 %", "validation examples", "x", lines=lines,
        behind=behind, spots=spots,
    )  # fmt: skip


def _gain(result: Chosen, kept: Moments) -> Floats:
    gain: Floats = result.test(kept) - np.array([run.test[-1] for run in result.runs])
    return gain
