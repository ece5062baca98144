"""Units in a row, each fed by the one before: what is left of the gradient at the other end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.activations import Activation

__all__ = ["Chain", "chain"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Chain:
    """What ``n`` units make of inputs x.

    ``values`` are a_0 = x, a_1, ..., a_n, ndarray of shape (n + 1, inputs); ``gradients`` are da_i/dx, the same shape,
    1 at first: by the chain rule, the product of all local slopes w f'(z) so far.
    """

    values: Floats
    gradients: Floats


def chain(activation: Activation, x: Floats, n: int, w: float = 1.0, b: float = 0.0) -> Chain:
    """Send inputs ``x``, ndarray of shape (inputs,), through ``n`` units a_i = f(w a_(i-1) + b).

    Values beyond float64 become infinite, without a warning. ``activation`` must have one piece.
    """
    values, gradients = np.empty((n + 1, len(x))), np.empty((n + 1, len(x)))
    values[0], gradients[0] = x, 1.0
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for i in range(n):
            z = w * values[i] + b
            values[i + 1] = activation.value(z)
            gradients[i + 1] = gradients[i] * w * activation.derivative(z)
    return Chain(values, gradients)
