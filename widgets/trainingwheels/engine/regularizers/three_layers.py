"""The lecture's net of three layers with dropout after both hidden ones, small enough to be drawn, and its training.

Examples are columns, as in the lecture's code.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.regularizers.dropout import KINDS
from trainingwheels.engine.regularizers.masks import average_over_masks
from trainingwheels.engine.signals.noise import Role, generator

__all__ = [
    "DROPPED",
    "EXAMPLES",
    "MOST_STEPS",
    "RATE",
    "WIDTHS",
    "Pass",
    "ThreeLayers",
    "drawn_mask",
    "examples",
    "trained",
]

Floats = NDArray[np.float64]

WIDTHS = (3, 6, 6, 2)  # inputs, units of both hidden layers, scores
DROPPED = WIDTHS[1] + WIDTHS[2]  # units that a mask is for
EXAMPLES, RATE, MOST_STEPS = 32, 0.3, 300


class Pass(NamedTuple):
    """A forward pass: what both hidden layers hand on, masked or scaled, and the scores."""

    H1: Floats
    H2: Floats
    out: Floats


class ThreeLayers(NamedTuple):
    """Weights and biases; ``linear`` leaves the ReLUs out."""

    W1: Floats
    b1: Floats
    W2: Floats
    b2: Floats
    W3: Floats
    b3: Floats
    linear: bool = False

    def train_pass(self, X: Floats, U1: Any, U2: Any) -> Pass:
        """With masks of H1's and H2's shapes, or numbers."""
        H1 = self.bent(self.W1 @ X + self.b1) * U1
        H2 = self.bent(self.W2 @ H1 + self.b2) * U2
        return Pass(H1, H2, self.W3 @ H2 + self.b3)

    def predict(self, X: Floats, kind: str, keep: float) -> Pass:
        """At test time: all units, scaled as this kind wants it."""
        scale = KINDS[kind].at_test_time(keep)
        return self.train_pass(X, scale, scale)

    def expected(self, x: Floats, kind: str, keep: float) -> Pass:
        """The mean of ``train_pass`` of one example, (inputs, 1), over all 2^DROPPED masks."""
        scale = KINDS[kind].in_training(keep)

        def masked(masks: Floats) -> Floats:
            U = np.atleast_2d(masks).T * scale
            parts = self.train_pass(x, U[: WIDTHS[1]], U[WIDTHS[1] :])
            return np.concatenate(parts).T.reshape(*masks.shape[:-1], -1)

        mean = average_over_masks(masked, DROPPED, keep)[:, None]
        H1, H2, out = np.split(mean, np.cumsum(WIDTHS[1:3]))
        return Pass(H1, H2, out)

    def bent(self, a: Floats) -> Floats:
        return a if self.linear else np.maximum(0, a)

    def slope(self, H: Floats) -> Any:
        return 1.0 if self.linear else H > 0


def examples(seed: int) -> tuple[Floats, NDArray[np.int64]]:
    """What the net learns: X (inputs, EXAMPLES), and whether the first two inputs have one sign; the third is noise."""
    X = generator(seed, 0, Role.DATA).standard_normal((WIDTHS[0], EXAMPLES))
    return X, (X[0] * X[1] > 0).astype(np.int64)


def drawn_mask(seed: int, step: int, keep: float, draw: int = 0) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which units of both layers stay for each example in this step, (units, EXAMPLES) each; ``draw`` counts others."""
    kept = generator(seed, step, Role.DROPOUT, draw).random((DROPPED, EXAMPLES)) < keep
    return kept[: WIDTHS[1]], kept[WIDTHS[1] :]


@lru_cache(maxsize=8)
def trained(seed: int, keep: float, linear: bool) -> tuple[ThreeLayers, ...]:
    """The net before training and after each of MOST_STEPS steps of gradient descent with inverted dropout."""
    W1, W2, W3 = (
        generator(seed, layer, Role.WEIGHTS).standard_normal((WIDTHS[layer], WIDTHS[layer - 1]))
        * np.sqrt(2 / WIDTHS[layer - 1])
        for layer in (1, 2, 3)
    )
    b1, b2, b3 = (np.zeros((units, 1)) for units in WIDTHS[1:])
    net = ThreeLayers(W1, b1, W2, b2, W3, b3, linear)
    X, y = examples(seed)
    nets = [net]
    for step in range(MOST_STEPS):
        U1, U2 = (kept / keep for kept in drawn_mask(seed, step, keep))
        net = _descend(net, X, y, U1, U2)
        nets.append(net)
    return tuple(nets)


def _descend(net: ThreeLayers, X: Floats, y: NDArray[np.int64], U1: Floats, U2: Floats) -> ThreeLayers:
    """One step down the mean softmax loss of all examples, its gradient clipped to length 1."""
    H1, H2, out = net.train_pass(X, U1, U2)
    P = np.exp(out - out.max(axis=0))
    P /= P.sum(axis=0)
    d3 = (P - (y == np.arange(WIDTHS[-1])[:, None])) / len(y)
    d2 = net.W3.T @ d3 * U2 * net.slope(H2)  # a unit that was dropped is 0, and learns nothing
    d1 = net.W2.T @ d2 * U1 * net.slope(H1)
    slopes = [part for d, H in ((d1, X), (d2, H1), (d3, H2)) for part in (d @ H.T, d.sum(axis=1, keepdims=True))]
    length = np.sqrt(sum((slope**2).sum() for slope in slopes))
    rate = RATE / max(1.0, length)  # clipped: where keep is small, what stays is as large as its gradient
    W1, b1, W2, b2, W3, b3 = (value - rate * slope for value, slope in zip(net[:6], slopes, strict=True))
    return ThreeLayers(W1, b1, W2, b2, W3, b3, net.linear)
