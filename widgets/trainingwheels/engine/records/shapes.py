"""A gallery of learning curves: each shape is what a real run of ``run`` gives, and ``cure`` is what mends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from trainingwheels.engine.settings import Table
from trainingwheels.engine.training.history import History
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import EVALUATIONS, train_steps

__all__ = ["SHAPES", "CurveShape", "train_evenly"]


@dataclass(frozen=True)
class CurveShape:
    """One kind of curve.

    ``runs`` are what to call each run, and its settings; the first is the one that the shape is named after.
    ``verdict`` is what the rules of :mod:`.diagnosis` should find in it. ``cure`` mends it, or is None.
    """

    name: str
    label: str
    runs: tuple[tuple[str, RunConfig], ...]
    verdict: str
    cure: tuple[str, RunConfig] | None = None


def train_evenly(runs: Sequence[RunConfig]) -> Iterator[list[History]]:
    """Train ``runs`` and yield their histories again and again, first untrained, last at their end.

    Each run is evaluated as often as any other, however short it is; :func:`train` would evaluate all at the same
    epochs, so that beside a run of 100 epochs one of 5 would be seen twice.
    """
    lengths = sorted({run.epochs for run in runs})
    places = [[place for place, run in enumerate(runs) if run.epochs == epochs] for epochs in lengths]
    trainings = [train_steps([runs[place] for place in each], "cpu", snapshots=EVALUATIONS) for each in places]
    for snapshots in zip(*trainings, strict=True):
        pairs = [
            pair
            for each, snapshot in zip(places, snapshots, strict=True)
            for pair in zip(each, snapshot.histories, strict=True)
        ]
        yield [history for _, history in sorted(pairs, key=lambda pair: pair[0])]


TANH = RunConfig(hidden=(32, 32), activation="tanh", initializer="xavier", lr=0.02, batch_size=32, epochs=16)
RELU = RunConfig(hidden=(32, 32), optimizer="sgd", lr=0.1, batch_size=32, epochs=24)
LEAKY = replace(RELU, activation="leaky_relu", optimizer="momentum", lr=0.05, epochs=6)
MOONS = RunConfig(dataset="moons", data_noise=0.35, train_size=60, hidden=(64, 64), lr=0.1, batch_size=20, epochs=300)
SPIRALS = RunConfig(dataset="spirals", hidden=(), optimizer="sgd", lr=0.3, batch_size=32, epochs=120)

SHAPES: Table[CurveShape] = Table(
    "shape",
    (
        CurveShape(
            "learning-rates",
            "four learning rates",
            tuple((f"lr {lr:g}", replace(TANH, lr=lr)) for lr in (0.4, 0.02, 0.002, 0.0002)),
            "too-high",
        ),
        CurveShape("good", "good", (("lr 0.02", TANH),), "good"),
        CurveShape(
            "too-high", "learning rate too high", (("lr 0.4", replace(TANH, lr=0.4)),), "too-high", ("lr 0.02", TANH)
        ),
        CurveShape(
            "exploded",
            "loss explodes",
            (("lr 0.5", replace(LEAKY, lr=0.5)),),
            "exploded",
            ("lr 0.05", LEAKY),
        ),
        CurveShape(
            "too-low",
            "learning rate too low",
            (("lr 0.0002", replace(TANH, lr=0.0002)),),
            "too-low",
            ("lr 0.02", TANH),
        ),
        CurveShape(
            "plateau",
            "plateau, then a drop",
            (("std 0.015", replace(RELU, initializer="gaussian", std=0.015, lr=0.05, optimizer="momentum")),),
            "plateau",
            ("Kaiming", replace(RELU, lr=0.05, optimizer="momentum")),
        ),
        CurveShape(
            "slow-start",
            "slow start",
            (("warm-up", replace(RELU, warmup=0.8)),),
            "slow-start",
            ("quick", replace(RELU, warmup=0.05)),
        ),
        CurveShape(
            "unfinished",
            "not yet converged",
            (("12 epochs", replace(RELU, lr=0.01, epochs=12)),),
            "unfinished",
            ("96 epochs", replace(RELU, lr=0.01, epochs=96)),
        ),
        CurveShape(
            "overfitting",
            "overfitting",
            (("n = 60", MOONS),),
            "overfitting",
            ("n = 2,000", replace(MOONS, train_size=2000, epochs=9)),
        ),
        CurveShape(
            "underfitting",
            "underfitting",
            (("linear", SPIRALS),),
            "underfitting",
            ("two layers", replace(SPIRALS, hidden=(32, 32))),
        ),
    ),
)
