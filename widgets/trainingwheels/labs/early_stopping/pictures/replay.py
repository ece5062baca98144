"""A finished run with a rule of early stopping laid over it: the ghost, the counter, and what a test set says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.evaluation import Stop
from trainingwheels.engine.evaluation.followed import Followed
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import DASHED, DOTTED, INK, MEANING, PINNED

__all__ = ["ReplayPicture", "Replayed", "Ruled", "counter", "curves"]

Floats = NDArray[Any]
TRAIN, VAL, TEST = MEANING["train"], MEANING["validation"], MEANING["weight gradients"]
GHOST = "50"  # what is left of a colour after the stop
KEPT = ("restored", "stopped", "best of all", "last of all")


@dataclass(frozen=True)
class Ruled:
    """A run at ``epochs`` (moments,), of ``last`` in all, and what the rule did with it: ``train`` is its score on
    training data, ``scores`` that on validation data and ``smooth`` what the rule sees of them; the higher, the better,
    but for ``train`` where the ``score`` is "loss"."""

    epochs: Floats
    train: Floats
    rule: Stop
    score: str
    scores: Floats
    smooth: Floats
    patience: int
    last: float

    @property
    def end(self) -> int:
        """The last moment before the ghost."""
        return len(self.scores) - 1 if self.rule.stopped_at is None else self.rule.stopped_at


@dataclass(frozen=True)
class Replayed(Ruled):
    """With ``size`` validation examples, of a run of which a test set has something to say."""

    run: Followed
    size: int


class ReplayPicture(PlotsPicture):
    """Curves over all the width; below, the patience counter, and test accuracies."""

    rows = (1, 2)
    height = 560.0
    shares = (0.6, 0.4)
    tall = 250.0
    room = (110.0, 90.0, 60.0)
    numbers = (plain, plain, percent)
    across = (plain, plain, lambda place: KEPT[round(place)] if place in range(len(KEPT)) else "")

    def plots(self, result: Replayed, pinned: Replayed | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return curves(result, pinned), counter(result, pinned), _tested(result, pinned)


def curves(result: Ruled, pinned: Ruled | None) -> Plot:
    """Score on training (solid) and validation data (dashed), with the ghost of what came after the stop."""
    epochs, train, rule, sign = result.epochs, result.train, result.rule, -1 if result.score == "loss" else 1
    smooth = sign * result.smooth
    top = 1.0 if sign == 1 else reach(float(max(smooth.max(), np.quantile(sign * result.scores, 0.95))))
    lines = [*_with_ghost(epochs, train, result.end, TRAIN, "-"), *_with_ghost(epochs, smooth, result.end, VAL, DASHED)]
    behind = [Stroke(epochs, np.clip(sign * result.scores, 0, top), VAL + "38", "-", 1.2)]
    if pinned is not None and pinned.score == result.score:
        behind.append(Stroke(pinned.epochs, np.clip(sign * pinned.smooth, 0, top), PINNED, DASHED, 1.2))
    at, best = epochs[[result.end, rule.best_at]]
    height = float(np.clip(smooth[rule.best_at], 0, top))
    if rule.stopped_at is not None:
        lines.append(Stroke(np.array([at, at]), np.array([0, top]), INK, DASHED, 1.2))
    lines.append(Stroke(np.array([best, best, at]), np.array([0, height, height]), VAL, DOTTED, 1.4))
    what = "loss" if result.score == "loss" else "accuracy"
    best_y, end_y = (0.84, 0.94) if what == "loss" else (0.17, 0.06)  # of the height: where curves seldom are
    spots = [
        Spot(float(best), height, VAL),
        Spot(float(best), best_y * top, VAL, f"best: epoch {best:.0f}", marked=False, post=True),
        Spot(float(epochs[-1]), float(np.clip(train[-1], 0, top)), TRAIN, "train", marked=False),
        Spot(float(epochs[-1]), float(np.clip(smooth[-1], 0, top)), VAL, "validation", marked=False),
    ]
    if rule.stopped_at is not None:
        spots.append(Spot(float(at), end_y * top, INK, f"stopped: epoch {at:.0f}", marked=False, post=True))
    return Plot(
        what, (0.0, result.last), (0.0, top), "pale: not smoothed, and what came after the stop", "epoch",
        lines=lines, behind=behind, spots=spots, number=percent if what == "accuracy" else None,
    )  # fmt: skip


def counter(result: Ruled, pinned: Ruled | None) -> Plot:
    """How many scores in a row have not improved, against patience."""
    waited = np.array(result.rule.waited, float)
    x, y = _steps(result.epochs[: len(waited)], waited)
    last = result.last
    behind = [Stroke(np.array([0.0, last]), np.full(2, result.patience), INK, DASHED, 1.2)]
    if pinned is not None:
        old = np.array(pinned.rule.waited, float)
        behind.append(Stroke(*_steps(pinned.epochs[: len(old)], old), PINNED, "-", 1.2))
    top = reach(1.15 * max(result.patience, waited.max()))
    spots = [Spot(last, float(result.patience), INK, f"patience {result.patience}", marked=False)]
    return Plot(
        "scores without improvement", (0.0, last), (0.0, top), name="epoch", behind=behind,
        lines=[Stroke(x, y, VAL)], spots=spots,
    )  # fmt: skip


def _tested(result: Replayed, pinned: Replayed | None) -> Plot:
    """The test accuracy of four snapshots, each with its 95 % interval, which the number of examples gives."""
    places, accuracies = np.arange(len(KEPT), dtype=float), _snapshots(result)
    count = result.run.tested
    half = 1.96 * np.sqrt(accuracies * (1 - accuracies) / count)
    low = float(np.floor(10 * max((accuracies - half).min() - 0.02, 0)) / 10)
    bars = [
        Stroke(np.array([x, x]), np.clip([a - h, a + h], low, 1), TEST, "-", 1.4)
        for x, a, h in zip(places, accuracies, half, strict=True)
    ]
    old = [] if pinned is None else list(_snapshots(pinned))
    behind = [Stroke(np.array([x - 0.3, x + 0.3]), np.full(2, max(a, low)), PINNED) for x, a in enumerate(old)]
    spots = [Spot(x, a, TEST, percent(a)) for x, a in zip(places.tolist(), accuracies.tolist(), strict=True)]
    return Plot(
        "test accuracy", (-0.5, 3.5), (low, 1.0), f"{count} examples; bars: 95 %", lines=bars, behind=behind,
        spots=spots,
    )  # fmt: skip


def _snapshots(result: Replayed) -> Floats:
    test = result.run.test
    return test[[result.rule.best_at, result.end, int(result.scores.argmax()), len(test) - 1]]


def _with_ghost(x: Floats, y: Floats, end: int, color: str, style: Any) -> list[Stroke]:
    return [Stroke(x[end:], y[end:], color + GHOST, style), Stroke(x[: end + 1], y[: end + 1], color, style)]


def _steps(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """A line that stays until the next value."""
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
