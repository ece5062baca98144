"""The loss of a linear classifier as its weights turn: how sensitive it is, before and after preprocessing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.geometry.clouds import STEPS, Cloud, rotation
from trainingwheels.engine.preprocessing import PREPROCESSING, Fitted

__all__ = ["NOISE", "RIDGE", "TURNS", "Classifier", "Turned", "fit_classifier", "log_loss", "turned_classifiers"]

Floats = NDArray[Any]
TURNS = np.linspace(-90.0, 90.0, 181)
NOISE = 0.5  # in units of the cloud's two sources, of std 1
RIDGE = 1e-3  # keeps the weights finite where a line separates the classes


@dataclass(frozen=True)
class Classifier:
    """p(y = 1) = sigmoid(w x + b): w (2,), b."""

    w: Floats
    b: float

    def turned(self, degrees: float) -> Classifier:
        """The same classifier with its weight vector turned; its length and b stay."""
        return Classifier(rotation(degrees) @ self.w, self.b)


def log_loss(w: Floats, b: float, X: Floats, y: Floats) -> tuple[float, Floats, float]:
    """The mean of -log p(y) over X (n, 2), y (n,) of 0 and 1, with its derivatives dL/dw and dL/db."""
    scores = X @ w + b
    loss = float(np.mean(np.logaddexp(0, scores) - y * scores))
    d = (1 / (1 + np.exp(-scores)) - y) / len(y)
    return loss, d @ X, float(d.sum())


def fit_classifier(X: Floats, y: Floats) -> Classifier:
    """The classifier of least loss on X (n, 2) with y (n,) of 0 and 1, with a trace of L2, by Newton's method; X should
    have mean 0 and std near 1."""
    A = np.column_stack([X, np.ones(len(X))])
    theta, penalty = np.zeros(3), RIDGE * np.eye(3)
    for _ in range(12):
        p = 1 / (1 + np.exp(-A @ theta))
        H = (A * (p * (1 - p))[:, None]).T @ A / len(A) + penalty
        theta -= np.linalg.solve(H, A.T @ (p - y) / len(A) + penalty @ theta)
    return Classifier(theta[:2], float(theta[2]))


@dataclass(frozen=True)
class Turned:
    """One step of preprocessing: its points, the best classifier there, and the loss at each of ``TURNS`` degrees."""

    name: str
    points: Floats
    best: Classifier
    losses: Floats

    @property
    def lowest(self) -> float:
        return float(self.losses[len(TURNS) // 2])

    def turn_to(self, times: float = 2.0) -> float | None:
        """The smallest turn, degrees, that makes the loss so many times as large; None if none here does."""
        return min(filter(None, (self._first(times, 1), self._first(times, -1))), default=None)

    def _first(self, times: float, way: int) -> float | None:
        middle = len(TURNS) // 2
        losses, goal = self.losses[middle::way], times * self.lowest
        above = np.flatnonzero(losses >= goal)
        if not len(above):
            return None
        place = above[0]
        share = (goal - losses[place - 1]) / (losses[place] - losses[place - 1])
        return float(abs(TURNS[middle::way][place - 1]) + share)


def turned_classifiers(cloud: Cloud) -> tuple[dict[str, Turned], Floats]:
    """Name of each of the lecture's steps to what turning does there; and the classes (n,), 0 and 1.

    The classes are the sides of a line through the cloud's mean, with noise of std ``NOISE`` that makes them overlap.
    The best classifier is the same in every step, written in its coordinates: it gives every example the same
    probability.
    """
    z = cloud.sources()
    y = (z.sum(axis=1) + NOISE * np.random.default_rng(cloud.seed + 1).normal(size=len(z)) > 0).astype(np.float64)
    X = cloud.draw()
    white = PREPROCESSING["whiten"].fit(X.astype(np.float32))
    best = fit_classifier(np.asarray(white(X), np.float64), y)
    found = {}
    for step in STEPS.values():
        fitted = PREPROCESSING[step.preprocessing].fit(X.astype(np.float32))
        points = np.asarray(fitted(X), np.float64)
        own = _carried(best, white, fitted)
        found[step.name] = Turned(step.name, points, own, _losses(own, points, y))
    return found, y


def _carried(classifier: Classifier, source: Fitted, target: Fitted) -> Classifier:
    """The classifier on ``source``'s outputs, written for those of ``target``: the same score for every example."""
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], np.float32)  # three points settle an affine function
    scores = source(target.inverse(corners)).astype(np.float64) @ classifier.w + classifier.b
    return Classifier(scores[1:] - scores[0], float(scores[0]))


def _losses(classifier: Classifier, X: Floats, y: Floats) -> Floats:
    """The loss at each of TURNS."""
    w = np.stack([classifier.turned(degrees).w for degrees in TURNS], axis=1)  # (2, turns)
    scores = X @ w + classifier.b
    return np.asarray((np.logaddexp(0, scores) - y[:, None] * scores).mean(axis=0))
