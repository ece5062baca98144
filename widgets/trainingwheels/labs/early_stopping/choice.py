"""How sure the choice of a snapshot is: over runs that differ by their seed, and by the size of the validation set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.evaluation import stop_early
from trainingwheels.engine.evaluation.followed import Followed
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.kind_words import gain_words
from trainingwheels.labs.base.label_words import label_sentence
from trainingwheels.labs.base.view import View
from trainingwheels.labs.early_stopping.pictures.choice import ChoicePicture, Chosen, Sized
from trainingwheels.labs.early_stopping.replay import replay_script
from trainingwheels.labs.early_stopping.runs import HELD_OUT, RUNS, Learns, Rule, Validated

__all__ = ["Choosing"]

SIZES = (8, 16, 32, 64, 128, 256)


class Choosing(Rule, Validated, Learns, View):
    """The rule, and training to the end and keeping the best, over ten runs and all sizes of the validation set."""

    name = "choice"
    label = "how sure is it"
    about = (
        f"{RUNS} runs that differ by their seed only. Which snapshot is kept, and what it is worth on a test set, by "
        "the number of validation examples."
    )
    picture = ChoicePicture

    def compute(self, s: Any) -> Chosen:
        runs = self.runs(s)
        sizes = [size for size in SIZES if size <= HELD_OUT[s.dataset]]
        each = tuple(_at(runs, s, size) for size in sizes)
        return Chosen(runs, each, min(s.validation, sizes[-1]))

    def explain(self, result: Chosen) -> Sequence[str]:
        now, last = result.now, np.array([run.test[-1] for run in result.runs])
        epochs = result.epochs(now.rule)
        return [
            (
                f"With {now.size} validation examples the rule restores epochs {epochs.min():.0f} to "
                f"{epochs.max():.0f} (mean {epochs.mean():.0f}). Mean test accuracy: "
                f"{percent(float(result.test(now.rule).mean()))} restored by the rule, "
                f"{percent(float(result.test(now.best).mean()))} where one trains to the end and keeps the best, "
                f"{percent(float(last.mean()))} at the end."
            ),
            (
                f"Against the end, the rule gives {gain_words(result.test(now.rule) - last)}, to keep the best of the "
                f"whole run {gain_words(result.test(now.best) - last)}. The intervals are 99 % ones."
            ),
            _by_size(result),
            *label_sentence(result.runs[0].history),
        ]

    def script(self, s: Any) -> str:
        return replay_script(self, s)

    def seconds(self, s: Any) -> float | None:
        return 5.0 + self.longer(s, RUNS)


def _at(runs: Sequence[Followed], s: Any, size: int) -> Sized:
    scores = [run.scores(s.score, size) for run in runs]
    rules = [stop_early(each, s.patience, s.min_delta, s.smoothing) for each in scores]
    return Sized(
        size,
        np.array([rule.best_at for rule in rules]),
        np.array([int(np.argmax(each)) for each in scores]),
        np.array([len(rule.waited) - 1 for rule in rules]),
    )


def _by_size(result: Chosen) -> str:
    few, most = result.sizes[0], result.sizes[-1]
    values = [float(result.test(kept).mean()) for kept in (few.best, most.best)]
    spreads = [float(result.epochs(kept).std()) for kept in (few.best, most.best)]
    return (
        f"The best of the whole run by {few.size} examples: {percent(values[0])}, standard deviation of its epoch "
        f"{spreads[0]:.1f}. By {most.size}: {percent(values[1])}, {spreads[1]:.1f}."
    )
