"""The same weights in nets that train on digits: what became of a net at its birth decides what it learns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from trainingwheels.engine import OPTIMIZERS, History, RunConfig, Snapshot, training_script
from trainingwheels.engine.initializers import own_initializer
from trainingwheels.engine.shares import in_percent
from trainingwheels.figures import CurvesView
from trainingwheels.figures.labels import many, short
from trainingwheels.figures.learning import LearningPicture
from trainingwheels.figures.palettes import RUNS
from trainingwheels.labs.base.kind_words import spread_words
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, WholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.weight_initialization.net import Net

__all__ = ["LEARNS", "NetsFromBirth"]

LEARNS = 0.5  # of the way from chance to 1: mean validation accuracy from which on nets are said to learn


@dataclass(frozen=True)
class Birth:
    """One way to be born: its ``label``, its ``color``, and the initializer, with the weight's std or value."""

    label: str
    color: str
    initializer: str
    std: float | None = None


class NetsFromBirth(Net, NetsView):
    """Nets whose weights are zero, equal, small, right and large, side by side."""

    name = "training"
    label = "train it"
    about = (
        "The same net with zero, equal, small, right and large initial weights, trained on digits side by side; small "
        "and large begin as the lecture's 0.01 and 0.05 do in layers of 4096."
    )
    picture = LearningPicture

    small = LogSlider(
        0.01, 1.0, 0.64, step=0.05, label="small × √D_in", help="std of small weights, times sqrt(D_in): Xavier is 1"
    )
    large = LogSlider(
        1.0, 100.0, 3.2, step=0.05, label="large × √D_in", help="std of large weights, times sqrt(D_in): Xavier is 1"
    )
    units = LogWholeSlider(8, 256, 64, unit="units", label="width", section="net", help="units in each hidden layer")
    optimizer = Choice(OPTIMIZERS, "sgd", section="optimizer", help="how a gradient becomes a step")
    lr = LogSlider(1e-4, 10.0, 0.1, step=0.1, section="optimizer", help="learning rate; it falls to zero by a cosine")
    epochs = LogWholeSlider(
        1, 128, 12, most=1024, unit="epochs", section="optimizer", help="how often each example is seen"
    )
    nets = WholeSlider(1, 10, 3, unit="nets", section="more", help="nets of each kind, which differ by their seed")

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        pairs = [(birth, seed) for birth in _births(s) for seed in range(s.nets)]
        return [_config(s, birth, seed) for birth, seed in pairs], [birth.label for birth, _ in pairs]

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> CurvesView:
        colors = {birth.label: birth.color for birth in _births(s)}
        return CurvesView(snapshot.histories, labels, [colors[label] for label in labels], band=s.nets > 1, dots=False)

    def explain(self, result: CurvesView) -> Sequence[str]:
        kinds: dict[str, list[History]] = {}
        for history, label in zip(result.histories, result.labels, strict=True):
            kinds.setdefault(label, []).append(cast(History, history))
        first = next(iter(kinds.values()))
        state = f"After {many(len(first[0].steps), 'step')}" if len(first[0].steps) else "Untrained"
        about = f"{state}, {many(len(first), 'net')} of each kind, validation accuracy:"
        return [about, *(_said(label, runs) for label, runs in kinds.items()), _rule(first[0])]

    def script(self, s: Any) -> str:
        return training_script(_config(s, next(birth for birth in _births(s) if birth.label == "right"), 0))


def _births(s: Any) -> list[Birth]:
    """All kinds of nets: "equal" has 1 / width, with which the sum of equal inputs is as large as each of them."""
    root = float(s.units) ** 0.5
    return [
        Birth("zero", RUNS[4], "constant", 0.0),
        Birth("equal", RUNS[3], "constant", 1 / s.units),
        Birth("small", RUNS[0], "gaussian", s.small / root),
        Birth("right", RUNS[2], own_initializer(s.activation)),
        Birth("large", RUNS[1], "gaussian", s.large / root),
    ]


def _config(s: Any, birth: Birth, seed: int) -> RunConfig:
    return RunConfig(
        dataset="digits",
        hidden=(s.units,) * s.depth,
        activation=s.activation,
        initializer=birth.initializer,
        std=birth.std,
        optimizer=s.optimizer,
        lr=s.lr,
        schedule="cosine",
        epochs=s.epochs,
        seed=seed,
    )


def _said(label: str, runs: Sequence[History]) -> str:
    failed = next((history.failed for history in runs if history.failed), "")
    if failed:
        return f"{label}: {failed}"
    config, found = runs[0].config, np.array([float(history.val_accuracy[-1]) for history in runs])
    born = {
        "zero": "every weight 0",
        "equal": f"every weight {short(config.std or 0.0)}",
        "right": "Xavier" if config.initializer == "xavier" else "Kaiming",
    }.get(label, f"std {short(config.std or 0.0)}")
    learns = ": it learns" if found.mean() >= _enough(runs[0]) else ": it does not learn" if len(runs[0].steps) else ""
    diverged = sum(history.diverged_at is not None for history in runs)
    lost = f" {diverged} of them diverged." if diverged else ""
    return f"{label} ({born}): {in_percent(found.mean(), 1)}{spread_words(found)}{learns}.{lost}"


def _enough(history: History) -> float:
    chance = history.chance or 0.0
    return chance + LEARNS * (1 - chance)


def _rule(history: History) -> str:
    return f"Said to learn from {in_percent(_enough(history))} on, half of the way from chance to all."
