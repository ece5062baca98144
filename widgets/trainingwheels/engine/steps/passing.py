"""When a step is passed, and what to try where it is not: conditions with named thresholds, and the lecture's hints.

The thresholds were set between what nets that learn the digits showed and what nets with a planted fault did (ten seeds
for the initial loss, three for the others). Other data need others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.records.diagnosis import CURVE_KINDS, diagnose
from trainingwheels.engine.shares import beside, in_percent, reaches
from trainingwheels.engine.training.history import Curves

__all__ = [
    "CLOSE",
    "CLOSE_CONVOLVING",
    "COARSE",
    "FALL",
    "GAIN",
    "ITERATIONS",
    "MANIFOLD",
    "REFINED",
    "Verdict",
    "best_place",
    "closeness",
    "curves_passed",
    "grid_passed",
    "initial_passed",
    "loss_left",
    "overfit_passed",
    "rates_passed",
    "refined_passed",
    "rounds_passed",
]  # fmt: skip

CLOSE = 0.25  # of the loss of equal scores: a good net's is a tenth above, one of std 0.5 fifteen times as high
CLOSE_CONVOLVING = 0.4  # the same for nets that begin with a convolution: a good one's is 0.1 to 0.3 above
ITERATIONS = 100  # in which a good learning rate shows: the lecture's
LAST = 20  # batches whose mean loss counts
FALL = 0.3  # of the loss before training: good rates had 0.9, with 30 % wrong labels 0.5; rates too low 0.2 at most
MANIFOLD = 10.0  # of the loss before training, from which on it is called so many times as much
ROSE = 1.5  # times the loss before training
COARSE = 0.8  # validation accuracy after 1 to 5 epochs
REFINED = 0.95  # training and validation accuracy after 10 to 20 epochs; a good net has 0.97
GAIN = 0.005  # of accuracy: less than two of the 360 validation digits


@dataclass(frozen=True)
class Verdict:
    """Whether a step is passed, on which numbers that rests, and what to try if it is not. ``found`` is the learning
    rate, and maybe the weight decay, that it was passed with, where the step is to find them."""

    passed: bool
    why: str
    hints: tuple[str, ...] = ()
    found: tuple[float, ...] = ()


def closeness(convolves: bool) -> float:
    """How far from the loss of equal scores, as a share of it, nets may begin, those that begin with a convolution or
    others."""
    return CLOSE_CONVOLVING if convolves else CLOSE


def initial_passed(losses: ArrayLike, even: float, close: float = CLOSE) -> Verdict:
    """Step 1: the mean of the losses (n,) before training, weight decay off, is near ``even``: log C or C - 1."""
    mean = float(np.asarray(losses).mean())
    off = mean / even - 1
    share = beside(abs(off), close)
    where = "off" if share == in_percent(0) else "above" if off > 0 else "below"
    far = f"{share} {where}" if off < 1 else f"{_number(mean / even)} times"
    why = f"the mean initial loss is {mean:.4g}, {far} {even:.4g} (at most {in_percent(close)} off)"
    if abs(off) <= close:
        return Verdict(True, why)
    hint = (
        "the scores are far from equal: weights too large, inputs not scaled, or a bug in the loss"
        if off > 0
        else "a net that knows nothing cannot be better than guessing: look for a bug in the loss, or a leak"
    )
    return Verdict(False, why, (hint,))


def overfit_passed(run: Curves, examples: int) -> Verdict:
    """Step 2: all training examples, of which there are at most 250, are right at the latest evaluation."""
    if run.diverged_at is not None:
        return Verdict(
            False,
            f"the loss is no number from step {run.diverged_at:,} on",
            ("Inf or NaN: learning rate too high, or a bad initialization",),
        )
    right = round(float(run.train_accuracy[-1]) * examples)
    left = loss_left(run)
    why = f"{right} of {examples} training examples are right, the loss is {_number(left)} times what it was"
    if right == examples:
        return Verdict(True, why)
    if left >= ROSE:
        return Verdict(False, why, ("the loss explodes: learning rate too high, or a bad initialization",))
    if left > 1 - FALL:
        wrong = "low or too high" if left > 1 else "low"
        return Verdict(
            False,
            why,
            (
                f"the loss does not go down: learning rate too {wrong}, or a bad initialization",
                "if no learning rate from 1e−4 to 1 helps, it is not the learning rate: mend the net",
            ),
        )
    return Verdict(False, why, ("it does learn: more epochs, another learning rate, or a larger net",))


def loss_left(run: Curves) -> float:
    """The loss of the last batches as a share of that before training; NaN if it is no number, or not trained."""
    if run.diverged_at is not None or not len(run.train_loss):
        return float("nan")
    return float(run.train_loss[-LAST:].mean() / run.val_loss[0])


def rates_passed(runs: Sequence[Curves], lrs: Sequence[float]) -> Verdict:
    """Step 3: with at least one learning rate the loss falls significantly, by ``FALL``, within ``ITERATIONS``."""
    left = np.array([loss_left(run) for run in runs])
    if np.isnan(left).all():
        return Verdict(False, "no run has a loss that is a number", ("try learning rates a thousandth as high",))
    best = int(np.nanargmin(left))
    fall = 1 - left[best]
    steps = len(runs[best].steps)
    within = f"{steps:,} step{'s' * (steps != 1)} (at least {in_percent(FALL)})"
    why = f"the best learning rate is {_number(lrs[best])}: the loss {_change(fall)} in {within}"
    if reaches(fall, FALL):
        return Verdict(True, why, found=(lrs[best],))
    if lrs[best] == max(lrs):
        return Verdict(False, why, ("the highest rate is the best: look at higher ones, and ask in what unit it is",))
    return Verdict(
        False,
        why,
        ("no rate helps, higher or lower: the weight decay may be too strong, the initialization or the net bad",),
    )


def grid_passed(accuracies: NDArray[np.float64]) -> Verdict:
    """Step 4: the best validation accuracy, of an ndarray (weight decays, learning rates), is at least ``COARSE``, and
    its learning rate is not the lowest or the highest."""
    place = best_place(accuracies)
    best, column = float(accuracies[place]), place[1]
    why = f"the best net has {beside(best, COARSE, 1)} of the validation examples right (at least {in_percent(COARSE)})"
    if not reaches(best, COARSE):
        return Verdict(False, why, ("move the grid to rates that step 3 found; if none works, go back to step 2",))
    if column in (0, accuracies.shape[1] - 1):
        side = "lower" if column == 0 else "higher"
        hint = f"move the grid to {side} rates: the best may lie there"
        return Verdict(False, f"{why}, at the edge of the grid", (hint,))
    return Verdict(True, f"{why}, and its learning rate lies inside the grid")


def refined_passed(train: float, val: float) -> Verdict:
    """Step 5: of the net with the best validation accuracy, that and its training accuracy are at least ``REFINED``."""
    both = f"{beside(val, REFINED, 1)} of validation and {beside(train, REFINED, 1)} of training examples"
    why = f"the best net has {both} right (at least {in_percent(REFINED)} of both)"
    if reaches(min(train, val), REFINED):
        return Verdict(True, why)
    if train < val - 0.1:
        hint = "it knows examples that it never saw better than its own: look at the training labels"
    elif not reaches(train, REFINED):
        hint = "it does not learn its training examples: another learning rate, less decay, or a larger net"
    else:
        hint = "it learns its training examples only: more data, or more regularization"
    return Verdict(False, why, (hint,))


def curves_passed(run: Curves) -> Verdict:
    """Step 6: the first that the rules of thumb find in the curves is nothing to be mended."""
    found = diagnose(run)
    return Verdict(
        found[0].verdict == CURVE_KINDS["good"].name,
        "the rules find " + found[0].sentence[:1].lower() + found[0].sentence[1:].rstrip("."),
        tuple(each.sentence.rstrip(".") for each in found[1:]),
    )


def rounds_passed(best: Sequence[float]) -> Verdict:
    """Step 7: the best validation accuracy is at least ``REFINED``, and the last round of several gained less than
    ``GAIN``. ``best`` has one for each round."""
    if not reaches(max(best), REFINED):
        right = f"{beside(max(best), REFINED, 1)} of the validation examples right"
        why = f"the best net has {right} (at least {in_percent(REFINED)})"
        return Verdict(False, why, ("if more rounds bring no more, go back to step 2: something else is wrong",))
    if len(best) < 2:
        return Verdict(False, f"one round, whose best net has {beside(best[0], REFINED, 1)} right", ("go round again",))
    before = max(best[:-1])
    gained = f"{round(100 * (best[-1] - before), 1) + 0.0:.1f}".replace("-", "−")
    why = f"the last round gained {gained} points (less than {100 * GAIN:g} is no reason to go on)"
    if best[-1] - before < GAIN:
        return Verdict(True, why)
    return Verdict(False, why, ("it still gains: go round again",))


def _change(fall: float) -> str:
    """What becomes of a loss that falls by a share of itself, or, below 0, rises."""
    if fall >= 0:
        return f"falls by {beside(fall, FALL)}"
    return f"rises by {in_percent(-fall)}" if fall > -MANIFOLD else f"rises to {_number(1 - fall)} times what it was"


def _number(value: float) -> str:
    """Three digits: 0.0123, 1e−5, 1.2e5."""
    return f"{value:.3g}".replace("e-0", "e−").replace("e+0", "e").replace("e+", "e")


def best_place(accuracies: NDArray[np.float64]) -> tuple[int, int]:
    """Where the highest of accuracies (weight decays, learning rates) is; of several, the one nearest to the middle of
    the learning rates."""
    rows, columns = np.nonzero(accuracies == np.nanmax(accuracies))
    nearest = np.abs(columns - (accuracies.shape[1] - 1) / 2).argmin()
    return int(rows[nearest]), int(columns[nearest])
