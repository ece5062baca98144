"""The distributions that the noises are drawn from, exactly: a share of a blend, how many units fall, what is cut."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["beta_density", "binomial", "cut_shares", "number_alive"]

Floats = NDArray[np.float64]


def beta_density(x: ArrayLike, alpha: float) -> Floats:
    """The density of Beta(alpha, alpha), alpha above 0, at ``x``, numbers between 0 and 1 without the ends."""
    x = np.asarray(x, float)
    log_norm = math.lgamma(2 * alpha) - 2 * math.lgamma(alpha)
    density: Floats = np.exp(log_norm + (alpha - 1) * (np.log(x) + np.log1p(-x)))
    return density


def binomial(count: int, p: float) -> Floats:
    """The probability that 0, 1, ..., ``count`` of so many fall, each with probability ``p``: ndarray (count + 1,)."""
    return number_alive(np.full(count, p))


def cut_shares(side: int, size: int) -> tuple[Floats, Floats]:
    """The shares of a square image of ``size`` pixels a side that cutout may cover, in rising order, and their
    probabilities: a square of ``side`` pixels around any pixel is clipped at the border."""
    start = np.arange(size) - side // 2
    lengths = np.minimum(start + side, size) - np.maximum(start, 0)
    areas, counts = np.unique(np.outer(lengths, lengths), return_counts=True)
    return areas / size**2, counts / size**2


def number_alive(survival: ArrayLike) -> Floats:
    """The probability that 0, 1, ..., all of some blocks survive, (blocks + 1,), each with its own ``survival``,
    (blocks,)."""
    law = np.ones(1)
    for p in np.asarray(survival, float):
        law = np.convolve(law, (1 - p, p))
    return law
