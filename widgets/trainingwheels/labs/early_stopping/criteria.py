"""Prechelt's criteria and patience: what each threshold costs in epochs, and what it gains on a test set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.evaluation import stop_early
from trainingwheels.engine.evaluation.criteria import CRITERIA, stops_at
from trainingwheels.engine.evaluation.followed import Followed
from trainingwheels.engine.scripts.early_stopping import stopping_script
from trainingwheels.figures.labels import capital, compact
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.label_words import label_sentence
from trainingwheels.labs.base.parameters import Choice, LogSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.early_stopping.pictures.criteria import CriteriaPicture, Family, Judged, Member
from trainingwheels.labs.early_stopping.runs import EPOCHS, HELD_OUT, RUNS, Learns

__all__ = ["Comparing"]

PATIENCES = (1, 2, 3, 5, 8, 12, 20, 30)


class Comparing(Learns, View):
    """Generalization loss, progress quotient and increases in a row, beside patience, on the same runs."""

    name = "criteria"
    label = "when, exactly"
    about = (
        "Prechelt's criteria on the validation loss: the quantity that is compared with α in one run, and below it "
        "what all thresholds cost in epochs, and what the restored snapshots are worth on a test set."
    )
    picture = CriteriaPicture

    criterion = Choice(CRITERIA, "GL", help="what is compared with α")
    alpha = LogSlider(0.01, 1000, 20, step=0.1, label="α", help="the threshold: above it, training stops")

    def compute(self, s: Any) -> Judged:
        runs = self.runs(s)
        size = HELD_OUT[s.dataset]
        losses = [(-run.scores("loss", size)[1:], run.training_loss[1:]) for run in runs]
        families = [
            Family(each.name, tuple(_member(runs, losses, each.name, alpha) for alpha in each.alphas))
            for each in CRITERIA.values()
        ]
        patient = tuple(_patient(runs, losses, patience) for patience in PATIENCES)
        chosen = CRITERIA[s.criterion]
        return Judged(
            runs[0],
            chosen.label,
            s.alpha,
            chosen.quantity(*losses[0]),
            stops_at(s.criterion, *losses[0], s.alpha),
            losses[0][0],
            _member(runs, losses, s.criterion, s.alpha),
            (*families, Family("patience", patient)),
            float(np.mean([run.test[-1] for run in runs])),
        )

    def explain(self, result: Judged) -> Sequence[str]:
        now = result.now
        stop = "never fulfilled" if result.stop is None else f"first fulfilled after epoch {result.stop + 1}"
        best = max((m for f in result.families for m in f.members), key=lambda member: (member.test, -member.epochs))
        kind = next(f.name for f in result.families if best in f.members)
        return [
            f"{capital(result.label)} above {compact(result.alpha)}: {stop} in the run that is drawn.",
            (
                f"Over all runs it trains for {now.epochs:.1f} epochs of {EPOCHS} on average, and the snapshot with "
                f"the lowest validation loss is right on {percent(now.test)} of the test examples; the nets at the "
                f"end on {percent(result.last)}."
            ),
            (
                f"Highest of all that are drawn: {kind} {compact(best.alpha)} with {percent(best.test)} after "
                f"{best.epochs:.1f} epochs. It was found by looking at the test set, so that it flatters itself."
            ),
            *label_sentence(result.run.history),
        ]

    def script(self, s: Any) -> str:
        size = HELD_OUT[s.dataset]
        return stopping_script(self.config(s, s.seed), EPOCHS, 0.0, 0.0, "loss", size, size)

    def seconds(self, s: Any) -> float | None:
        return 5.0 + self.longer(s, RUNS)


def _member(runs: Sequence[Followed], losses: Sequence[Any], criterion: str, alpha: float) -> Member:
    return _mean(runs, losses, [stops_at(criterion, val, train, alpha) for val, train in losses], alpha)


def _patient(runs: Sequence[Followed], losses: Sequence[Any], patience: int) -> Member:
    return _mean(runs, losses, [stop_early(-val, patience).stopped_at for val, _ in losses], patience)


def _mean(runs: Sequence[Followed], losses: Sequence[Any], stops: Sequence[int | None], alpha: float) -> Member:
    """Epochs trained, and the test accuracy of the snapshot with the lowest validation loss up to there."""
    lengths = [len(val) if stop is None else stop + 1 for (val, _), stop in zip(losses, stops, strict=True)]
    kept = [int(np.argmin(val[:length])) for (val, _), length in zip(losses, lengths, strict=True)]
    tests = [run.test[1 + at] for run, at in zip(runs, kept, strict=True)]
    return Member(alpha, float(np.mean(lengths)), float(np.mean(tests)))
