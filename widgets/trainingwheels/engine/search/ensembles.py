"""The best trials of a search as an ensemble: their probabilities averaged, on examples that nothing was chosen by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from trainingwheels.engine.data.datasets import Data
from trainingwheels.engine.search.results import Trial
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import train_steps

__all__ = ["EVALUATED", "Together", "ensemble"]

EVALUATED = 1000  # of the validation and the test examples, at most: as many as an evaluation of a run looks at


@dataclass(frozen=True)
class Together:
    """``accuracy`` of the mean of their probabilities on the test set, and ``singles``, that of each of them alone."""

    accuracy: float
    singles: tuple[float, ...]

    @property
    def count(self) -> int:
        return len(self.singles)


def ensemble(trials: Sequence[Trial], base: RunConfig, data: Data) -> Together:
    """Train the nets of these trials again, which gives the same ones, and average what they say of the test set.

    ``base`` and ``data`` are those of the search; its inputs are taken as they are, without preprocessing.
    """
    configs = [replace(base, **trial.params) for trial in trials]
    *_, snapshot = train_steps(configs, "cpu", snapshots=1, data=[data] * len(configs))
    X, y = data.X_test[:EVALUATED], data.y_test[:EVALUATED]
    singles, total = [], np.zeros((len(y), data.dataset.classes))
    for place in range(len(configs)):
        probabilities = snapshot.respond_of(place, X).probabilities
        singles.append(float((probabilities.argmax(axis=1) == y).mean()))
        total += probabilities
    return Together(float((total.argmax(axis=1) == y).mean()), tuple(singles))
