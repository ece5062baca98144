"""Gradient descent on the bowl that least squares makes of data: how many steps its shape costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.geometry.clouds import STEPS, Cloud
from trainingwheels.engine.preprocessing import PREPROCESSING

__all__ = ["GOAL", "Bowl", "bowls", "steps_in_theory"]

Floats = NDArray[Any]
GOAL = 1e-3  # of the loss at the start: there a descent counts as done
MOST_STEPS = 10**7


@dataclass(frozen=True)
class Bowl:
    """L(w) = (w - best)^T H (w - best) / 2, the loss of least squares with noise-free targets.

    ``H`` (p, p) is the mean of x x^T over the examples, ``best`` (p,) has loss 0. The start is w = 0.
    """

    H: Floats
    best: Floats

    @classmethod
    def of(cls, X: Floats, y: Floats) -> Bowl:
        """The bowl of y = w x + b; the last parameter is b."""
        A = np.column_stack([X, np.ones(len(X))])
        H = A.T @ A / len(A)
        return cls(H, np.linalg.lstsq(A, y, rcond=None)[0])

    def loss(self, w: Floats) -> Floats:
        """L at points (..., p)."""
        e = w - self.best
        return np.asarray(np.einsum("...i,ij,...j->...", e, self.H, e) / 2)

    def gradient(self, w: Floats) -> Floats:
        """dL/dw at points (..., p)."""
        return np.asarray((w - self.best) @ self.H)

    def principal(self) -> tuple[Floats, Floats]:
        """The curvatures, largest first, and their directions as columns."""
        curvatures, axes = np.linalg.eigh(self.H)
        return curvatures[::-1], axes[:, ::-1]

    @property
    def condition(self) -> float:
        """Largest curvature over smallest; infinite where the bowl has a flat direction."""
        curvatures, _ = self.principal()
        return float(curvatures[0] / curvatures[-1]) if curvatures[-1] > 1e-12 * curvatures[0] else math.inf

    def descend(self, rate: float, steps: Floats) -> Floats:
        """Where plain gradient descent from 0 is after ``steps`` (n,) steps: (n, p), without taking them one by one.

        ``rate`` is the learning rate times the largest curvature: from 2 on, it diverges. Along each principal
        direction a step multiplies the distance to the best point by 1 - lr * curvature.
        """
        factors, axes, start = self._factors(rate)
        return np.asarray(self.best + (factors ** np.asarray(steps)[:, None] * start) @ axes.T)

    def losses(self, rate: float, steps: Floats) -> Floats:
        """The loss after ``steps`` (n,) steps, as a share of that at the start."""
        factors, _, start = self._factors(rate)
        parts = self.principal()[0] * start**2
        with np.errstate(over="ignore"):
            return np.asarray((factors ** (2 * np.asarray(steps, np.float64)[:, None])) @ (parts / parts.sum()))

    def steps(self, rate: float, goal: float = GOAL) -> int | None:
        """After how many steps the loss is ``goal`` of that at the start; None if that takes more than ten million."""
        if rate >= 2 or self.losses(rate, np.array([MOST_STEPS]))[0] > goal:
            return None
        low, high = 0, 1
        while self.losses(rate, np.array([high]))[0] > goal:  # the loss falls with every step, so halving finds it
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.losses(rate, np.array([middle]))[0] > goal else (low, middle)
        return high

    def _factors(self, rate: float) -> tuple[Floats, Floats, Floats]:
        """By what a step multiplies the distance along each principal direction, the directions, the distances."""
        curvatures, axes = self.principal()
        return 1 - rate * curvatures / curvatures[0], axes, -(axes.T @ self.best)


def bowls(condition: float, angle: float, shift: tuple[float, float], points: int = 200) -> dict[str, Bowl]:
    """The same regression on a cloud, after each of the lecture's steps: name of the step to its bowl.

    The cloud has variances ``condition`` and 1 along its axes. The target is the sum of its two independent sources:
    in the zero-centred bowl both axes have half of the loss at the start.
    """
    cloud = Cloud((math.sqrt(condition), 1.0), angle, shift, points, exact=True)
    X, y = cloud.draw(), cloud.sources().sum(axis=1)
    found = {}
    for step in STEPS.values():
        fitted = PREPROCESSING[step.preprocessing].fit(X.astype(np.float32))
        found[step.name] = Bowl.of(np.asarray(fitted(X), np.float64), y)
    return found


def steps_in_theory(condition: Floats, rate: float, goal: float = GOAL) -> Floats:
    """Steps of gradient descent for each ``condition`` number, when both axes have half of the loss:
    (1 - rate / condition)^(2 t) = 2 goal.

    For a large condition number that is condition * log(1 / (2 goal)) / (2 rate): proportional to it.
    """
    slow = np.abs(1 - rate / np.asarray(condition, np.float64)).clip(1e-12)
    fast = max(abs(1 - rate), 1e-12)
    worst = np.maximum(slow, fast)  # with a rate near 2 the steep axis is the slow one
    both = np.where(np.isclose(slow, fast), 2.0, 1.0)
    return np.asarray(np.log(2 * goal / both) / (2 * np.log(worst)))
