"""Nets that train: several of each kind, which differ in their nonlinearity only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from trainingwheels.engine import ACTIVATIONS, DATASETS, OPTIMIZERS, History, RunConfig, Snapshot, training_script
from trainingwheels.engine.initializers import own_initializer
from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.engine.settings import Option, Table
from trainingwheels.engine.shares import in_percent
from trainingwheels.figures import CurvesView
from trainingwheels.figures.palettes import activation_color
from trainingwheels.labs.activation_functions.nonlinearities import Nonlinearities, names
from trainingwheels.labs.activation_functions.pictures.comparison import FEWEST, ComparisonPicture
from trainingwheels.labs.base.convolutions import conv_of, convolution_sentence, convolutions
from trainingwheels.labs.base.kind_words import spread_words
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, WholeSlider
from trainingwheels.labs.base.training import NetsView

__all__ = ["NetsThatTrain"]

WEIGHTS = Table(
    "weights",
    (Option("own", "what suits each"), Option("xavier", "Xavier for all"), Option("kaiming", "Kaiming for all")),
)


class NetsThatTrain(Nonlinearities, NetsView):
    """Accuracies over seeds, and differences seed by seed to the first kind of net."""

    name = "training"
    label = "nets that train"
    about = (
        "Nets with one nonlinearity each, several seeds of each. Above are their curves, below each net's accuracy "
        "and the differences seed by seed."
    )
    picture = ComparisonPicture

    dataset = Choice(DATASETS, "digits", section="data", help="what is learned")
    depth = WholeSlider(1, 12, 4, most=30, unit="layers", help="hidden layers")
    conv = convolutions()
    width = LogWholeSlider(4, 256, 32, most=1024, unit="units", section="net", help="units in each hidden layer")
    weights = Choice(WEIGHTS, "own", section="net", help="how the initial weights are drawn")
    optimizer = Choice(OPTIMIZERS, "sgd", section="optimizer", help="how a gradient becomes a step")
    lr = LogSlider(1e-4, 10.0, 0.05, step=0.1, help="learning rate; counts at once")
    epochs = LogWholeSlider(
        1, 512, 16, most=4096, unit="epochs", section="optimizer", help="how often each example is seen"
    )
    seeds = WholeSlider(1, 20, 10, unit="seeds", section="compare", help="nets of each kind, paired by their seeds")

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        pairs = [(name, seed) for name in names(s) for seed in range(s.seeds)]
        return [_config(s, name, seed) for name, seed in pairs], [ACTIVATIONS[name].label for name, _ in pairs]

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> CurvesView:
        colors = [activation_color(history.config.activation) for history in snapshot.histories]
        return CurvesView(snapshot.histories, labels, colors, band=True)

    def explain(self, result: CurvesView) -> Sequence[str]:
        kinds: dict[str, list[History]] = {}
        for history, label in zip(result.histories, result.labels, strict=True):
            kinds.setdefault(label, []).append(cast(History, history))  # nets that train here have all of it
        first, *others = kinds
        lines = [_accuracy(label, runs) for label, runs in kinds.items()]
        if len(result.histories[0].steps):
            lines += [_difference(label, kinds[label], first, kinds[first]) for label in others]
        filters = {sentence for runs in kinds.values() for sentence in convolution_sentence(runs[0].config)}
        return [*lines, _weights(kinds), *(filters if len(filters) == 1 else ())]  # maxout has twice the weights

    def script(self, s: Any) -> str:
        return training_script(_config(s, s.activation, 0))


def _config(s: Any, activation: str, seed: int) -> RunConfig:
    return RunConfig(
        dataset=s.dataset,
        conv=conv_of(s),
        hidden=(s.width,) * s.depth,
        activation=activation,
        initializer=own_initializer(activation) if s.weights == "own" else s.weights,
        optimizer=s.optimizer,
        lr=s.lr,
        schedule="cosine",
        epochs=s.epochs,
        seed=seed,
    )


def _final(runs: Sequence[History]) -> np.ndarray:
    return np.array([float(history.val_accuracy[-1]) for history in runs])


def _accuracy(label: str, runs: Sequence[History]) -> str:
    failed = next((history.failed for history in runs if history.failed), "")
    if failed:
        return f"{label}: {failed}"
    diverged = sum(history.diverged_at is not None for history in runs)
    found, steps = _final(runs), len(runs[0].steps)
    seeds = f"{len(runs)} seeds" if len(runs) > 1 else "one seed"
    state = f"after {steps:,} steps" if steps else "untrained"
    lost = f" {diverged} of them diverged." if diverged else ""
    return f"{label}: validation accuracy {in_percent(found.mean(), 1)} {state}, {seeds}{spread_words(found)}.{lost}"


def _difference(label: str, runs: Sequence[History], first: str, against: Sequence[History]) -> str:
    gains = 100 * (_final(runs) - _final(against))
    if len(gains) == 1:
        return f"{label} minus {first}: {gains[0]:+.1f} points.".replace("-", "−")
    low, high = bootstrap_interval(gains)
    bounds = f" (99 % interval {low:+.1f} to {high:+.1f})" if len(gains) >= FEWEST else ""
    ahead = int(np.count_nonzero(gains > 0))
    text = f"{label} minus {first}, seed by seed: {gains.mean():+.1f} points{bounds}, ahead in {ahead} of {len(gains)}."
    return text.replace("-", "−")


def _weights(kinds: dict[str, list[History]]) -> str:
    drawn: dict[str, list[str]] = {}
    for label, runs in kinds.items():
        drawn.setdefault(runs[0].config.initializer, []).append(label)
    written = {"xavier": "Xavier", "kaiming": "Kaiming"}
    return "Weights: " + "; ".join(f"{written[name]} for {', '.join(labels)}" for name, labels in drawn.items()) + "."
