"""One unit with two weights, trained on one example after the other: the signs of its inputs decide on its way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.activations import Activation
from trainingwheels.engine.signals.gaussian_inputs import outputs
from trainingwheels.engine.signals.noise import Role, normals

__all__ = ["WANTED", "TwoWeights", "follow", "two_weights"]

Floats = NDArray[np.float64]
WANTED = np.array([1.0, -1.0])  # the weights that make no error: of mixed signs


@dataclass(frozen=True)
class TwoWeights:
    """A unit on its way to WANTED.

    ``inputs``: ndarray of shape (steps, 2), the example of each step. ``path``: (steps + 1, 2), the weights, at first
    zero; infinite or NaN where they have diverged. ``moments``: E x x^T, (2, 2), so that the expected loss is
    (w - WANTED)^T moments (w - WANTED) / 2.
    """

    inputs: Floats
    path: Floats
    moments: Floats


def two_weights(
    activation: Activation, steps: int, rate: float, mean: float, std: float, seed: int, centred: bool = False
) -> TwoWeights:
    """Train on inputs f(z), z ~ N(mean, std^2), less their mean if they are to be ``centred``.

    Equal seeds have equal z. ``activation`` must have one piece.
    """
    z = mean + std * normals(seed, 0, Role.DATA, 2, steps).T.astype(np.float64)
    made = outputs(activation, mean, std)
    shift = made.mean if centred else 0.0
    inputs = activation.value(z) - shift
    moments = (made.mean - shift) ** 2 + made.std**2 * np.eye(2)
    return TwoWeights(inputs, follow(inputs, rate), moments)


def follow(inputs: Floats, rate: float) -> Floats:
    """The weights after each step of gradient descent on (w x - WANTED x)^2 / 2, (steps + 1, 2)."""
    path = np.zeros((len(inputs) + 1, 2))
    with np.errstate(over="ignore", invalid="ignore"):
        for step, x in enumerate(inputs):
            error = path[step] @ x - WANTED @ x  # = dL/dz
            path[step + 1] = path[step] - rate * error * x  # dL/dw_i = x_i dL/dz
    return path
