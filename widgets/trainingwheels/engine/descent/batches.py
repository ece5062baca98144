"""Least squares with two weights: the same surface, descended with all examples, with some, and with one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.schedules import SCHEDULES

__all__ = ["EPOCHS", "EXAMPLES", "BatchPath", "Examples"]

Floats = NDArray[Any]
EXAMPLES, EPOCHS = 64, 20
SPREADS = 1.2, 0.4  # of the two inputs
BEST = 1.0, -0.5  # the weights that made the targets
LOST = 1e6  # a weight beyond it has diverged


@dataclass(frozen=True)
class BatchPath:
    """The ``points`` (steps + 1, 2) of a descent with batches of this size, and what the mean loss over all examples
    has ``above`` its lowest value there. ``diverged_at`` is the step after which a weight was lost; from there on the
    path stays."""

    size: int
    points: Floats
    above: Floats
    diverged_at: int | None

    @property
    def seen(self) -> Floats:
        """How many examples had been seen at each point."""
        return np.arange(len(self.points)) * self.size


class Examples:
    """``EXAMPLES`` inputs X (n, 2) and targets y (n,) of a linear model; their ``noise`` is a standard
    deviation."""

    def __init__(self, noise: float, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        X, errors = rng.standard_normal((EXAMPLES, 2)) * SPREADS, rng.standard_normal(EXAMPLES)
        self.X, self.y, self.noise, self.seed = X, X @ BEST + noise * errors, noise, seed
        self.best: Floats = np.linalg.lstsq(self.X, self.y, rcond=None)[0]
        self.lowest = float(((X @ self.best - self.y) ** 2).mean() / 2)
        self.H: Floats = X.T @ X / EXAMPLES

    @property
    def curvature(self) -> float:
        """The largest of the mean loss: from 2 over it on, the descent with all examples diverges."""
        return float(np.linalg.eigvalsh(self.H)[-1])

    def excess(self, w: Floats) -> Floats:
        """What the mean of (x w - y)^2 / 2 over all examples has above ``lowest``, its value at ``best`` (2,), at
        points (..., 2)."""
        e = w - self.best
        return np.asarray(((e @ self.H) * e).sum(axis=-1) / 2)

    def gradient(self, w: Floats, rows: Any) -> Floats:
        """Its slope, of the examples ``rows`` alone."""
        X = self.X[rows]
        return np.asarray(X.T @ (X @ w - self.y[rows]) / len(X))

    def descend(self, size: int, lr: float, schedule: str, start: Floats) -> BatchPath:
        """``EPOCHS`` epochs with batches of ``size``, a power of two: each sees every example once, in a new order."""
        rng = np.random.default_rng((self.seed, 1))
        steps = EPOCHS * EXAMPLES // size
        w, points, diverged = np.array(start, np.float64), [start], None
        batches = np.concatenate([rng.permutation(EXAMPLES) for _ in range(EPOCHS)]).reshape(steps, size)
        for rows, rate in zip(batches, lr * SCHEDULES[schedule].factors(steps), strict=True):
            ahead = w - rate * self.gradient(w, rows)
            if diverged is None and not (np.abs(ahead) < LOST).all():
                diverged = len(points)
            w = w if diverged else ahead
            points.append(w)
        every = np.array(points)
        return BatchPath(size, every, self.excess(every), diverged)
