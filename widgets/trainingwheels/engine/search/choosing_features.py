"""Cross-validation done wrong: features are chosen by all examples, and the examples are split afterwards.

After Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 7.10.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import Whole

__all__ = ["FeatureChoice", "choose_before_and_inside"]

Floats = NDArray[Any]
NEW = 1000  # examples that had no part in anything


@dataclass(frozen=True)
class FeatureChoice:
    """Accuracies of repeats, ndarrays (repeats,): what cross-validation says where features were chosen ``before``
    splitting and ``inside`` of each fold's training part, and what the model chosen on all examples does on ``new``
    ones."""

    before: Floats
    inside: Floats
    new: Floats


def choose_before_and_inside(
    examples: int = 50, features: int = 1000, chosen: int = 20, folds: int = 5, *, repeats: int = 20, seed: int = 0
) -> FeatureChoice:
    """Cross-validate a classifier of noise, whose features are chosen before the examples are split, and inside.

    Each repeat draws ``examples`` points (an even number) of ``features`` independent N(0, 1) numbers, half of them in
    each of two classes that have nothing to do with the numbers: no model can be right more often than half the time.
    The ``chosen`` features are those that differ most between the classes' means; a point is given the class of the
    nearer mean.
    """
    examples = Whole(2 * folds, 10_000, "examples").check("examples", examples) // 2 * 2
    chosen = Whole(1, features, "features").check("chosen", chosen)
    found = [
        _repeat(np.random.default_rng([seed, repeat]), examples, features, chosen, folds) for repeat in range(repeats)
    ]
    return FeatureChoice(*np.array(found).T)


def _repeat(
    rng: np.random.Generator, examples: int, features: int, chosen: int, folds: int
) -> tuple[float, float, float]:
    X, y = rng.normal(size=(examples, features)), np.arange(examples) % 2
    fold = rng.permutation(examples // 2).repeat(2)[:examples] % folds  # as many of both classes in each
    best = _telling(X, y, chosen)
    before, inside = np.empty(examples, bool), np.empty(examples, bool)
    for left_out in range(folds):
        train, val = fold != left_out, fold == left_out
        own = _telling(X[train], y[train], chosen)
        for right, columns in ((before, best), (inside, own)):
            right[val] = _nearer(X[train][:, columns], y[train], X[val][:, columns]) == y[val]
    unseen, labels = rng.normal(size=(NEW, chosen)), rng.integers(0, 2, NEW)
    return before.mean(), inside.mean(), (_nearer(X[:, best], y, unseen) == labels).mean()


def _telling(X: Floats, y: Floats, count: int) -> Floats:
    """The columns whose means differ most between the classes."""
    apart = np.abs(X[y == 0].mean(axis=0) - X[y == 1].mean(axis=0))
    return np.asarray(np.argsort(-apart)[:count])


def _nearer(X: Floats, y: Floats, points: Floats) -> Floats:
    """The class whose mean of ``X`` is nearer to each of ``points``."""
    means = np.stack([X[y == each].mean(axis=0) for each in (0, 1)])
    return np.asarray(((points[:, None] - means) ** 2).sum(axis=2).argmin(axis=1))
