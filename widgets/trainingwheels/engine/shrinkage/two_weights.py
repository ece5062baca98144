"""Two weights and a penalty: the exact solution, its path over lambda, and the conditions that say it is one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.geometry.clouds import rotation
from trainingwheels.engine.penalties import BETA, PENALTIES, soft_threshold

__all__ = ["Bowl", "Solution", "ball"]

Floats = NDArray[np.floating[Any]]
_SIGNS = sorted(product((-1, 0, 1), repeat=2), key=lambda signs: signs.count(0), reverse=True)  # of equals the sparsest


@dataclass(frozen=True)
class Bowl:
    """The data loss 1/2 (w - optimum)^T H (w - optimum) of two weights.

    Its contours are ellipses, ``stretch`` times as long as wide, their long axis at ``angle`` degrees; across it the
    curvature is 1.
    """

    optimum: tuple[float, float]
    stretch: float = 1.0
    angle: float = 0.0

    @cached_property
    def curvature(self) -> Floats:
        """H, the second derivatives, (2, 2)."""
        turn = rotation(self.angle)
        curvature: Floats = turn @ np.diag([self.stretch**-2, 1.0]) @ turn.T
        return curvature

    def loss(self, w: Floats) -> Floats:
        """The data loss at w (..., 2)."""
        off = np.asarray(w) - self.optimum
        loss: Floats = 0.5 * np.einsum("...i,ij,...j->...", off, self.curvature, off)
        return loss

    def contour(self, level: float, points: int = 120) -> Floats:
        """Where the data loss is ``level``, (points, 2)."""
        t = np.linspace(0, 2 * np.pi, points)
        circle = np.sqrt(2 * level) * np.stack([self.stretch * np.cos(t), np.sin(t)])
        found: Floats = (rotation(self.angle) @ circle).T + self.optimum
        return found

    def path(self, penalty: str, lams: Floats, beta: float = BETA) -> Floats:
        """argmin of data loss + lambda R for each of ``lams`` (n,), as (n, 2).

        For each pattern of signs and zeros the minimum solves linear equations; the solution is the lowest of those
        whose signs are the pattern's. Weights that are 0 in it are exactly 0.
        """
        squares, absolutes = PENALTIES[penalty].parts(beta)
        lams = np.asarray(lams, float)
        pull = self.curvature @ self.optimum
        found, lowest = np.zeros((len(lams), 2)), np.full(len(lams), np.inf)
        for signs in _SIGNS:
            used = np.flatnonzero(signs)
            w = np.zeros((len(lams), 2))
            if len(used):
                A = self.curvature[np.ix_(used, used)] + 2 * squares * lams[:, None, None] * np.eye(len(used))
                b = pull[used] - absolutes * lams[:, None] * np.array(signs)[used]
                w[:, used] = np.linalg.solve(A, b[..., None])[..., 0]
            full = self.loss(w) + lams * (squares * np.square(w).sum(1) + absolutes * np.abs(w).sum(1))
            better = (w * signs >= 0).all(axis=1) & (full < lowest)
            found[better], lowest[better] = w[better], full[better]
        return found

    def solve(self, penalty: str, lam: float, beta: float = BETA) -> Solution:
        """The minimum of data loss + lambda R."""
        return Solution(self, penalty, lam, beta, self.path(penalty, np.array([lam]), beta)[0])


@dataclass(frozen=True)
class Solution:
    """Weights ``w`` (2,) that are best for a bowl with lambda R, and why."""

    bowl: Bowl
    penalty: str
    lam: float
    beta: float
    w: Floats

    @property
    def threshold(self) -> float:
        """How strongly the data must pull a weight off 0: lambda where R has |W|, else 0."""
        return self.lam * PENALTIES[self.penalty].parts(self.beta)[1]

    @property
    def pulls(self) -> Floats:
        """-d(data loss)/dw_i at w_i = 0, the other weight being at its solution, (2,)."""
        H, off = self.bowl.curvature, self.w - self.bowl.optimum
        pulls: Floats = -H @ off + np.diag(H) * self.w
        return pulls

    @property
    def on_axis(self) -> NDArray[np.bool_]:
        """Which weights the optimality conditions put at 0: those whose pull is no stronger than the threshold."""
        return np.abs(self.pulls) <= self.threshold

    def response(self, weight: int, pulls: Floats) -> Floats:
        """What the best w_i is for each of ``pulls``: soft threshold, then shrinkage."""
        squares, _ = PENALTIES[self.penalty].parts(self.beta)
        steep = self.bowl.curvature[weight, weight] + 2 * self.lam * squares
        found: Floats = soft_threshold(pulls, self.threshold) / steep
        return found


def ball(penalty: str, value: float, beta: float = BETA, points: int = 241) -> Floats:
    """Where R(w) is ``value``, (points, 2)."""
    squares, absolutes = PENALTIES[penalty].parts(beta)
    t = np.linspace(0, 2 * np.pi, points)
    u = np.stack([np.cos(t), np.sin(t)], axis=1)
    linear = absolutes * np.abs(u).sum(axis=1)
    root = np.sqrt(linear**2 + 4 * squares * value)
    radius = 2 * value / np.maximum(linear + root, 1e-300)  # of squares r^2 + linear r = value, without cancellation
    found: Floats = u * radius[:, None]
    return found
