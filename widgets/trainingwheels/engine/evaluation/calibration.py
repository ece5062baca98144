"""Whether a net is right as often as it says: reliability, and how far both are apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Reliability", "log_losses", "negative_log_likelihood", "reliability"]

Floats = NDArray[np.floating[Any]]
Real = TypeVar("Real", bound=np.floating[Any])
BINS = 10
SMALLEST = 1e-12  # probability; below it a likelihood would be infinite


@dataclass(frozen=True)
class Reliability:
    """Of the examples whose highest probability lies in each of the equal ``bins`` that are not empty: their mean
    ``confidence``, the ``accuracy``, and their ``share`` of all examples."""

    confidence: Floats
    accuracy: Floats
    share: Floats

    @property
    def error(self) -> float:
        """The expected calibration error: the mean distance of both (Guo et al., 2017, eq. 3)."""
        return float((self.share * np.abs(self.confidence - self.accuracy)).sum())

    @property
    def too_sure(self) -> float:
        """By how much the mean confidence is above the accuracy."""
        return float((self.share * (self.confidence - self.accuracy)).sum())


def reliability(probabilities: ArrayLike, labels: ArrayLike, bins: int = BINS) -> Reliability:
    """Reliability of distributions (examples, classes), given the true classes (examples,)."""
    p, y = np.asarray(probabilities, np.float64), np.asarray(labels)
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    counts = np.bincount(places, minlength=bins)
    used = counts > 0
    means = [np.bincount(places, each, minlength=bins)[used] / counts[used] for each in (confidence, right)]
    return Reliability(means[0], means[1], counts[used] / len(y))


def log_losses(p: NDArray[Real], y: NDArray[np.integer[Any]]) -> NDArray[Real]:
    """-log of the true class's probability, (..., examples), of distributions (..., examples, classes) and the true
    classes (examples,)."""
    losses: NDArray[Real] = -np.log(np.maximum(p[..., np.arange(len(y)), y], SMALLEST))
    return losses


def negative_log_likelihood(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """The mean of -log of the true class's probability, of distributions (examples, classes), given the classes."""
    return float(log_losses(np.asarray(probabilities, np.float64), np.asarray(labels)).mean())
