"""What is done to the inputs before training. Every statistic comes from the training set alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import InvalidSetting, Table

__all__ = ["PREPROCESSING", "SMALLEST", "Fitted", "Preprocessing", "constant_features"]

Floats = NDArray[np.float32]
SMALLEST = 1e-5  # added to variances: a pixel that never changes stays finite


@dataclass(frozen=True)
class Fitted:
    """What preprocessing has learned from a training set: y = (x - mean) U / scale, for any inputs x.

    Parameters
    ----------
    mean : ndarray of shape (features,), optional
        Subtracted; None subtracts nothing.
    axes : ndarray of shape (features, features), optional
        U, the principal axes as columns, the one with the largest variance first; None turns nothing.
    scale : ndarray of shape (features,), optional
        What each feature is divided by; None divides by nothing.
    """

    mean: Floats | None = None
    axes: Floats | None = None
    scale: Floats | None = None

    def __call__(self, x: Floats) -> Floats:
        """y for inputs x of shape (n, features)."""
        y = x if self.mean is None else x - self.mean
        y = y if self.axes is None else np.matmul(y, self.axes)
        return y if self.scale is None else y / self.scale

    def backward(self, dy: Floats) -> Floats:
        """dL/dx from dL/dy, both of shape (n, features): what a saliency map or an attack needs."""
        dx = dy if self.scale is None else dy / self.scale
        return dx if self.axes is None else np.matmul(dx, self.axes.T)

    def inverse(self, y: Floats) -> Floats:
        """The inputs x of which y was made: each step can be taken back, up to rounding."""
        x = y if self.scale is None else y * self.scale
        x = x if self.axes is None else np.matmul(x, self.axes.T)
        return x if self.mean is None else x + self.mean


@dataclass(frozen=True)
class Preprocessing:
    """One way to prepare data.

    ``learn(X, channels)`` takes the training inputs, ndarray of shape (examples, features), with the features in
    ``channels`` equal runs, and returns what it has learned. ``code`` is NumPy on ``X_train`` and ``X_val``. What
    ``turns`` makes components of pixels, which have no place beside each other.
    """

    name: str
    label: str
    learn: Callable[[Floats, int], Fitted]
    code: str
    source: str = "the lecture, data preprocessing"
    turns: bool = False

    def fit(self, X: Floats, channels: int = 1) -> Fitted:
        """The transform for any inputs, learned from the training inputs ``X`` alone.

        Raises :class:`InvalidSetting` when there is no example, or a value is NaN or infinite.
        """
        if not len(X):
            raise InvalidSetting("X has 0 examples: statistics need at least 1.")
        if not np.isfinite(X).all():
            row, column = np.argwhere(~np.isfinite(X))[0]
            raise InvalidSetting(
                f"X[{row}, {column}] = {X[row, column]} is not a finite number: fill it in, or remove the example."
            )
        return self.learn(X, channels)


def constant_features(X: Floats) -> int:
    """How many features of X (n, features) have one value in all examples: dividing by their std would be 0 / 0."""
    return int((X.max(axis=0) == X.min(axis=0)).sum())


def _none(X: Floats, channels: int) -> Fitted:
    return Fitted()


def _centre(X: Floats, channels: int) -> Fitted:
    return Fitted(X.mean(axis=0))


def _centre_channels(X: Floats, channels: int) -> Fitted:
    return Fitted(X.reshape(len(X), channels, -1).mean(axis=(0, 2)).repeat(X.shape[1] // channels))


def _normalize(X: Floats, channels: int) -> Fitted:
    return Fitted(X.mean(axis=0), scale=np.sqrt(X.var(axis=0) + np.float32(SMALLEST)))


def _axes(X: Floats) -> tuple[Floats, Floats, Floats]:
    """The mean, the principal axes as columns, largest first, and the variance along each."""
    mean = X.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov((X - mean).T.astype(np.float64), bias=True).reshape(X.shape[1], -1))
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(len(axes))])  # eigh leaves the signs open
    return mean, axes[:, ::-1].astype(np.float32), variances[::-1].clip(0).astype(np.float32)


def _decorrelate(X: Floats, channels: int) -> Fitted:
    mean, axes, _ = _axes(X)
    return Fitted(mean, axes)


def _whiten(X: Floats, channels: int) -> Fitted:
    mean, axes, variances = _axes(X)
    return Fitted(mean, axes, np.sqrt(variances + np.float32(SMALLEST)))


CENTRE = "mean = X_train.mean(axis=0)\nX_train, X_val = X_train - mean, X_val - mean"
AXES = f"""{CENTRE}
variances, axes = np.linalg.eigh(np.cov(X_train.T.astype(np.float64), bias=True))
axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(len(axes))])
variances, axes = variances[::-1].clip(0).astype(np.float32), axes[:, ::-1].astype(np.float32)
X_train, X_val = X_train @ axes, X_val @ axes"""

PREPROCESSING: Table[Preprocessing] = Table(
    "preprocessing",
    (
        Preprocessing("none", "none", _none, ""),
        Preprocessing("centre", "subtract the mean of each feature", _centre, CENTRE),
        Preprocessing(
            "centre_channels",
            "subtract the mean of each channel",
            _centre_channels,
            "mean = X_train.reshape(len(X_train), {channels}, -1).mean(axis=(0, 2))"
            "\nmean = mean.repeat(X_train.shape[1] // {channels})"
            "\nX_train, X_val = X_train - mean, X_val - mean",
        ),
        Preprocessing(
            "normalize",
            "zero mean, unit variance",
            _normalize,
            f"mean, std = X_train.mean(axis=0), np.sqrt(X_train.var(axis=0) + np.float32({SMALLEST}))"
            "\nX_train, X_val = (X_train - mean) / std, (X_val - mean) / std",
        ),
        Preprocessing("pca", "decorrelate (PCA)", _decorrelate, AXES, turns=True),
        Preprocessing(
            "whiten",
            "whiten",
            _whiten,
            f"{AXES}\nscale = 1 / np.sqrt(variances + np.float32({SMALLEST}))"
            "\nX_train, X_val = X_train * scale, X_val * scale",
            turns=True,
        ),
    ),
)
