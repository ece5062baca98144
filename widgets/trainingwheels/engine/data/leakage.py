"""Where the statistics of preprocessing come from, what taking them from the test set does to the test, and to use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.datasets import load_dataset
from trainingwheels.engine.preprocessing import PREPROCESSING, SMALLEST, Fitted
from trainingwheels.engine.settings import InvalidSetting, Table

__all__ = ["MOST", "RIDGE", "SOURCES", "Leaks", "Source", "leaked_accuracies"]

Floats = NDArray[Any]
RIDGE = 1e-2  # L2 of the classifier, per example
FEWEST, MOST = 100, 256  # digits in neither set: how many there must be, and how many are tried


@dataclass(frozen=True)
class Source:
    """Whose statistics the test set is prepared with."""

    name: str
    label: str


SOURCES: Table[Source] = Table(
    "statistics",
    (
        Source("train", "training set"),
        Source("both", "training and test set"),
        Source("test", "test set alone"),
    ),
)


@dataclass(frozen=True)
class Leaks:
    """Accuracies of a model for each of ``SOURCES``, ndarrays of shape (repeats,), paired by repeat.

    ``test`` is on the test set, ``unseen`` on digits that gave no statistic to any of the models, prepared as the test
    set was: what the same model does in use.
    """

    test: Mapping[str, Floats]
    unseen: Mapping[str, Floats]

    def change(self, name: str) -> Floats:
        """By how much a leak changes the accuracy on the test set."""
        return np.asarray(self.test[name] - self.test["train"])

    def real(self, name: str) -> Floats:
        """The same on the digits that no statistic has seen: it is what the statistics do for the model."""
        return np.asarray(self.unseen[name] - self.unseen["train"])

    def flattery(self, name: str) -> Floats:
        """What the test set shows of the change and the unseen digits do not: it comes of having been looked at."""
        return self.change(name) - self.real(name)


def leaked_accuracies(
    preprocessing: str, train_size: int, test_size: int, drift: float = 0.0, repeats: int = 20
) -> Leaks:
    """Accuracy of a linear classifier of digits for each of ``SOURCES``, on the test set and on unseen digits.

    Each repeat draws other digits to train and to test on; ``drift`` is added to every pixel of the test images and of
    the unseen ones. With "train" nothing is taken from the test set. With "both" the classifier is trained on what all
    images have prepared; with "test" it is trained honestly, and the test set is prepared with its own statistics.

    Raises :class:`InvalidSetting` when fewer than 100 digits are left to be the unseen ones.
    """
    data = load_dataset("digits")
    X, y = np.concatenate([data.X_train, data.X_val]), np.concatenate([data.y_train, data.y_val])
    if train_size + test_size > len(X) - FEWEST:
        raise InvalidSetting(
            f"train_size = {train_size:,} and test_size = {test_size:,} leave fewer than {FEWEST} of the {len(X):,} "
            "digits to try the models on: choose fewer of one."
        )
    found = []
    for repeat in range(repeats):
        order = np.random.default_rng(repeat).permutation(len(X))
        train, unseen, test = np.split(order, [train_size, len(X) - test_size])
        tried = [(X[each] + np.float32(drift), y[each]) for each in (test, unseen[:MOST])]
        found.append(_one(preprocessing, X[train], y[train], *tried))
    on_test, on_unseen = np.transpose(found, (1, 2, 0))
    names = SOURCES.keys()
    return Leaks(dict(zip(names, on_test, strict=True)), dict(zip(names, on_unseen, strict=True)))


def _one(
    preprocessing: str, X: Floats, y: Floats, test: tuple[Floats, Floats], unseen: tuple[Floats, Floats]
) -> list[list[float]]:
    """The accuracies for each of SOURCES, on the test set and on the unseen digits."""
    X_test, _ = test
    method = PREPROCESSING[preprocessing]
    honest, both = method.fit(X), method.fit(np.concatenate([X, X_test]))
    own = method.fit(X_test) if honest.axes is None else _along(honest, X_test)
    W, W_both = _classifier(honest(X), y), _classifier(both(X), y)
    models = ((honest, W), (both, W_both), (own, W))
    return [[_accuracy(weights, fitted(inputs), y) for fitted, weights in models] for inputs, y in (test, unseen)]


def _along(honest: Fitted, X: Floats) -> Fitted:
    """Mean and scale from ``X``, directions from the training set.

    The axes of another set come in another order and with other signs; a classifier could make nothing of them.
    """
    assert honest.axes is not None
    mean = X.mean(axis=0)
    if honest.scale is None:
        return Fitted(mean, honest.axes)
    return Fitted(mean, honest.axes, np.sqrt(((X - mean) @ honest.axes).var(axis=0) + np.float32(SMALLEST)))


def _classifier(X: Floats, y: Floats) -> Floats:
    """Least squares from (n, features) and a constant to one output a class, with a little L2."""
    A = np.column_stack([X, np.ones(len(X))]).astype(np.float64)
    penalty = RIDGE * len(A) * np.eye(A.shape[1])
    penalty[-1, -1] = 1e-9
    return np.asarray(np.linalg.solve(A.T @ A + penalty, A.T @ np.eye(10)[y]))


def _accuracy(W: Floats, X: Floats, y: Floats) -> float:
    return float(((X @ W[:-1] + W[-1]).argmax(axis=1) == y).mean())
