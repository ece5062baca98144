"""The pieces of a small net in plain NumPy: what each computes, and beside it how a gradient goes back through it.

Everything runs along the last two axes, (batch, units), so that a forward pass also takes stacks: (nets, batch, units)
for x and (nets, inputs, outputs) for W. A backward pass takes one net; d is dL/d(output). float32 stays float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "batchnorm",
    "batchnorm_backward",
    "dropout",
    "dropout_backward",
    "hinge_loss",
    "hinge_loss_backward",
    "linear",
    "linear_backward",
    "penalty",
    "penalty_backward",
    "softmax_loss",
    "softmax_loss_backward",
    "squared_loss",
    "squared_loss_backward",
]

Floats = NDArray[Any]


def linear(x: Floats, W: Floats, b: Any) -> Floats:
    y: Floats = x @ W + b
    return y


def linear_backward(d: Floats, x: Floats, W: Floats) -> tuple[Floats, Floats, Floats]:
    dx = d @ W.T
    dW = x.T @ d
    db = d.sum(0, keepdims=True)
    return dx, dW, db


def batchnorm(x: Floats, gamma: Floats, beta: Floats) -> Floats:
    sigma = np.sqrt(x.var(-2, keepdims=True) + 1e-5)
    x_hat = (x - x.mean(-2, keepdims=True)) / sigma
    y: Floats = gamma * x_hat + beta
    return y


def batchnorm_backward(d: Floats, x: Floats, gamma: Floats) -> tuple[Floats, Floats, Floats]:
    sigma = np.sqrt(x.var(0) + 1e-5)
    x_hat = (x - x.mean(0)) / sigma
    dgamma = (d * x_hat).sum(0, keepdims=True)
    dbeta = d.sum(0, keepdims=True)
    d = d * gamma
    dx = (d - d.mean(0) - x_hat * (d * x_hat).mean(0)) / sigma
    return dx, dgamma, dbeta


def dropout(x: Floats, mask: Floats) -> Floats:
    return x * mask


def dropout_backward(d: Floats, mask: Floats) -> Floats:
    return d * mask


def softmax_loss(scores: Floats, y: Floats) -> Floats:
    scores = scores - scores.max(-1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(-1, keepdims=True))
    loss: Floats = -(y * log_p).sum((-2, -1)) / len(y)
    return loss


def softmax_loss_backward(scores: Floats, y: Floats) -> Floats:
    e = np.exp(scores - scores.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    d: Floats = (p - y) / len(y)
    return d


def hinge_loss(scores: Floats, y: Floats) -> Floats:
    true = (y * scores).sum(-1, keepdims=True)
    margins = np.maximum(0, scores - true + 1) * (1 - y)
    loss: Floats = margins.sum((-2, -1)) / len(y)
    return loss


def hinge_loss_backward(scores: Floats, y: Floats) -> Floats:
    true = (y * scores).sum(-1, keepdims=True)
    pushed = (scores - true + 1 > 0) * (1 - y)
    d: Floats = (pushed - y * pushed.sum(-1, keepdims=True)) / len(y)
    return d


def squared_loss(scores: Floats, y: Floats) -> Floats:
    loss: Floats = ((scores - y) ** 2).sum((-2, -1)) / len(y)
    return loss


def squared_loss_backward(scores: Floats, y: Floats) -> Floats:
    d: Floats = 2 * (scores - y) / len(y)
    return d


def penalty(W: Floats, l2: float) -> Floats:
    R: Floats = l2 * (W**2).sum((-2, -1))
    return R


def penalty_backward(W: Floats, l2: float) -> Floats:
    dW: Floats = 2 * l2 * W
    return dW
