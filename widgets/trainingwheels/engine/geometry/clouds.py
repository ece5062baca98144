"""A cloud of points in the plane, and what each step of preprocessing makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.preprocessing import PREPROCESSING, Fitted
from trainingwheels.engine.settings import Table

__all__ = ["STEPS", "Cloud", "Moments", "Step", "StepTaken", "cloud_steps", "rotation"]

Floats = NDArray[Any]


@dataclass(frozen=True)
class Step:
    """One picture of the lecture's slide: ``preprocessing`` names the entry of ``PREPROCESSING`` that leads to it."""

    name: str
    label: str
    preprocessing: str
    formula: str


STEPS: Table[Step] = Table(
    "step",
    (
        Step("original", "original", "none", "X"),
        Step("centred", "zero-centred", "centre", "X − mean"),
        Step("normalized", "normalized", "normalize", "(X − mean) / std"),
        Step("decorrelated", "decorrelated", "pca", "(X − mean) U"),
        Step("whitened", "whitened", "whiten", "(X − mean) U / √λ"),
    ),
)


def rotation(angle: float) -> Floats:
    """The matrix (2, 2) that turns column vectors by ``angle`` degrees, counterclockwise."""
    c, s = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    return np.array([[c, -s], [s, c]])


@dataclass(frozen=True)
class Cloud:
    """``points`` Gaussian points: spread by ``stds`` along two axes, turned by ``angle`` degrees, moved by ``shift``.

    With equal ``seed`` the points are the same draws, so that they move with the settings. With ``exact``, the points
    have this mean and covariance to the last digit, instead of on average.
    """

    stds: tuple[float, float] = (2.5, 0.7)
    angle: float = 35.0
    shift: tuple[float, float] = (4.0, 3.0)
    points: int = 300
    seed: int = 0
    exact: bool = False

    def sources(self) -> Floats:
        """The independent coordinates that the cloud is made of, (points, 2): mean 0, std 1."""
        z = np.random.default_rng(self.seed).normal(size=(self.points, 2))
        if self.exact:
            z -= z.mean(axis=0)
            z = z @ np.linalg.inv(np.linalg.cholesky(np.cov(z.T, bias=True))).T
        return z

    def draw(self) -> Floats:
        """The points, float64 of shape (points, 2)."""
        return (self.sources() * self.stds) @ rotation(self.angle).T + self.shift


@dataclass(frozen=True)
class Moments:
    """Mean (2,) and covariance (2, 2) of points in the plane, dividing by their number."""

    mean: Floats
    covariance: Floats

    @classmethod
    def of(cls, X: Floats) -> Moments:
        X = np.asarray(X, np.float64)
        mean = X.mean(axis=0)
        return cls(mean, (X - mean).T @ (X - mean) / len(X))

    @property
    def correlation(self) -> float:
        """From -1 to 1; 0 where one of the two does not vary."""
        product = float(np.sqrt(self.covariance[0, 0] * self.covariance[1, 1]))
        return float(self.covariance[0, 1]) / product if product > 1e-12 else 0.0

    def principal(self) -> tuple[Floats, Floats]:
        """The stds along the principal axes, largest first, and the axes as columns."""
        variances, axes = np.linalg.eigh(self.covariance)
        return np.sqrt(variances[::-1].clip(0)), axes[:, ::-1]

    @property
    def condition(self) -> float:
        """Largest variance over smallest, along the principal axes; infinite on a line."""
        large, small = self.principal()[0]
        return float((large / small) ** 2) if small > 1e-6 * large else np.inf

    def ellipse(self, stds: float = 2.0, points: int = 73) -> Floats:
        """The outline, (points, 2), where the distance from the mean is ``stds`` standard deviations."""
        spread, axes = self.principal()
        turn = np.linspace(0, 2 * np.pi, points)
        return self.mean + stds * (np.column_stack([np.cos(turn), np.sin(turn)]) * spread) @ axes.T


@dataclass(frozen=True)
class StepTaken:
    """The points after one step, their moments, and by how much the way back misses, relative to their size."""

    step: Step
    fitted: Fitted
    points: Floats
    moments: Moments
    miss: float


def cloud_steps(X: Floats) -> Sequence[StepTaken]:
    """The lecture's five pictures of the points ``X`` (n, 2): each step from the original on, and the way back.

    Raises :class:`InvalidSetting` for NaN and infinite values.
    """
    X = np.asarray(X, np.float32)
    return [_taken(step, X) for step in STEPS.values()]


def _taken(step: Step, X: Floats) -> StepTaken:
    fitted = PREPROCESSING[step.preprocessing].fit(X)
    points = fitted(X)
    miss = float(np.abs(fitted.inverse(points) - X).max() / max(float(np.abs(X).max()), 1e-12))
    return StepTaken(step, fitted, points, Moments.of(points), miss)
