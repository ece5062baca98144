"""Transfer: a net that has learned one set learns another one from few labelled examples, in one of four ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.settings import Table
from trainingwheels.engine.training.history import History
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import train

__all__ = ["ADAPTED", "METHODS", "STEPS", "Method", "adaptations", "steps_of", "transfer"]


@dataclass(frozen=True)
class Method:
    """One way to adapt. ``settings`` (hidden layers, tuning) are those of :class:`RunConfig`, besides ``pretrained``.

    ``retrained`` (hidden layers) is how many layers learn, counted from the output.
    """

    name: str
    label: str
    pretrained: bool
    retrained: Any

    def settings(self, source: str, depth: int, tuning: float) -> Mapping[str, Any]:
        """What a config of ``depth`` hidden layers needs for it; ``tuning`` is the share of the learning rate with
        which pretrained layers learn."""
        return {
            "pretrained": source if self.pretrained else None,
            "frozen": depth + 1 - self.retrained(depth),
            "tuning": tuning if self.pretrained else 1.0,
        }


METHODS: Table[Method] = Table(
    "method",
    (
        Method("scratch", "from scratch", False, lambda depth: depth + 1),
        Method("head", "new head on frozen features", True, lambda depth: 1),
        Method("top", "head and last hidden layer", True, lambda depth: min(2, depth + 1)),
        Method("all", "all layers", True, lambda depth: depth + 1),
    ),
)
ADAPTED = RunConfig(hidden=(100, 100), optimizer="momentum", lr=0.05, batch_size=50)
"""How the second set is learned, if nothing else is said."""
STEPS = 300


def adaptations(
    source: str,
    target: str,
    per_class: Sequence[int | None],
    methods: Sequence[str],
    seeds: Sequence[int],
    tuning: float = 0.1,
    base: RunConfig = ADAPTED,
) -> list[RunConfig]:
    """A config for each number of labels, method and seed, in that order, to be trained as one population."""
    return [
        replace(
            base, dataset=target, per_class=count, seed=seed,
            **METHODS[method].settings(source, base.depth, tuning),
        )
        for count, method, seed in product(per_class, methods, seeds)
    ]  # fmt: skip


def transfer(
    source: str,
    target: str,
    per_class: int | None = 4,
    method: str = "all",
    seed: int = 0,
    *,
    tuning: float = 0.1,
    base: RunConfig | None = None,
    device: str = "auto",
) -> History:
    """The history of a net that learns ``target`` from ``per_class`` labelled examples of each class (None: all).

    ``method`` is one of ``METHODS``: "scratch", or, with the hidden layers of a net that learned ``source`` before,
    "head", "top" or "all", by what learns. ``tuning`` is the share of the learning rate with which hidden layers learn
    that were trained before. ``base`` is how the rest is done: ``ADAPTED``, for about 300 steps, if nothing is said.
    Raises :class:`InvalidSetting` for sets that are not there or do not fit together, and for more labels than there
    are.
    """
    base = steps_of(ADAPTED, target) if base is None else base
    (found,) = train(adaptations(source, target, [per_class], [method], [seed], tuning, base), device)
    return found


def steps_of(base: RunConfig, target: str, steps: int = STEPS) -> RunConfig:
    """``base`` with as many epochs of ``target`` as take about ``steps`` steps."""
    return replace(base, epochs=max(1, round(steps / max(1, DATASETS[target].examples // base.batch_size))))
