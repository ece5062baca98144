"""A linear classifier of digits for many lambdas at once: proximal steps, or plain subgradient steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.datasets import load_dataset
from trainingwheels.engine.penalties import BETA, PENALTIES, soft_threshold
from trainingwheels.engine.settings import Option, Table

__all__ = ["LAMBDAS", "METHODS", "STEPS", "Paths", "alive", "fit_paths"]

Floats = NDArray[np.floating[Any]]
LAMBDAS = tuple(float(f"{lam:.4g}") for lam in np.logspace(-3.5, -1, 11))
STEPS = 400
PLAIN = 50  # of them, at the end, are without momentum, which carries weights past 0
START = 0.01  # std of the weights before a subgradient's first step

METHODS: Table[Option] = Table(
    "method", (Option("proximal", "proximal (soft threshold)"), Option("subgradient", "plain subgradient"))
)


@dataclass(frozen=True)
class Paths:
    """Classifiers for each of ``lams``: weights ``W`` (lambdas, pixels, 10) and ``b`` (lambdas, 10).

    Only pixels that vary in the training digits have weights; ``pixels`` (64,) says which. ``gradients`` are those of
    the data loss, shaped as W. Accuracies (lambdas,) are of the training digits and of all that the set keeps for
    validation.
    """

    penalty: str
    beta: float
    lams: tuple[float, ...]
    pixels: NDArray[np.bool_]
    W: Floats
    b: Floats
    gradients: Floats
    train_accuracy: Floats
    val_accuracy: Floats

    @property
    def zeros(self) -> NDArray[np.int64]:
        """How many weights are exactly 0, for each lambda."""
        return np.asarray((self.W == 0).sum(axis=(1, 2)))

    @property
    def violations(self) -> Floats:
        """By how much the optimality conditions fail, the worst weight of each lambda.

        At a weight that is not 0, gradient + lambda dR must be 0; at one that is, |gradient| may be up to lambda where
        R has |W|.
        """
        penalty, lams = PENALTIES[self.penalty], np.array(self.lams)[:, None, None]
        free = np.abs(self.gradients + lams * penalty.gradient(self.W, self.beta))
        held = np.maximum(np.abs(self.gradients) - lams * penalty.absolutes, 0)
        worst: Floats = np.where(self.W == 0, held, free).max(axis=(1, 2))
        return worst

    def templates(self, place: int) -> Floats:
        """The weights of one lambda as ten pictures (10, 8, 8), 0 where a pixel has none."""
        images = np.zeros((10, 64))
        images[:, self.pixels] = self.W[place].T
        return images.reshape(10, 8, 8)


def alive(X: Floats) -> NDArray[np.bool_]:
    """Which pixels of X (n, pixels) vary."""
    return np.asarray(np.ptp(X, axis=0) > 0)


@lru_cache(maxsize=32)
def fit_paths(
    penalty: str, beta: float = BETA, examples: int = 300, method: str = "proximal", lams: tuple[float, ...] = LAMBDAS
) -> Paths:
    """Softmax regression on so many digits for each lambda, after ``STEPS`` steps.

    Proximal steps are Nesterov's (Beck and Teboulle, 2009) from W = 0; subgradient steps are W -= lr (dL/dW + lambda
    dR/dW) from small random weights. The rate is 1 over the largest curvature that the data loss can have; the biases
    are not penalized.
    """
    data = load_dataset("digits")
    X, y = data.X_train[:examples].astype(float), data.y_train[:examples]
    pixels = alive(X)
    mean = X[:, pixels].mean(axis=0)  # subtracting it changes the biases only, and takes far fewer steps
    A, B = (_with_ones(each[:, pixels] - mean) for each in (X, data.X_val.astype(float)))
    Y = np.eye(10)[y][:, None]  # (examples, 1, 10)
    steps = _proximal_steps if method == "proximal" else _subgradient_steps
    W = steps(A, Y, PENALTIES[penalty], beta, np.array(lams)[:, None])
    right = [_accuracy(W, each, labels) for each, labels in ((A, y), (B, data.y_val))]
    gradient = _gradient(W, A, Y)
    parts = (np.ascontiguousarray(each.swapaxes(0, 1)) for each in (W[:-1], W[-1:], gradient[:-1]))
    weights, biases, gradients = parts
    return Paths(penalty, beta, lams, pixels, weights, biases[:, 0], gradients, *right)


def _with_ones(X: Floats) -> Floats:
    """X with a column of ones, for the biases."""
    return np.column_stack([X, np.ones(len(X))])


def _gradient(W: Floats, X: Floats, Y: Floats) -> Floats:
    """dL/dW of the mean softmax loss, shaped as W (features, lambdas, 10)."""
    s = (X @ W.reshape(len(W), -1)).reshape(len(X), *W.shape[1:])
    s -= s.max(axis=2, keepdims=True)
    p = np.exp(s, out=s)
    p /= p.sum(axis=2, keepdims=True)
    p -= Y
    gradient: Floats = (X.T @ p.reshape(len(X), -1)).reshape(W.shape) / len(X)
    return gradient


def _rate(X: Floats) -> float:
    """1 over the largest curvature of the mean softmax loss: at most half the largest of X^T X / n."""
    return 2 / float(np.linalg.eigvalsh(X.T @ X / len(X))[-1])


def _proximal_steps(X: Floats, Y: Floats, penalty: Any, beta: float, lams: Floats) -> Floats:
    rate = _rate(X)
    squares, absolutes = penalty.parts(beta)
    W = ahead = np.zeros((X.shape[1], len(lams), 10))
    t = 1.0
    for step in range(STEPS):
        before, W = W, ahead - rate * _gradient(ahead, X, Y)
        W[:-1] = soft_threshold(W[:-1], rate * lams * absolutes) / (1 + 2 * rate * lams * squares)
        t, last = (1 + np.sqrt(1 + 4 * t**2)) / 2, t
        ahead = W + (last - 1) / t * (W - before) if step < STEPS - PLAIN else W
    return W


def _subgradient_steps(X: Floats, Y: Floats, penalty: Any, beta: float, lams: Floats) -> Floats:
    rate = _rate(X)
    start = START * np.random.default_rng(0).standard_normal((X.shape[1], 1, 10))
    W = np.repeat(start, len(lams), axis=1)
    for _ in range(STEPS):
        d = _gradient(W, X, Y)
        d[:-1] += lams * penalty.gradient(W[:-1], beta)
        W = W - rate * d
    return W


def _accuracy(W: Floats, X: Floats, y: NDArray[np.int64]) -> Floats:
    """The share of right answers for each lambda."""
    chosen = (X @ W.reshape(len(W), -1)).reshape(len(X), *W.shape[1:]).argmax(axis=2)
    right: Floats = (chosen == y[:, None]).mean(axis=0)
    return right
