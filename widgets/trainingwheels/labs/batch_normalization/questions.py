"""What batch normalization is said to buy: the nets that are trained to see, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from trainingwheels.engine import ACTIVATIONS, DATASETS, History, RunConfig
from trainingwheels.engine.settings import Table
from trainingwheels.figures.labels import short
from trainingwheels.labs.batch_normalization.pictures.with_and_without import Compared, Pair, gradient_norms, pairs_of

__all__ = ["QUESTIONS", "Question", "explain_compared", "runs_of"]

LEARNS = 0.5  # of the way from chance to 1: mean accuracy from which on nets are said to learn
WIDTH, SMALL_SET = 50, 1000


@dataclass(frozen=True)
class Question:
    """One of the four claims: the ``field`` of a run's config that takes ``values``, with batchnorm and without.

    ``settings`` are those of all its runs; ``word`` precedes a value in a label, ``knob`` names the axis of values.
    """

    name: str
    label: str
    field: str
    values: tuple[float, ...]
    word: str
    knob: str
    beside: Literal["against", "gradients", "gap"]
    settings: dict[str, Any]


QUESTIONS: Table[Question] = Table(
    "question",
    (
        Question(
            "gradients", "gradient flow", "lr", (0.1,), "lr", "learning rate", "gradients", {"epochs": 20}
        ),
        Question(
            "lr", "learning rates", "lr", (0.03, 0.1, 0.3, 1.0, 3.0), "lr", "learning rate", "against", {"epochs": 20}
        ),
        Question(
            "std", "initialization", "std", (0.001, 0.01, 0.1, 0.2, 0.5, 1.0), "std", "std of the initial weights",
            "against", {"epochs": 20, "lr": 0.1, "initializer": "gaussian"},
        ),
        Question(
            "gap", "regularization", "dropout", (0.0, 0.2), "dropout", "dropout", "gap",
            {"epochs": 60, "lr": 0.3, "hidden": 2 * WIDTH, "train_size": SMALL_SET},
        ),
    ),
)  # fmt: skip


def runs_of(s: Any) -> tuple[list[RunConfig], list[str]]:
    """The runs for the lab's settings: each value with batch normalization and without, ``nets`` seeds of each."""
    question = QUESTIONS[s.question]
    settings = {
        "initializer": "kaiming" if ACTIVATIONS[s.activation].range[1] == np.inf else "xavier",
        **question.settings,
    }
    settings["hidden"] = (settings.get("hidden", WIDTH),) * s.depth
    common = {name: getattr(s, name) for name in ("dataset", "activation", "batch_size", "label_noise")}
    configs, labels = [], []
    for value in question.values:
        for batchnorm in (True, False):
            for net in range(s.nets):
                own = {question.field: value, "batchnorm": batchnorm, "seed": s.seed + net}
                configs.append(RunConfig(optimizer="sgd", **(settings | common | own)))
                labels.append(f"{question.word} {value:g}")
    return configs, labels


def explain_compared(result: Compared) -> Sequence[str]:
    """What the runs say to the claim, so far."""
    pairs = pairs_of(result)
    if failed := next((history.failed for history in result.histories if history.failed), ""):
        return [failed]
    nets = len(pairs[0].normalized)
    each = f"{nets} net{'s' * (nets > 1)} per curve"
    if not len(result.histories[0].steps):
        return [f"Not trained yet: {len(result.histories)} nets, {each}. Press Start."]
    step = f"At step {len(result.histories[0].steps):,}, {each}"
    say: dict[str, Callable[[Compared, Sequence[Pair], str], list[str]]] = {
        "against": _say_against, "gradients": _say_gradients, "gap": _say_gap,
    }  # fmt: skip
    return [*say[result.beside](result, pairs, step), *_say_diverged(pairs)]


def _say_against(result: Compared, pairs: Sequence[Pair], step: str) -> list[str]:
    chance = 1 / DATASETS[result.histories[0].config.dataset].classes
    enough, sentences = chance + LEARNS * (1 - chance), []
    for word, kind in (("With", "normalized"), ("Without", "plain")):
        found = [(_accuracy(getattr(pair, kind)), pair) for pair in pairs]
        best, at = max(found, key=lambda each: each[0])
        learns = [pair.label for accuracy, pair in found if accuracy >= enough]
        named = ", ".join(label.split()[-1] for label in learns) or "none"
        sentences.append(
            f"{word} batchnorm: best {best:.1%}, with {at.label}; a mean accuracy of {enough:.0%} or more at {named}."
        )
    gains = [(_accuracy(pair.normalized) - _accuracy(pair.plain), pair.label) for pair in pairs]
    (most, there), (least, here) = max(gains), min(gains)
    gain = f"Batchnorm's gain is largest at {there}: {_points(most)}; smallest at {here}: {_points(least)}."
    return [f"{step}. {sentences[0]}", sentences[1], gain]


def _say_gradients(result: Compared, pairs: Sequence[Pair], step: str) -> list[str]:
    ratios = []
    for histories, word in ((pairs[0].normalized, "with batchnorm"), (pairs[0].plain, "without")):
        norms = gradient_norms(histories)
        ratios.append(
            f"{short(norms[0] / norms[-1])} times the last layer's {word}" if norms is not None else f"no number {word}"
        )
    accuracies = [_accuracy(histories) for histories in (pairs[0].normalized, pairs[0].plain)]
    return [
        (
            f"{step}: the first layer's dL/dW is {' and '.join(ratios)}. An even flow is 1; far below it the first "
            "layers hardly learn."
        ),
        f"Validation accuracy: {accuracies[0]:.1%} with batchnorm, {accuracies[1]:.1%} without.",
    ]


def _say_gap(result: Compared, pairs: Sequence[Pair], step: str) -> list[str]:
    sentences = [f"{step}."]
    for pair in pairs:
        parts = [
            f"{_accuracy(histories):.1%} {word} (training {_training(histories):.1%})"
            for histories, word in ((pair.normalized, "with batchnorm"), (pair.plain, "without"))
        ]
        label = "Without dropout" if pair.value == 0 else f"With {pair.label}"
        sentences.append(f"{label}: validation accuracy {' and '.join(parts)}.")
    return sentences


def _say_diverged(pairs: Sequence[Pair]) -> list[str]:
    counts = [
        (sum(history.diverged_at is not None for history in histories), len(histories), f"{pair.label} {word}")
        for pair in pairs
        for histories, word in ((pair.normalized, "with batchnorm"), (pair.plain, "without"))
    ]
    words = [f"{bad} of {all_} at {where}" for bad, all_, where in counts if bad]
    return [f"Diverged, their loss no number any more: {', '.join(words)}."] if words else []


def _accuracy(histories: Sequence[History]) -> float:
    return float(np.mean([history.val_accuracy[-1] for history in histories]))


def _training(histories: Sequence[History]) -> float:
    return float(np.mean([history.train_accuracy[-1] for history in histories]))


def _points(share: float) -> str:
    return f"{100 * share:.1f} points".replace("-", "−")
