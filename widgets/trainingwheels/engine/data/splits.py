"""Three parts instead of two: examples to train on, to choose by, and to judge the chosen by; and folds."""

from __future__ import annotations

import numpy as np

from trainingwheels.engine.data.datasets import DATASETS, Data, Part, load_dataset, prepared
from trainingwheels.engine.settings import Whole

__all__ = ["folded", "folded_within", "load_with_test"]


def load_with_test(
    name: str,
    train_size: int | None = None,
    noise: float | None = None,
    preprocessing: str = "none",
    *,
    validation: int | None = None,
    seed: int = 0,
) -> Data:
    """The set ``name`` as :func:`load_dataset` has it, with a test set.

    The sets come in two parts. Those examples that nobody trains on, which are the validation set and what
    ``train_size`` leaves of the training set, are put in an order drawn from ``seed``; the first ``validation`` of
    them (None: half as many as the validation set has) are the validation set, the others are the test set.

    Raises :class:`InvalidSetting` as :func:`load_dataset` does, and where nothing is left to test on.
    """
    dataset = DATASETS[name]
    given = load_dataset(name, train_size, noise)
    X, y = given.X_val, given.y_val
    if dataset.noise is None and train_size is not None:
        everything = load_dataset(name)
        X = np.concatenate([X, everything.X_train[train_size:]])
        y = np.concatenate([y, everything.y_train[train_size:]])
    count = len(given.y_val) // 2 if validation is None else validation
    count = Whole(1, len(y) - 1, "examples: the others are the test set").check("validation", count)
    chosen, others = np.split(np.random.default_rng(seed).permutation(len(y)), [count])
    train = given.X_train, given.y_train
    return prepared(dataset, preprocessing, train, (X[chosen], y[chosen]), (X[others], y[others]))


def folded(
    name: str,
    folds: int,
    train_size: int | None = None,
    noise: float | None = None,
    preprocessing: str = "none",
    *,
    seed: int = 0,
) -> list[Data]:
    """The training set in ``folds`` parts of equal size: for each, a set that is validated on it and trained on the
    others, prepared by those alone. The validation set, which no fold has seen, is the test set of all.

    The order is drawn from ``seed``; up to ``folds`` - 1 examples are left out, so that all parts are of one size.
    Raises :class:`InvalidSetting` for fewer than 2 folds or more than there are examples.
    """
    given = load_dataset(name, train_size, noise)
    everything, test = (given.X_train, given.y_train), (given.X_val, given.y_val)
    return [
        prepared(given.dataset, preprocessing, others, part, test) for others, part in _split(everything, folds, seed)
    ]


def folded_within(
    name: str,
    folds: int,
    inner: int,
    train_size: int | None = None,
    noise: float | None = None,
    preprocessing: str = "none",
    *,
    seed: int = 0,
) -> list[list[Data]]:
    """For each fold of :func:`folded`, what that trains on in ``inner`` parts again. The fold is their test set."""
    given = load_dataset(name, train_size, noise)
    return [
        [prepared(given.dataset, preprocessing, train, val, part) for train, val in _split(others, inner, seed + 1)]
        for others, part in _split((given.X_train, given.y_train), folds, seed)
    ]


def _split(examples: Part, folds: int, seed: int) -> list[tuple[Part, Part]]:
    """For each of ``folds`` parts: the other parts, and the part itself."""
    X, y = examples
    folds = Whole(2, len(y), "parts, with an example each at least").check("folds", folds)
    order = np.random.default_rng(seed).permutation(len(y))[: len(y) // folds * folds]
    parts = np.split(order, folds)
    found = []
    for left_out, part in enumerate(parts):
        others = np.concatenate(parts[:left_out] + parts[left_out + 1 :])
        found.append(((X[others], y[others]), (X[part], y[part])))
    return found
