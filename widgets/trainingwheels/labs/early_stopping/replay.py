"""A rule of early stopping replayed on a run that is finished: where it stops, and what it restores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainingwheels.engine.evaluation import stop_early
from trainingwheels.engine.evaluation.followed import followed
from trainingwheels.engine.evaluation.stopping import smoothed
from trainingwheels.engine.scripts.early_stopping import stopping_script
from trainingwheels.figures.labels import many
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.label_words import label_sentence
from trainingwheels.labs.base.view import View
from trainingwheels.labs.early_stopping.pictures.replay import Replayed, ReplayPicture
from trainingwheels.labs.early_stopping.runs import EPOCHS, HELD_OUT, Learns, Rule, Validated

__all__ = ["Replay", "replay_script"]


class Replay(Rule, Validated, Learns, View):
    """One run, trained once; the sliders of the rule train nothing."""

    name = "replay"
    label = "a rule, replayed"
    about = (
        "A run that is finished, and what a rule of early stopping would have done with it: where it stops, which "
        "snapshot it restores, and what came after."
    )
    picture = ReplayPicture

    def compute(self, s: Any) -> Replayed:
        (run,) = followed(self.config(s, s.seed), moments=EPOCHS)
        size = min(s.validation, run.held_out)
        scores = run.scores(s.score, size)
        rule = stop_early(scores, s.patience, s.min_delta, s.smoothing)
        train = run.training_loss if s.score == "loss" else run.history.train_accuracy
        smooth = smoothed(scores, s.smoothing)
        return Replayed(run.epochs, train, rule, s.score, scores, smooth, s.patience, EPOCHS, run, size)

    def explain(self, result: Replayed) -> Sequence[str]:
        run, rule, test = result.run, result.rule, result.run.test
        long = int(result.scores.argmax())
        return [
            _what_happens(result),
            (
                f"On {run.tested} test examples the restored snapshot is right on "
                f"{percent(float(test[rule.best_at]))}, the net at the end of all {EPOCHS} epochs on "
                f"{percent(float(test[-1]))}. To train to the end and keep the snapshot "
                f"with the best score, epoch {run.epochs[long]:.0f}, gives {percent(float(test[long]))}."
            ),
            (
                f"The rule looks at {many(result.size, 'validation example')}: one more or less that is right moves "
                f"their accuracy by {percent(1 / result.size)}."
            ),
            *label_sentence(run.history),
        ]

    def script(self, s: Any) -> str:
        return replay_script(self, s)

    def seconds(self, s: Any) -> float | None:
        return 3.0 + self.longer(s, 1)


def replay_script(view: Learns, s: Any) -> str:
    """A training with the rule of these settings in it."""
    held_out = HELD_OUT[s.dataset]
    size = min(s.validation, held_out)
    return stopping_script(view.config(s, s.seed), s.patience, s.min_delta, s.smoothing, s.score, size, held_out)


def _what_happens(result: Replayed) -> str:
    rule, epochs = result.rule, result.run.epochs
    best = f"epoch {epochs[rule.best_at]:.0f}"
    waited = many(result.patience, "epoch")
    if rule.stopped_at is None:
        return (
            f"Training ends after {EPOCHS} epochs before patience runs out: {rule.waited[-1]} of {waited} without "
            f"improvement. The snapshot of {best} was kept all the same, and is restored."
        )
    stopped = f"epoch {epochs[rule.stopped_at]:.0f}"
    spared = 1 - epochs[rule.stopped_at] / EPOCHS
    return (
        f"Stopped at {stopped}, after {waited} in a row without improvement; the snapshot of {best} is restored. "
        f"{percent(float(spared))} of the training is spared."
    )
