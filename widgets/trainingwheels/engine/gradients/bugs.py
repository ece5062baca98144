"""Mistakes that people make in a backward pass, to be planted and found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import Table

__all__ = ["BUGS", "Bug"]

Floats = NDArray[Any]


@dataclass(frozen=True)
class Bug:
    """One mistake: ``wrong`` stands where the backward function called ``piece`` should.

    ``what`` says what is wrong in one sentence, ``shows`` what a gradient check makes of it.
    """

    name: str
    label: str
    piece: str
    wrong: Callable[..., Any]
    what: str
    shows: str


def _not_averaged(scores: Floats, y: Floats) -> Floats:
    e = np.exp(scores - scores.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    d: Floats = p - y
    return d


def _wrong_sign(scores: Floats, y: Floats) -> Floats:
    e = np.exp(scores - scores.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    d: Floats = (y - p) / len(y)
    return d


def _wrong_label(scores: Floats, y: Floats) -> Floats:
    e = np.exp(scores - scores.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    d: Floats = (p - np.roll(y, 1, -1)) / len(y)
    return d


def _hinge_without_true_class(scores: Floats, y: Floats) -> Floats:
    true = (y * scores).sum(-1, keepdims=True)
    pushed = (scores - true + 1 > 0) * (1 - y)
    d: Floats = pushed / len(y)
    return d


def _no_slope(d: Floats, x: Floats) -> Floats:
    return d


def _transposed(d: Floats, x: Floats, W: Floats) -> tuple[Floats, Floats, Floats]:
    dx = d @ W.T
    dW = d.T @ x
    db = d.sum(0, keepdims=True)
    return dx, dW, db


def _not_transposed(d: Floats, x: Floats, W: Floats) -> tuple[Floats, Floats, Floats]:
    dx = d @ W
    dW = x.T @ d
    db = d.sum(0, keepdims=True)
    return dx, dW, db


def _mean_of_bias(d: Floats, x: Floats, W: Floats) -> tuple[Floats, Floats, Floats]:
    dx = d @ W.T
    dW = x.T @ d
    db = d.mean(0, keepdims=True)
    return dx, dW, db


def _constant_variance(d: Floats, x: Floats, gamma: Floats) -> tuple[Floats, Floats, Floats]:
    sigma = np.sqrt(x.var(0) + 1e-5)
    x_hat = (x - x.mean(0)) / sigma
    dgamma = (d * x_hat).sum(0, keepdims=True)
    dbeta = d.sum(0, keepdims=True)
    d = d * gamma
    dx = (d - d.mean(0)) / sigma
    return dx, dgamma, dbeta


def _constant_mean_and_variance(d: Floats, x: Floats, gamma: Floats) -> tuple[Floats, Floats, Floats]:
    sigma = np.sqrt(x.var(0) + 1e-5)
    x_hat = (x - x.mean(0)) / sigma
    dgamma = (d * x_hat).sum(0, keepdims=True)
    dbeta = d.sum(0, keepdims=True)
    dx = d * gamma / sigma
    return dx, dgamma, dbeta


def _no_mask(d: Floats, mask: Floats) -> Floats:
    return d


def _half_penalty(W: Floats, l2: float) -> Floats:
    dW: Floats = l2 * W
    return dW


BUGS: Table[Bug] = Table(
    "bug",
    (
        Bug(
            "not-averaged", "softmax: forgot the 1/N", "softmax_loss_backward", _not_averaged,
            "The loss is a mean over the batch of N, its gradient a sum.",
            "All that comes from the loss is N times too large: a line flatter than the diagonal.",
        ),
        Bug(
            "wrong-sign", "softmax: wrong sign", "softmax_loss_backward", _wrong_sign,
            "y − p stands where p − y should.",
            "The dots fall where they should rise: training would climb.",
        ),
        Bug(
            "wrong-label", "softmax: label off by one", "softmax_loss_backward", _wrong_label,
            "The 1 is subtracted from the neighbour of the true class.",
            "A cloud instead of a line, in every array.",
        ),
        Bug(
            "true-class", "hinge: forgot the true class", "hinge_loss_backward", _hinge_without_true_class,
            "Each class above the margin is pushed down, and the true class not up.",
            "Entries of the true classes are wrong; in a net, all arrays.",
        ),
        Bug(
            "no-slope", "activation: forgot f′ (the ReLU mask)", "activation_backward", _no_slope,
            "The gradient passes the nonlinearity as if it were not there.",
            "What lies above the nonlinearity is right, what lies below is wrong.",
        ),
        Bug(
            "transposed", "linear: dW transposed", "linear_backward", _transposed,
            "dᵀx stands where xᵀd should; the matrix is square, so its shape tells nothing.",
            "Off the diagonal in the weights alone; the entries W[i, i] and all other arrays are right.",
        ),
        Bug(
            "not-transposed", "linear: W instead of Wᵀ in dx", "linear_backward", _not_transposed,
            "The gradient goes down through W instead of its transpose.",
            "The layer's own dW and db are right, all below it is wrong.",
        ),
        Bug(
            "bias", "linear: mean instead of sum in db", "linear_backward", _mean_of_bias,
            "The bias takes the mean over the batch of what is a mean already.",
            "Only the biases are wrong, N times too small: a steep line of few dots.",
        ),
        Bug(
            "variance", "batchnorm: variance held fixed", "batchnorm_backward", _constant_variance,
            "The variance is taken for a constant, but it is a function of x too.",
            "gamma and beta are right, everything below batchnorm is wrong.",
        ),
        Bug(
            "statistics", "batchnorm: mean and variance held fixed", "batchnorm_backward", _constant_mean_and_variance,
            "Both statistics are taken for constants, as they are only in testing.",
            "gamma and beta are right, everything below batchnorm is wrong.",
        ),
        Bug(
            "no-mask", "dropout: mask not applied backward", "dropout_backward", _no_mask,
            "Dropped units get a gradient, and kept ones lack the factor 1/(1 − p).",
            "Everything below dropout is wrong; where a unit is dropped, numeric is 0 and analytic is not.",
        ),
        Bug(
            "half-penalty", "L2: forgot the factor 2", "penalty_backward", _half_penalty,
            "The gradient of l2 W² is 2 l2 W.",
            "Only the penalized weights are off, by l2 W each: near the diagonal, and easily missed.",
        ),
    ),
)  # fmt: skip
"""In the order of a backward pass."""
