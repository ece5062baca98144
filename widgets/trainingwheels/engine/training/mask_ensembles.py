"""A net that was trained with dropout as an ensemble: each mask is one model, and their predictions are averaged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.signals.noise import Role, generator
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.thinned import TrainedNet, trained_nets

__all__ = ["COUNTS", "MODELS", "MaskEnsemble", "mask_ensemble", "masked_probabilities"]

Floats = NDArray[np.floating[Any]]
MODELS = 1000
COUNTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 500, MODELS)
TOGETHER = 2**13  # inputs times masks at a time: what the processor's cache holds of a small net


@dataclass(frozen=True)
class MaskEnsemble:
    """``net``, and what averaging its masks does for its validation accuracy.

    ``accuracies`` has for each of COUNTS the accuracies of all ensembles of so many of the MODELS masks that share
    none; ``single`` is that of the scaled pass.
    """

    net: TrainedNet
    accuracies: tuple[Floats, ...]
    single: float


@lru_cache(maxsize=8)
def mask_ensemble(config: RunConfig) -> MaskEnsemble:
    """Train a net, and average its masks on the validation set."""
    (net,) = trained_nets(config)
    p, y = masked_probabilities(net, net.data.X_val, MODELS, config.seed), net.data.y_val
    sums = np.cumsum(np.concatenate([np.zeros_like(p[:1]), p]), axis=0, dtype=np.float32)
    accuracies = []
    for count in COUNTS:
        ends = sums[::count][: MODELS // count + 1]
        accuracies.append((np.diff(ends, axis=0).argmax(axis=-1) == y).mean(axis=-1))
    return MaskEnsemble(net, tuple(accuracies), net.accuracy())


def masked_probabilities(net: TrainedNet, X: Any, count: int, seed: int) -> NDArray[np.float32]:
    """What ``count`` masks of inverted dropout make of inputs X (n, features): (count, n, classes).

    A mask is the same for all inputs, and the same for other inputs with the same seed.
    """
    inputs = np.asarray(X, np.float32)
    factors = [
        (generator(seed, layer, Role.DROPOUT).random((count, units)) < net.keep).astype(np.float32)
        / np.float32(net.keep)
        for layer, units in enumerate(net.units)
    ]
    step = max(1, TOGETHER // len(inputs))
    parts = [
        net.probabilities(inputs, [each[start : start + step] for each in factors]) for start in range(0, count, step)
    ]
    return np.concatenate(parts)
