"""Principal components of images: the basis, what a few of them keep, and whitened images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.datasets import load_dataset
from trainingwheels.engine.preprocessing import PREPROCESSING, SMALLEST, Fitted, constant_features

__all__ = ["Components", "digit_components"]

Floats = NDArray[Any]
EMPTY = 1e-6  # a direction with less than this share of the largest variance has none but rounding


@dataclass(frozen=True)
class Components:
    """Principal components of training images (examples, features).

    ``fitted`` is the whitening that they gave; ``variances`` (features,) lie along its axes, largest first.
    """

    fitted: Fitted
    variances: Floats
    examples: int
    constant: int

    @property
    def axes(self) -> Floats:
        """One component a column."""
        assert self.fitted.axes is not None
        return self.fitted.axes

    @property
    def rank(self) -> int:
        """How many directions have any variance in the training images."""
        return int((self.variances > EMPTY * max(float(self.variances[0]), 1e-12)).sum())

    def kept(self, k: int) -> float:
        """The share of the training images' variance that lies along the first ``k`` components."""
        total = float(self.variances.sum())
        return float(self.variances[:k].sum()) / total if total > 0 else 1.0

    def codes(self, X: Floats, k: int) -> Floats:
        """The first ``k`` coordinates of images (n, features): (n, k)."""
        assert self.fitted.mean is not None
        return np.asarray((X - self.fitted.mean) @ self.axes[:, :k])

    def rebuilt(self, X: Floats, k: int) -> Floats:
        """The images made again of their first ``k`` coordinates."""
        assert self.fitted.mean is not None
        return np.asarray(self.codes(X, k) @ self.axes[:, :k].T + self.fitted.mean)

    def whitened(self, X: Floats) -> Floats:
        """The images with equal variance along all components, turned back to pixels (ZCA)."""
        return np.asarray(self.fitted(X) @ self.axes.T)


@lru_cache(maxsize=32)
def digit_components(examples: int) -> Components:
    """The components of the first ``examples`` training digits."""
    X = load_dataset("digits").X_train[:examples]
    fitted = PREPROCESSING["whiten"].fit(X)
    assert fitted.scale is not None
    return Components(fitted, (fitted.scale**2 - SMALLEST).clip(0), len(X), constant_features(X))
