"""All seven rules on a real net, from the same weights and with the same batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from trainingwheels.engine import DATASETS, OPTIMIZERS, History, RunConfig, Snapshot, training_script
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures import CurvesView
from trainingwheels.figures.kinds import accuracies_now
from trainingwheels.figures.labels import compact, many
from trainingwheels.figures.learning import LearningPicture
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import conv_of, convolution_sentence, convolutions
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, Several, Slider, WholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.optimizers.pictures.rules import rule_color, rule_name

__all__ = ["BATCH", "HIDDEN", "SUITED", "TRAIN_SIZE", "Race"]

HIDDEN, BATCH, TRAIN_SIZE = (64, 64), 64, 1024

SUITED: Mapping[str, float] = {
    "sgd": 0.56,
    "momentum": 0.056,
    "nesterov": 0.056,
    "adagrad": 0.1,
    "rmsprop": 0.0056,
    "adam": 0.01,
    "adamw": 0.01,
}
"""Of nine rates a quarter of a decade apart, the one with the lowest training loss after 20 epochs of MNIST-1D, mean of
five seeds."""

RATES = Table("race_rates", (Option("suited", "each rule has its own"), Option("same", "one for all")))


class Race(NetsView):
    """Loss and accuracy of nets that differ by their update rule alone."""

    name = "race"
    label = "a race"
    picture = LearningPicture
    about = (
        "Nets that differ by their update rule alone: the same initial weights, the same batches in the same order. "
        f"Two hidden layers of {HIDDEN[0]} units, after convolutions if you add some; up to {TRAIN_SIZE:,} examples."
    )

    race_rates = Choice(RATES, "suited", label="rates", help="learning rates of the rules")
    times = LogSlider(
        0.01,
        100.0,
        1.0,
        step=0.125,
        label="lr ×",
        when={"race_rates": "suited"},
        help="by which each rule's own is multiplied",
    )
    race_rate = LogSlider(
        1e-4, 10.0, 0.01, step=0.125, label="lr", when={"race_rates": "same"}, hides=True, help="of every rule"
    )
    decay = Slider(
        0.0, 0.01, 0.0, step=0.0005, most=1000.0, label="λ", section="rules",
        help="weight of the sum of squares, decoupled in AdamW; while it is 0, AdamW is Adam",
    )  # fmt: skip
    racers = Several(OPTIMIZERS, tuple(OPTIMIZERS), section="rules", label="rules", help="which of them start")
    dataset = Choice(DATASETS, "mnist1d", section="data", help="what is learned")
    conv = convolutions()
    race_epochs = LogWholeSlider(
        1, 128, 16, unit="epochs", label="epochs", section="data", help="how often each example is seen"
    )
    race_nets = WholeSlider(
        1, 5, 1, unit="nets", label="nets", section="more", help="of each rule; they differ by seed"
    )
    race_seed = WholeSlider(0, 99, 0, label="seed", section="more", help="initial weights and order of batches")

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        pairs = [(name, seed) for name in _chosen(s) for seed in range(s.race_seed, s.race_seed + s.race_nets)]
        return [_config(s, name, seed) for name, seed in pairs], [rule_name(name) for name, _ in pairs]

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> CurvesView:
        colors = [rule_color(history.config.optimizer) for history in snapshot.histories]
        return CurvesView(snapshot.histories, labels, colors, band=s.race_nets > 1, dots=False)

    def explain(self, result: CurvesView) -> Sequence[str]:
        runs: dict[str, list[History]] = {}
        for history, label in zip(result.histories, result.labels, strict=True):
            runs.setdefault(label, []).append(cast(History, history))
        first = next(iter(runs.values()))
        rates = ", ".join(f"{label} {compact(each[0].config.lr)}" for label, each in runs.items())
        nets = many(len(first), "net") + " of each rule"
        filters = convolution_sentence(first[0].config)
        if not len(first[0].steps):
            return [f"Not trained yet: {nets}. Press Start.", f"Learning rates: {rates}.", *filters]
        order = sorted(runs, key=lambda label: -_accuracy(runs[label]))
        return [
            (
                f"After {many(len(first[0].steps), 'step')}, {nets}. Validation accuracy: "
                f"{', '.join(f'{label} {_end(runs[label])}' for label in order)}."
            ),
            f"Learning rates: {rates}.",
            *filters,
            *(["AdamW is Adam while λ is 0: its line lies on Adam's."] if _twins(result) else []),
        ]

    def script(self, s: Any) -> str:
        return training_script(_config(s, _chosen(s)[-1], s.race_seed))


def _chosen(s: Any) -> list[str]:
    """The rules that start, in the order of the table; all of them if none is chosen."""
    return [name for name in OPTIMIZERS if name in s.racers] or OPTIMIZERS.keys()


def _config(s: Any, name: str, seed: int) -> RunConfig:
    lr = s.race_rate if s.race_rates == "same" else float(f"{s.times * SUITED[name]:.4g}")
    return RunConfig(
        dataset=s.dataset,
        train_size=min(TRAIN_SIZE, DATASETS[s.dataset].examples),
        conv=conv_of(s),
        hidden=HIDDEN,
        batch_size=BATCH,
        optimizer=name,
        lr=lr,
        l2=s.decay,
        epochs=s.race_epochs,
        seed=seed,
    )


def _accuracy(runs: Sequence[History]) -> float:
    return float(accuracies_now(runs).mean())


def _end(runs: Sequence[History]) -> str:
    failed = sum(bool(history.failed) or history.diverged_at is not None for history in runs)
    return percent(_accuracy(runs)) + (f" ({failed} of {len(runs)} diverged)" if failed else "")


def _twins(result: CurvesView) -> bool:
    """Whether both Adams run, and nothing decays."""
    configs = [cast(History, history).config for history in result.histories]
    return not configs[0].l2 and {"adam", "adamw"} <= {config.optimizer for config in configs}
