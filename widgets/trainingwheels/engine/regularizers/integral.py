"""E_z f(x, z) of a net with dropout: all masks, masks that are drawn, and the one pass that stands for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.regularizers.masks import average_over_masks
from trainingwheels.engine.settings import Option, Table
from trainingwheels.engine.signals.noise import Role, generator
from trainingwheels.engine.softmax import softmax

__all__ = ["CLASSES", "DRAWN", "NETS", "Integral", "MaskedNet", "integral"]

Floats = NDArray[np.float64]
CLASSES, DRAWN = 3, 4096

NETS = Table(
    "net",
    (
        Option("linear", "linear net, two layers"),
        Option("softmax", "softmax regression"),
        Option("deep", "deep net: ReLU, softmax"),
    ),
)


@dataclass(frozen=True)
class MaskedNet:
    """A net on one input, as a function of its mask, with inverted dropout at ``keep``.

    ``h`` is the first layer with units to drop. "linear" and "deep" have a second one, ``W2`` h, of the mask's last
    units; ``W`` makes scores of the last layer, and all but "linear" make probabilities of them.
    """

    kind: str
    h: Floats
    W2: Floats | None
    W: Floats
    keep: float

    @property
    def units(self) -> int:
        return len(self.h) + (0 if self.W2 is None else len(self.W2))

    def __call__(self, masks: Floats) -> Floats:
        """Outputs (..., CLASSES) under masks (..., units)."""
        return self._outputs(masks / self.keep)

    def logs(self, masks: Floats) -> Floats:
        """The logarithms of the outputs, where these are probabilities, however small."""
        scores = self._scores(masks / self.keep)
        above = scores - scores.max(axis=-1, keepdims=True)
        logs: Floats = above - np.log(np.exp(above).sum(axis=-1, keepdims=True))
        return logs

    def moments(self, masks: Floats) -> Floats:
        """Outputs, their squares and their logarithms (0 for those of a linear net), (..., 3 CLASSES), in one pass."""
        if self.kind == "linear":
            outputs = self(masks)
            return np.concatenate([outputs, outputs**2, np.zeros_like(outputs)], axis=-1)
        logs = self.logs(masks)
        outputs = np.exp(logs)
        return np.concatenate([outputs, outputs**2, logs], axis=-1)

    def scaled(self) -> Floats:
        """The single pass of test time: all units, none scaled."""
        return self._outputs(np.ones(self.units))

    def _outputs(self, factors: Floats) -> Floats:
        scores = self._scores(factors)
        return scores if self.kind == "linear" else softmax(scores)

    def _scores(self, factors: Floats) -> Floats:
        first = len(self.h)
        h = self.h * factors[..., :first]
        if self.W2 is not None:
            a = h @ self.W2.T
            h = (a if self.kind == "linear" else np.maximum(0, a)) * factors[..., first:]
        scores: Floats = h @ self.W.T
        return scores


def masked_net(kind: str, units: int, keep: float, size: float, seed: int) -> MaskedNet:
    """A random net: weights from N(0, size^2 / fan-in), |N(0, 1)| in its first layer, none of it read at a ``keep``."""
    first = units if kind == "softmax" else (units + 1) // 2
    second = units - first
    h = np.abs(generator(seed, 0, Role.INPUT).standard_normal(first))
    W2 = generator(seed, 1, Role.WEIGHTS).standard_normal((second, first)) * size / np.sqrt(first)
    last = second or first
    W = generator(seed, 2, Role.WEIGHTS).standard_normal((CLASSES, last)) * size / np.sqrt(last)
    return MaskedNet(kind, h, W2 if second else None, W, keep)


@dataclass(frozen=True)
class Integral:
    """The means of a net's outputs over its masks, (CLASSES,) each; ``geometric`` is None for outputs that are no
    probabilities. ``drawn`` and ``drawn_geometric`` are the means over the first ``counts`` masks drawn, (counts,
    CLASSES); ``spread`` is the standard deviation of the outputs over all masks."""

    net: MaskedNet
    scaled: Floats
    arithmetic: Floats
    geometric: Floats | None
    counts: NDArray[np.intp]
    drawn: Floats
    drawn_geometric: Floats | None
    spread: Floats

    @property
    def masks(self) -> int:
        return int(2**self.net.units)

    @property
    def shown(self) -> int:
        """The class with the highest output of the scaled pass."""
        return int(self.scaled.argmax())


@lru_cache(maxsize=16)
def integral(kind: str, units: int, keep: float, size: float, seed: int) -> Integral:
    """Of a random net with so many units to drop; ``size`` is that of its weights."""
    net = masked_net(kind, units, keep, size, seed)
    means = average_over_masks(net.moments, units, keep)
    arithmetic, squares, logs = np.split(means, 3)
    geometric = None if kind == "linear" else softmax(logs)
    masks = (generator(seed, 0, Role.DROPOUT).random((DRAWN, units)) < keep).astype(np.float64)
    counts = np.unique(np.geomspace(1, DRAWN, 80).round().astype(np.intp))
    return Integral(
        net=net,
        scaled=net.scaled(),
        arithmetic=arithmetic,
        geometric=geometric,
        counts=counts,
        drawn=_running(net(masks))[counts - 1],
        drawn_geometric=None if kind == "linear" else softmax(_running(net.logs(masks))[counts - 1]),
        spread=np.sqrt(np.maximum(squares - arithmetic**2, 0)),
    )


def _running(values: Floats) -> Floats:
    """The mean of the first 1, 2, 3, ... values."""
    means: Floats = np.cumsum(values, axis=0) / np.arange(1, len(values) + 1)[:, None]
    return means
