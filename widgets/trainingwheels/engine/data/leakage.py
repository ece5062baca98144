"""Where the statistics of preprocessing come from, and what taking them from the test set does to the test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.datasets import load_dataset
from trainingwheels.engine.preprocessing import PREPROCESSING, SMALLEST, Fitted
from trainingwheels.engine.settings import InvalidSetting, Table

__all__ = ["SOURCES", "Source", "leaked_accuracies"]

Floats = NDArray[Any]
RIDGE = 1e-2  # L2 of the classifier, per example


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


def leaked_accuracies(
    preprocessing: str, train_size: int, test_size: int, drift: float = 0.0, repeats: int = 20
) -> dict[str, Floats]:
    """Test accuracy of a linear classifier of digits for each of ``SOURCES``: (repeats,), paired.

    Each repeat draws other digits to train and to test on; ``drift`` is added to every pixel of the test images. With
    "train" nothing is taken from the test set. With "both" the classifier is trained on what all images have prepared;
    with "test" it is trained honestly, and the test set is prepared with its own statistics.
    """
    data = load_dataset("digits")
    X, y = np.concatenate([data.X_train, data.X_val]), np.concatenate([data.y_train, data.y_val])
    if train_size + test_size > len(X):
        raise InvalidSetting(
            f"train_size = {train_size:,} and test_size = {test_size:,} are more than the {len(X):,} digits: "
            "choose fewer of one."
        )
    found: dict[str, list[float]] = {name: [] for name in SOURCES}
    for repeat in range(repeats):
        order = np.random.default_rng(repeat).permutation(len(X))
        train, test = order[:train_size], order[len(X) - test_size :]
        one = _one(preprocessing, X[train], y[train], X[test] + np.float32(drift), y[test])
        for name, accuracy in one.items():
            found[name].append(accuracy)
    return {name: np.array(values) for name, values in found.items()}


def _one(preprocessing: str, X: Floats, y: Floats, X_test: Floats, y_test: Floats) -> dict[str, float]:
    method = PREPROCESSING[preprocessing]
    honest, both = method.fit(X), method.fit(np.concatenate([X, X_test]))
    own = method.fit(X_test) if honest.axes is None else _along(honest, X_test)
    W, W_both = _classifier(honest(X), y), _classifier(both(X), y)
    return {
        "train": _accuracy(W, honest(X_test), y_test),
        "both": _accuracy(W_both, both(X_test), y_test),
        "test": _accuracy(W, own(X_test), y_test),
    }


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
