"""What becomes of a trained net when units of its first hidden layer are taken away, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.signals.noise import Role, generator
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.thinned import TrainedNet, trained_nets

__all__ = ["REPEATS", "Removal", "accuracy_without", "removals"]

Floats = NDArray[np.floating[Any]]
REPEATS = 20  # random orders


@dataclass(frozen=True)
class Removal:
    """``net`` with fewer and fewer units. ``counts`` of them are removed; ``at_random`` (REPEATS, counts) and ``worst``
    (counts,) are validation accuracies, in the ``orders`` (REPEATS, units) and ``by_importance`` (units,)."""

    net: TrainedNet
    counts: NDArray[np.intp]
    orders: NDArray[np.intp]
    by_importance: NDArray[np.intp]
    at_random: Floats
    worst: Floats

    @property
    def units(self) -> int:
        return len(self.by_importance)


def accuracy_without(net: TrainedNet, units: Any) -> float:
    """Validation accuracy without these units of the first hidden layer; what is left is not scaled."""
    factor = np.ones(net.config.hidden[0], np.float32)
    factor[np.asarray(units, np.intp)] = 0
    return net.accuracy([factor])


@lru_cache(maxsize=8)
def removals(*configs: RunConfig) -> tuple[Removal, ...]:
    """Train these nets, and take their units away: at random, and the most important first. A unit is as important as
    what validation accuracy loses without it alone; the first of two counts more."""
    return tuple(_removal(net) for net in trained_nets(*configs))


def _removal(net: TrainedNet) -> Removal:
    units = net.config.hidden[0]
    counts = np.unique(np.linspace(0, units, 17).round().astype(np.intp))
    rng = generator(net.config.seed, 0, Role.DROPOUT)
    orders = np.array([rng.permutation(units) for _ in range(REPEATS)])
    by_importance = np.argsort([accuracy_without(net, [unit]) for unit in range(units)], kind="stable")
    at_random = np.array([[accuracy_without(net, order[:count]) for count in counts] for order in orders])
    worst = np.array([accuracy_without(net, by_importance[:count]) for count in counts])
    return Removal(net, counts, orders, by_importance, at_random, worst)
