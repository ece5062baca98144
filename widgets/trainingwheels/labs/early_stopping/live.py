"""A net that trains while one watches the rule: what it would have stopped, and the ghost that grows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from trainingwheels.engine import RunConfig, Snapshot
from trainingwheels.engine.evaluation import stop_early
from trainingwheels.engine.evaluation.stopping import smoothed
from trainingwheels.figures.labels import many
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.label_words import label_sentence
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.early_stopping.pictures.live import LivePicture, Watched
from trainingwheels.labs.early_stopping.replay import replay_script
from trainingwheels.labs.early_stopping.runs import HELD_OUT, RATES, Learns, Rule

__all__ = ["Watching"]

LONG = 300  # epochs, at a quarter of the other views' rate, so that there is something to watch
SLOWER = 4


class Watching(Rule, Learns, NetsView):
    """The rule on a run under way. The net trains on after the stop, so that one sees what the rule has spared."""

    name = "live"
    label = "watch it"
    about = (
        "A net that trains, and the rule that watches it. It trains on after the stop, pale, so that one sees what "
        "would not have been."
    )
    picture = LivePicture

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        config = self.config(s, s.seed)
        return [replace(config, epochs=LONG, lr=RATES[s.dataset] / SLOWER)], ["net"]

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Watched:
        (history,) = snapshot.histories
        accuracy = s.score == "accuracy"
        scores = np.asarray(history.val_accuracy if accuracy else -history.val_loss, np.float64)
        epochs = history.eval_steps / history.steps_per_epoch
        smooth = smoothed(scores, s.smoothing)
        rule = stop_early(scores, s.patience, s.min_delta, s.smoothing)
        train = history.train_accuracy if accuracy else _losses(history)
        return Watched(epochs, train, rule, s.score, scores, smooth, s.patience, LONG, history)

    def explain(self, result: Watched) -> Sequence[str]:
        history, rule = result.history, result.rule
        if history.failed:
            return [history.failed]
        if not len(history.steps):
            return [
                f"Not trained yet. Press Start: {many(result.patience, 'score')} without improvement will be enough.",
                *label_sentence(history),
                *convolution_sentence(history.config),
            ]
        best = f"epoch {result.epochs[rule.best_at]:.1f}, validation accuracy {percent(_at(history, rule.best_at))}"
        now = f"epoch {result.epochs[-1]:.1f} with {percent(_at(history, -1))}"
        if rule.stopped_at is None:
            what = f"Not stopped: {rule.waited[-1]} of {many(result.patience, 'score')} in a row without improvement."
        else:
            what = f"Stopped at epoch {result.epochs[rule.stopped_at]:.1f}; what is pale would not have been trained."
        return [
            f"{what} The rule keeps the snapshot of {best}; the net is now at {now}.",
            "Scores are taken as often as pictures are drawn, not once an epoch: patience counts those.",
            *label_sentence(history),
        ]

    def script(self, s: Any) -> str:
        return replay_script(self, s._replace(validation=HELD_OUT[s.dataset]))


def _at(history: Any, moment: int) -> float:
    return float(history.val_accuracy[moment])


def _losses(history: Any) -> Any:
    """The batch loss at each evaluation: the mean of the epoch's steps before it."""
    if not len(history.steps):
        return np.full(len(history.eval_steps), np.nan)
    total = np.concatenate([[0.0], np.cumsum(history.train_loss, dtype=np.float64)])
    ends = np.maximum(history.eval_steps, 1)
    starts = np.maximum(ends - history.steps_per_epoch, 0)
    return (total[ends] - total[starts]) / (ends - starts)
