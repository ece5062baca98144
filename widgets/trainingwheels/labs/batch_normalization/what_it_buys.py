"""What batch normalization is said to buy: nets that are trained with it and without, to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np

from trainingwheels.engine import ACTIVATIONS, DATASETS, History, RunConfig, Snapshot, training_script
from trainingwheels.engine.settings import Table
from trainingwheels.engine.shares import in_percent
from trainingwheels.figures.kinds import accuracies_now
from trainingwheels.figures.labels import many, points, short
from trainingwheels.labs.base.convolutions import conv_of, convolution_sentence, convolutions
from trainingwheels.labs.base.label_words import label_sentence
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, Slider, WholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.batch_normalization.inputs import Seeded
from trainingwheels.labs.batch_normalization.pictures.with_and_without import (
    Compared,
    ComparedPicture,
    Pair,
    gradient_norms,
    pairs_of,
)

__all__ = ["QUESTIONS", "Question", "WhatItBuys"]

LEARNS = 0.5  # of the way from chance to 1: mean accuracy from which on nets are said to learn
WIDTH, SMALL_SET = 50, 1000


@dataclass(frozen=True)
class Question:
    """One of the four claims: the ``field`` of a run's config that takes ``values``, with batchnorm and without.

    ``settings`` are those of all its runs; ``knob`` names the axis of values.
    """

    name: str
    label: str
    field: str
    values: tuple[float, ...]
    knob: str
    beside: Literal["against", "gradients", "gap"]
    settings: dict[str, Any]


QUESTIONS: Table[Question] = Table(
    "question",
    (
        Question("gradients", "gradient flow", "lr", (0.1,), "learning rate", "gradients", {"epochs": 20}),
        Question("lr", "learning rates", "lr", (0.03, 0.1, 0.3, 1.0, 3.0), "learning rate", "against", {"epochs": 20}),
        Question(
            "std", "initialization", "std", (0.001, 0.01, 0.1, 0.2, 0.5, 1.0), "std of the initial weights", "against",
            {"epochs": 20, "lr": 0.1, "initializer": "gaussian"},
        ),
        Question(
            "gap", "regularization", "dropout", (0.0, 0.2), "dropout", "gap",
            {"epochs": 60, "lr": 0.3, "hidden": 2 * WIDTH, "train_size": SMALL_SET},
        ),
    ),
)  # fmt: skip


class WhatItBuys(Seeded, NetsView):
    """One of the claims, put to nets with batch normalization and to the same nets without."""

    name = "training"
    label = "what it buys, trained"
    about = "The same nets, trained with batch normalization and without, to put one of the claims to the test."
    picture = ComparedPicture

    question = Choice(QUESTIONS, "lr", help="what to compare with and without batchnorm")
    dataset = Choice(DATASETS, "digits", section="data", help="what is learned")
    activation = Choice(ACTIVATIONS, "relu", help="nonlinearity after every hidden layer")
    depth = WholeSlider(1, 12, 4, unit="layers", help="number of hidden layers")
    conv = convolutions()
    batch_size = LogWholeSlider(2, 256, 64, unit="examples", section="optimizer", help="examples per step")
    label_noise = Slider(0.0, 1.0, 0.0, step=0.05, section="data", help="share of wrong training labels")
    nets = WholeSlider(1, 10, 5, section="more", help="nets per curve, which differ by their seed")

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        question = QUESTIONS[s.question]
        settings = {
            "initializer": "kaiming" if ACTIVATIONS[s.activation].range[1] == np.inf else "xavier",
            **question.settings,
        }
        settings["hidden"] = (settings.get("hidden", WIDTH),) * s.depth
        common = {name: getattr(s, name) for name in ("dataset", "activation", "batch_size", "label_noise")}
        common["conv"] = conv_of(s)
        configs, labels = [], []
        for value, batchnorm, net in product(question.values, (True, False), range(s.nets)):
            own = {question.field: value, "batchnorm": batchnorm, "seed": s.seed + net}
            configs.append(RunConfig(optimizer="sgd", **(settings | common | own)))
            labels.append(f"{question.field} {value:g}")
        return configs, labels

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Compared:
        question = QUESTIONS[s.question]
        values = [getattr(history.config, question.field) for history in snapshot.histories]
        return Compared(snapshot.histories, labels, values, question.knob, question.beside)

    def explain(self, result: Compared) -> Sequence[str]:
        pairs = pairs_of(result)
        if failed := next((history.failed for history in result.histories if history.failed), ""):
            return [failed]
        nets = len(pairs[0].normalized)
        each = f"{many(nets, 'net')} per curve"
        filters = convolution_sentence(result.histories[0].config)
        if not len(result.histories[0].steps):
            return [f"Not trained yet: {len(result.histories)} nets, {each}. Press Start.", *filters]
        step = f"At step {len(result.histories[0].steps):,}, {each}"
        say = {"against": _say_against, "gradients": _say_gradients, "gap": _say_gap}[result.beside]
        about = [*filters, *label_sentence(result.histories[0])]
        return [*say(result, pairs, step), *about, *_say_diverged(pairs)]

    def script(self, s: Any) -> str:
        return training_script(self.configs(s)[0][0])


def _say_against(result: Compared, pairs: Sequence[Pair], step: str) -> list[str]:
    chance = 1 / DATASETS[result.histories[0].config.dataset].classes
    enough, sentences = chance + LEARNS * (1 - chance), []
    for word, kind in (("With", "normalized"), ("Without", "plain")):
        found = [(_accuracy(getattr(pair, kind)), pair) for pair in pairs]
        best, at = max(found, key=lambda each: each[0])
        learns = [pair.label for accuracy, pair in found if accuracy >= enough]
        named = ", ".join(label.split()[-1] for label in learns) or "none"
        sentences.append(
            f"{word} batchnorm: best {in_percent(best, 1)}, with {at.label}; a mean accuracy of {in_percent(enough)} "
            f"or more at {named}."
        )
    gains = [(_accuracy(pair.normalized) - _accuracy(pair.plain), pair.label) for pair in pairs]
    (most, there), (least, here) = max(gains), min(gains)
    gain = f"Batchnorm's gain is largest at {there}: {points(most)}; smallest at {here}: {points(least)}."
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
            f"{step}: the first layer's dL/dW is {' and '.join(ratios)}. An even flow is 1; with a thousandth, say, a "
            "step that suits the last layer hardly moves the first."
        ),
        f"Validation accuracy: {in_percent(accuracies[0], 1)} with batchnorm, {in_percent(accuracies[1], 1)} without.",
    ]


def _say_gap(result: Compared, pairs: Sequence[Pair], step: str) -> list[str]:
    sentences = [f"{step}."]
    for pair in pairs:
        parts = [
            f"{in_percent(_accuracy(histories), 1)} {word} (training {in_percent(_training(histories), 1)})"
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
    return float(accuracies_now(histories).mean())


def _training(histories: Sequence[History]) -> float:
    return float(accuracies_now(histories, "train_accuracy").mean())
