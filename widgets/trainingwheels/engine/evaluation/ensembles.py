"""Nets that were trained apart, as one population, and the single net that averaging their weights would make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.thinned import TrainedNet, mixed, trained_nets

__all__ = ["Ensemble", "averaged", "error_correlations", "independent"]

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Ensemble:
    """Nets with equal layers that have seen the same examples, and the validation examples that they are asked."""

    nets: tuple[TrainedNet, ...]

    @property
    def labels(self) -> NDArray[np.int64]:
        """The true classes, (examples,)."""
        return self.nets[0].data.y_val

    @cached_property
    def probabilities(self) -> NDArray[np.float32]:
        """What each member says, (members, examples, classes)."""
        return np.stack([net.probabilities(net.data.X_val) for net in self.nets])

    @property
    def right(self) -> NDArray[np.bool_]:
        """Where each member is right, (members, examples)."""
        right: NDArray[np.bool_] = self.probabilities.argmax(axis=-1) == self.labels
        return right


@lru_cache(maxsize=4)
def independent(config: RunConfig, members: int) -> Ensemble:
    """Train ``members`` nets that differ by their seed, from that of ``config`` on. Raises :class:`InvalidSetting` for
    fewer than two, which are no ensemble."""
    if members < 2:
        raise InvalidSetting(f"members = {members} makes no ensemble: choose at least 2.")
    return Ensemble(trained_nets(*(replace(config, seed=config.seed + place) for place in range(members))))


def averaged(nets: Sequence[TrainedNet]) -> TrainedNet:
    """The net whose weights and biases are the means of those of ``nets``: not what their mean output comes from."""
    return mixed(nets, [1 / len(nets)] * len(nets))


def error_correlations(right: NDArray[np.bool_]) -> Floats:
    """The correlation of two members' mistakes over examples, for each pair: (pairs,), from where each is ``right``,
    (members, examples). 0 where a member makes no mistake, or only mistakes."""
    wrong = 1.0 - right
    centred = wrong - wrong.mean(axis=1, keepdims=True)
    norms = np.sqrt((centred**2).sum(axis=1))
    products = centred @ centred.T
    scale = np.outer(norms, norms)
    matrix = np.divide(products, scale, out=np.zeros_like(products), where=scale > 0)
    found: Floats = matrix[np.triu_indices(len(right), 1)]
    return found
