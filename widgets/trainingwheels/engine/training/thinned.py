"""Trained nets in plain NumPy, to be looked at with some of their units removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.datasets import Data
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.snapshot import Snapshot
from trainingwheels.engine.training.train import train_steps

__all__ = ["TrainedNet", "nets_of", "trained_nets"]

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class TrainedNet:
    """A net of ReLUs: ``weights`` (units, inputs) and ``biases`` (units,) of each layer, and the data it learned."""

    config: RunConfig
    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    data: Data

    @property
    def keep(self) -> float:
        """The probability with which a hidden unit stayed in training."""
        return 1 - self.config.dropout

    def first_layer(self, X: Any) -> Floats:
        """What the first hidden layer makes of inputs (n, features), as they are after preprocessing."""
        H: Floats = np.maximum(0, np.asarray(X, np.float32) @ self.weights[0].T + self.biases[0])
        return H

    def probabilities(self, X: Any, factors: Sequence[Any] = ()) -> Floats:
        """Softmax of the scores, (..., n, classes), with each hidden layer multiplied by its ``factors``, (..., units),
        or by 1."""
        H = self.first_layer(X)
        for layer in range(1, len(self.weights)):
            if len(factors) >= layer:
                H = H * factors[layer - 1]
            H = H @ self.weights[layer].T + self.biases[layer]
            if layer < len(self.weights) - 1:
                H = np.maximum(0, H, out=H)
        e = np.exp(H - H.max(axis=-1, keepdims=True))
        p: Floats = e / e.sum(axis=-1, keepdims=True)
        return p

    def accuracy(self, factors: Sequence[Any] = ()) -> float:
        """On the validation set."""
        chosen = self.probabilities(self.data.X_val, factors).argmax(axis=1)
        return float((chosen == self.data.y_val).mean())


@lru_cache(maxsize=8)
def trained_nets(*configs: RunConfig) -> tuple[TrainedNet, ...]:
    """Train these to their end, together where they can be, and keep their weights. Raises :class:`InvalidSetting` for
    a net that is not one of ReLUs alone."""
    for config in configs:
        if config.activation != "relu" or config.batchnorm:
            raise InvalidSetting("Units are removed from nets of ReLUs without batchnorm: choose activation = relu.")
    *_, snapshot = train_steps(configs, "cpu", snapshots=1)
    return nets_of(snapshot)


def nets_of(snapshot: Snapshot) -> tuple[TrainedNet, ...]:
    """The nets of a moment, those of ReLUs alone, in the order of the runs."""
    found: dict[int, TrainedNet] = {}
    for group in snapshot.frozen:
        for member, place in enumerate(group.places):
            config = snapshot.histories[place].config
            layers = range(1, len(config.hidden) + 2)
            arrays = [
                tuple(group.net.parameters[f"{name}{layer}"][member].cpu().numpy().copy() for layer in layers)
                for name in "Wb"
            ]
            found[place] = TrainedNet(config, arrays[0], arrays[1], group.data[member])
    return tuple(found[place] for place in range(len(snapshot.histories)))
