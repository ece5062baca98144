"""What a learning curve looks like, in words: rules of thumb with named thresholds, a heuristic and no more.

The loss is cut into twentieths of the run, each replaced by its mean; where it began is the validation loss before
training if that was measured, else the mean of the first batches. The thresholds were set between the values that real
runs of each kind showed (digits, moons and spirals, twelve seeds each); other data may need others. Of curves that they
were not made for nothing is said: losses below 0, reinforcement learning, nets that work against each other; and of a
loss that is known by the epoch not how it fell, most of which may have come before the first one ended.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.records.columns import REINFORCED, RIVALS, words_of
from trainingwheels.engine.records.file_run import FileRun
from trainingwheels.engine.settings import Table
from trainingwheels.engine.shares import beside, in_percent
from trainingwheels.engine.training.history import Curves, place

__all__ = ["CURVE_KINDS", "CurveKind", "Finding", "diagnose"]

Floats = NDArray[np.float64]

PARTS = 20  # means into which a run is cut: one batch's luck is gone, its shape is not
FEWEST = 10  # losses: less is no curve
NOISY = 100  # accuracies: as many are of single batches
LATEST, END = 3, 0.8  # evaluations whose mean is "in the end", all of them beyond this share of the run

ROSE = 1.5  # times the loss at the beginning; good runs rose to 1.01 times, runs with a rate too high beyond 3
NOISE = 2.0  # standard errors of the difference of two parts: rises that are no larger may be luck
BOUNCED = 0.15  # of the loss at the beginning, all rises of the second half together; good runs 0.02 at most
LOST = 0.2  # training accuracy below its best; runs that keep what they learn had 0.05 at most
STUCK = 0.05  # of the loss at the beginning: the noise of untrained nets stays below
LITTLE = 0.3  # of the loss at the beginning; rates too low by a factor of ten or more fell by less
STEADY = 0.15  # share of the fall that came in the second half: a line as good as straight has half of it there
UNFINISHED = 0.2  # share of the fall that came in the second half; runs at their end had 0.13 at most
FLAT = 0.1  # share of the run before a tenth of the fall is done
SUDDEN = 0.75  # of the flat part: how long the next four tenths of the fall took; a warm-up takes once as long
SLOW = 0.14  # share of the run before half of the fall is done; good runs 0.09 at most
GAP = 0.1  # training minus validation accuracy; good runs 0.03 at most, small sets 0.17 and more
GROWN = 1.3  # times the lowest validation loss, where no accuracy is known
POOR = 0.8  # training accuracy; what is poor depends on the data, which a curve does not know


@dataclass(frozen=True)
class CurveKind:
    """One kind of curve: ``label`` names it, ``advice`` says what to try."""

    name: str
    label: str
    advice: str


CURVE_KINDS = Table(
    "verdict",
    (
        CurveKind("exploded", "exploded", "lower the learning rate, or mend the initialization"),
        CurveKind("too-high", "learning rate too high", "divide the learning rate by 3 or 10"),
        CurveKind("stuck", "nothing learned", "other learning rates, and a look at the initialization"),
        CurveKind("too-low", "learning rate too low", "multiply the learning rate by 3 or 10"),
        CurveKind("plateau", "plateau, then a drop", "suspect the initialization first"),
        CurveKind("overfitting", "overfitting", "more data, more regularization, or an earlier stop"),
        CurveKind("unfinished", "not yet converged", "train longer, or a little faster"),
        CurveKind("underfitting", "underfitting", "a larger net, less regularization, or another learning rate"),
        CurveKind("slow-start", "slow start", "shorten the warm-up, or mend what holds the first steps back"),
        CurveKind("good", "good", "a slightly higher rate, which may be better still"),
        CurveKind("short", "too short to tell", f"record at least {FEWEST} losses"),
        CurveKind("unjudged", "not judged", "look at the curves, and at what else the run was to do"),
    ),
)
"""In the order in which they are looked for: what comes first explains what comes after."""


@dataclass(frozen=True)
class Finding:
    """A verdict (a name in ``CURVE_KINDS``), and the sentence that says on which numbers it rests."""

    verdict: str
    sentence: str


@dataclass(frozen=True)
class Shape:
    """The numbers that the rules look at; shares and multiples of the loss at the beginning, or of the run."""

    rise: float  # highest part, times the beginning
    bounce: float  # all rises of the second half that are more than luck
    fall: float  # from the beginning to the last part
    moved: float  # furthest distance of a part from the beginning
    late: float  # share of the fall in the second half
    tenth: float  # share of the run until a tenth of the fall is done
    half: float  # and half of it


def diagnose(run: Curves) -> list[Finding]:
    """What the rules find in a run, the most telling first; at least one finding."""
    if run.diverged_at is not None:
        return [_finding("exploded", f"the loss is no number from {place(run.x_is, run.diverged_at)} on")]
    if strange := _strange(run):
        return [_finding("unjudged", strange)]
    loss, start = _loss(run)
    if len(loss) < FEWEST:
        return _evaluations(run) or [_finding("short", f"{len(loss)} losses; {FEWEST} are needed")]
    shape = _shape(loss, start)
    if run.x_is != "step":
        why = (
            f"nothing is wild, lost or overfitted; how the loss fell before the end of the first {run.x_is} is unknown"
        )
        return _wild(shape) or _lost(run) or _evaluations(run) or [_finding("unjudged", why)]
    first = _wild(shape) or _lost(run) or _idle(shape)
    if first:
        return first
    found = [*_plateau(shape), *_evaluations(run), *_unfinished(shape)]
    if not any(finding.verdict in ("unfinished", "overfitting") for finding in found):
        found += _underfitting(run, shape)
    if not any(finding.verdict in ("plateau", "unfinished") for finding in found):
        found += _slow_start(run, shape)
    return found or [_good(shape)]


def _strange(run: Curves) -> str:
    """Why the rules are not made for a run; empty if they are."""
    if (run.train_loss < 0).any() or (run.val_loss < 0).any():
        return "the loss goes below 0, and the rules speak of shares of it"
    if isinstance(run, FileRun):
        words = {word for name in (*run.taken.values(), *run.left) for word in words_of(name)}
        if REINFORCED & words:
            return "the loss of reinforcement learning need not fall"
        if RIVALS.intersection(words_of(run.taken.get("loss", ""))):
            return "the loss of a net that works against another need not fall"
    return ""


def _finding(verdict: str, why: str) -> Finding:
    known = CURVE_KINDS[verdict]
    return Finding(verdict, f"{known.label}: {why}. Try: {known.advice}.")


def _loss(run: Curves) -> tuple[Floats, float]:
    """The losses, and where they began."""
    untrained = run.x_is == "step" and (not len(run.steps) or run.steps[0] > 0)  # epoch 0 is the first one
    before = run.val_loss[run.eval_steps == 0] if untrained else run.val_loss[:0]
    known = run.val_loss[np.isfinite(run.val_loss)]
    loss = (run.train_loss if len(run.train_loss) else known).astype(np.float64)
    first = loss[: max(1, len(loss) // 100)]
    start = float(before[0]) if len(before) and np.isfinite(before[0]) else float(first.mean()) if len(first) else 0.0
    return loss, start


def _shape(loss: Floats, start: float) -> Shape:
    start = max(start, 1e-9)
    pieces = np.array_split(loss, min(PARTS, len(loss)))
    parts = np.array([piece.mean() for piece in pieces])
    luck = np.array([piece.std() / np.sqrt(len(piece)) for piece in pieces])
    middle, fall = parts[len(parts) // 2 - 1], max(start - parts[-1], 0.0)
    window = max(1, len(loss) // 50)
    smooth = np.convolve(loss, np.full(window, 1 / window), "valid")
    whole = max(start - smooth.min(), 1e-9)

    def until(share: float) -> float:
        return float(np.argmax(start - smooth >= share * whole)) / len(smooth)

    return Shape(
        rise=float(parts.max()) / start,
        bounce=float(np.maximum(np.diff(parts) - NOISE * np.hypot(luck[1:], luck[:-1]), 0)[len(parts) // 2 :].sum())
        / start,
        fall=(start - float(parts[-1])) / start,
        moved=float(np.abs(parts / start - 1).max()),
        late=float(np.clip((middle - parts[-1]) / fall, -1, 1)) if fall > 0 else 0.0,
        tenth=until(0.1),
        half=until(0.5),
    )


def _wild(shape: Shape) -> list[Finding]:
    if shape.rise >= ROSE:
        times = f"{shape.rise:.2g}".replace("e+", "e")
        return [_finding("too-high", f"the loss rises to {times} times where it began ({ROSE:g} is too much)")]
    if shape.bounce >= BOUNCED:
        return [
            _finding(
                "too-high",
                f"in its second half the smoothed loss goes up again and again, by {in_percent(shape.bounce)} of where "
                f"it began in all ({in_percent(BOUNCED)} is too much)",
            )
        ]
    return []


def _lost(run: Curves) -> list[Finding]:
    accuracy = run.train_accuracy[np.isfinite(run.train_accuracy)]
    if len(accuracy) > NOISY:  # of single batches: the best of many is luck
        accuracy = np.array([part.mean() for part in np.array_split(accuracy, PARTS)])
    if len(accuracy) < FEWEST or (lost := float(accuracy.max() - accuracy[-LATEST:].mean())) < LOST:
        return []
    lost_words = f"training accuracy ends {100 * lost:.0f} points below its best ({100 * LOST:.0f} are too many)"
    return [_finding("too-high", f"what was learned is lost again: {lost_words}")]


def _idle(shape: Shape) -> list[Finding]:
    if shape.moved < STUCK:
        why = f"the loss stays within {beside(shape.moved, STUCK, 1)} of where it began (less than {in_percent(STUCK)})"
        return [_finding("stuck", why)]
    if 0 < shape.fall < LITTLE and shape.late >= STEADY:
        return [
            _finding(
                "too-low",
                f"the loss falls by {beside(shape.fall, LITTLE)} only (less than {in_percent(LITTLE)}), and still at "
                f"the end: {in_percent(shape.late)} of that in the second half (at least {in_percent(STEADY)})",
            )
        ]
    return []


def _plateau(shape: Shape) -> list[Finding]:
    drop = shape.half - shape.tenth
    if shape.tenth < FLAT or drop > SUDDEN * shape.tenth:
        return []
    return [
        _finding(
            "plateau",
            f"flat for {in_percent(shape.tenth)} of the run (at least {in_percent(FLAT)}), then it drops within "
            f"{in_percent(drop)} (at most {SUDDEN:g} times as long)",
        )
    ]


def _evaluations(run: Curves) -> list[Finding]:
    """What training and validation say of each other in the end."""
    gaps = _latest(run, run.train_accuracy - run.val_accuracy)
    known = run.val_loss[np.isfinite(run.val_loss)]
    grown = float(known[-LATEST:].mean() / max(known.min(), 1e-9)) if len(known) >= FEWEST else 0.0
    loss = f"; the validation loss is {grown:.2g} times its lowest" if grown >= GROWN else ""
    if len(gaps):
        gap = float(gaps.mean())
        words = f"training accuracy is {100 * gap:.0f} points above validation ({100 * GAP:.0f} are much){loss}"
        return [_finding("overfitting", words)] if gap >= GAP else []
    if loss:
        return [_finding("overfitting", f"{loss[2:]} ({GROWN:g} is much); accuracies are not known")]
    return []


def _latest(run: Curves, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """What was measured in the end."""
    known = values[(run.eval_steps >= END * run.total_steps) & np.isfinite(values)]
    return known if len(known) > NOISY else known[-LATEST:]


def _unfinished(shape: Shape) -> list[Finding]:
    if shape.fall < STUCK or shape.late < UNFINISHED:
        return []
    share = f"{in_percent(shape.late)} of its fall came in the second half of the run"
    return [_finding("unfinished", f"the loss is still falling: {share} (at least {in_percent(UNFINISHED)})")]


def _underfitting(run: Curves, shape: Shape) -> list[Finding]:
    accuracy = _latest(run, run.train_accuracy)
    flat = f"the loss falls no more ({in_percent(max(shape.late, 0))} of its fall in the second half"
    if len(accuracy) and accuracy.mean() < POOR:
        reached = f"training accuracy reaches {beside(float(accuracy.mean()), POOR)} only (less than {in_percent(POOR)}"
        return [_finding("underfitting", f"{flat}), but {reached}; what is poor depends on the data)")]
    if not len(accuracy) and shape.fall < LITTLE:
        fell = f"{beside(shape.fall, LITTLE)} (less than {in_percent(LITTLE)})"
        return [_finding("underfitting", f"{flat}), after {fell}")]
    return []


def _slow_start(run: Curves, shape: Shape) -> list[Finding]:
    if shape.half < SLOW or shape.fall < LITTLE:
        return []
    rates = run.lr[np.isfinite(run.lr)]
    early = rates[: max(1, round(shape.half * len(rates)))]
    rising = len(rates) > 0 and early[0] < 0.5 * early[-1]
    why = "; the learning rate was rising meanwhile" if rising else ""
    took = f"{in_percent(shape.half)} of the run (at least {in_percent(SLOW)})"
    return [_finding("slow-start", f"half of the fall took {took}{why}")]


def _good(shape: Shape) -> Finding:
    if shape.fall < LITTLE:
        ends = f"the loss ends at {1 - shape.fall:.2g} times where it began (below {1 - LITTLE:g} would be a fall)"
        return _finding("unjudged", f"{ends}, and no rule here says why")
    late = f"{in_percent(max(shape.late, 0))} of it in the second half"
    words = f"half of that within {in_percent(shape.half)} of the run, {late}"
    return _finding("good", f"the loss falls by {in_percent(shape.fall)}, {words}")
