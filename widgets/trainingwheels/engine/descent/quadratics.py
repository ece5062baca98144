"""Momentum on a quadratic loss: each principal direction on its own, and the rate at which the slowest shrinks.

A learning rate is given times the largest curvature, so that curvatures are 1 and less.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.settings import Option, Table

__all__ = ["ACCELERATIONS", "Quadratic", "highest_lr", "rate_of_best_momentum", "rate_of_best_sgd", "rates"]

Floats = NDArray[Any]
DIRECTIONS = 5

ACCELERATIONS = Table("method", (Option("momentum", "momentum"), Option("nesterov", "Nesterov momentum")))


def rates(method: str, lr: ArrayLike, momentum: ArrayLike, curvature: ArrayLike) -> Floats:
    """By what a step multiplies the distance in the long run, for arrays that go together; from 1 on, nothing shrinks.

    It is the larger of both eigenvalues of the step, the roots of z^2 - b z + c (Polyak, 1964): with momentum
    b = 1 + momentum - lr curvature and c = momentum, with Nesterov's b = (1 + momentum) (1 - lr curvature) and
    c = momentum (1 - lr curvature).
    """
    a, m, h = (np.asarray(each, np.float64) for each in (lr, momentum, curvature))
    b, c = ((1 + m) * (1 - a * h), m * (1 - a * h)) if method == "nesterov" else (1 + m - a * h, m + 0 * a * h)
    inside = b**2 - 4 * c
    real = (np.abs(b) + np.sqrt(inside.clip(0))) / 2
    return np.asarray(np.where(inside >= 0, real, np.sqrt(np.abs(c))))


def highest_lr(method: str, momentum: ArrayLike) -> Floats:
    """The learning rate, times the largest curvature, from which on nothing converges, for each ``momentum``."""
    m = np.asarray(momentum, np.float64)
    return np.asarray(2 * (1 + m) / (1 + 2 * m) if method == "nesterov" else 2 * (1 + m))


def rate_of_best_sgd(condition: float) -> float:
    """(kappa - 1) / (kappa + 1), at lr = 2 / (1 + 1 / kappa)."""
    return (condition - 1) / (condition + 1)


def rate_of_best_momentum(condition: float) -> float:
    """(sqrt kappa - 1) / (sqrt kappa + 1), at lr = (2 / (1 + 1 / sqrt kappa))^2 and the square of this as momentum."""
    return rate_of_best_sgd(math.sqrt(condition))


@dataclass(frozen=True)
class Quadratic:
    """A loss whose largest curvature is ``condition`` times its smallest, and the step that is taken on it."""

    condition: float
    method: str
    lr: float
    momentum: float

    @property
    def curvatures(self) -> Floats:
        """Of the principal directions, (directions,), from 1 down; evenly spaced in their logarithm."""
        return np.geomspace(1.0, 1 / self.condition, DIRECTIONS)

    @property
    def rates(self) -> Floats:
        """Of each direction."""
        return rates(self.method, self.lr, self.momentum, self.curvatures)

    def distances(self, steps: int) -> Floats:
        """How far from the lowest point each direction is, (steps + 1, directions), from 1 and at rest."""
        e, v, found = np.ones(DIRECTIONS), np.zeros(DIRECTIONS), [np.ones(DIRECTIONS)]
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(steps):
                g = self.curvatures * e
                v = self.momentum * v + g
                e = e - self.lr * (g + self.momentum * v if self.method == "nesterov" else v)
                found.append(e)
        return np.nan_to_num(np.array(found), nan=np.inf)

    @property
    def best_sgd(self) -> tuple[float, float]:
        """The learning rate and momentum, 0, of the quickest plain gradient descent."""
        return 2 / (1 + 1 / self.condition), 0.0

    @property
    def best_momentum(self) -> tuple[float, float]:
        """Learning rate and momentum of the quickest heavy ball (Polyak, 1964)."""
        return (2 / (1 + 1 / math.sqrt(self.condition))) ** 2, rate_of_best_momentum(self.condition) ** 2
