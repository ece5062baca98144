"""A layer's product with W as the lecture writes it: draw W, then x.dot(W). The reference for the matrix-free one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.initializers import Initializer
from trainingwheels.engine.signals.noise import Role, generator

__all__ = ["DenseProduct", "Gradient", "Weights"]


@dataclass(frozen=True)
class Weights:
    """Which W a layer has: everything that decides it.

    W has shape (fan_in, pieces * fan_out): one block of columns for each of the activation's ``pieces``.
    """

    initializer: Initializer
    fan_in: int
    fan_out: int
    pieces: int
    chosen: float | None  # the std the user asks for, where the initializer needs one
    seed: int
    layer: int

    @property
    def std(self) -> float:
        """The standard deviation of one weight (the weight itself, if constant)."""
        return self.initializer.std(self.fan_in, self.fan_out, self.chosen)

    def draw(self) -> NDArray[np.float32]:
        """W itself, the same at every call."""
        blocks = [
            self.initializer.draw(
                generator(self.seed, self.layer, Role.WEIGHTS, piece), self.fan_in, self.fan_out, self.chosen
            )
            for piece in range(self.pieces)
        ]
        return blocks[0] if self.pieces == 1 else np.concatenate(blocks, axis=1)


@dataclass(frozen=True)
class Gradient:
    """What flows back through y = x W: the RMS of the entries of dL/dW, and dL/dx, computed when called for."""

    weight_rms: float
    dx: Callable[[], NDArray[np.float32]]


class DenseProduct:
    """y = x W and its gradients, with W drawn when needed and then forgotten: one layer's W in memory at a time."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    def forward(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """y, ndarray of shape (batch, pieces * fan_out), for x of shape (batch, fan_in)."""
        self._x = x
        return x @ self.weights.draw()

    def backward(self, dy: NDArray[np.float32]) -> Gradient:
        """dW = x^T dy and dx = dy W^T, from dL/dy of y's shape."""
        return Gradient(_product_rms(self._x, dy), lambda: dy @ self.weights.draw().T)


def _product_rms(x: NDArray[np.float32], dy: NDArray[np.float32]) -> float:
    """The root mean square of the entries of dW = x^T dy."""
    largest_x, largest_dy = float(np.abs(x).max()), float(np.abs(dy).max())
    if largest_x == 0 or largest_dy == 0:
        return 0.0
    dW = (x / np.float32(largest_x)).T @ (dy / np.float32(largest_dy))  # at most batch: its squares cannot overflow
    return largest_x * largest_dy * float(np.linalg.norm(dW)) / math.sqrt(dW.size)
