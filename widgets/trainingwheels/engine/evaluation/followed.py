"""Finished runs that were asked at many moments: what early stopping would have seen, and what a test set says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.datasets import load_dataset
from trainingwheels.engine.evaluation.calibration import log_losses
from trainingwheels.engine.settings import Option, Table
from trainingwheels.engine.training.history import History
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import train_steps

__all__ = ["SCORES", "Followed", "followed"]

Floats = NDArray[np.float64]

SCORES = Table(
    "score",
    (
        Option("accuracy", "validation accuracy"),
        Option("loss", "validation loss"),
    ),
)
"""What a rule of early stopping may look at."""


@dataclass(frozen=True)
class Followed:
    """A run to its end, and what its net said of held-out examples at each of its moments.

    ``epochs`` are those moments, (moments,), the first before any step. ``right`` (moments, examples) says which
    examples got their label, ``losses`` has -log of its probability. The first ``held_out`` examples, which have no
    order, are for validation, or as many of them as somebody likes; all others are the test set, at which no choice
    may look.
    """

    history: History
    epochs: Floats
    right: NDArray[np.bool_]
    losses: NDArray[np.float32]

    @property
    def held_out(self) -> int:
        """The most examples there can be for validation: a power of two, that leaves at least half for the test."""
        return int(2 ** ((self.right.shape[1] // 2).bit_length() - 1))

    @property
    def tested(self) -> int:
        """The number of examples in the test set."""
        return int(self.right.shape[1]) - self.held_out

    @property
    def test(self) -> Floats:
        """Accuracy on the test set at each moment."""
        found: Floats = self.right[:, self.held_out :].mean(axis=1)
        return found

    def scores(self, score: str, size: int) -> Floats:
        """What a rule sees of ``size`` validation examples at each moment: the higher, the better."""
        size = min(size, self.held_out)
        right: Floats = self.right[:, :size].mean(axis=1)
        loss: Floats = self.losses[:, :size].mean(axis=1, dtype=np.float64)
        return right if score == "accuracy" else -loss

    @property
    def training_loss(self) -> Floats:
        """The mean loss of the batches since the moment before, (moments,); at the first, that of the first batch."""
        ends = self.history.eval_steps
        loss = self.history.train_loss.astype(np.float64)
        parts = [loss[:1], *(loss[a:b] for a, b in pairwise(ends))]
        return np.array([part.mean() for part in parts])


@lru_cache(maxsize=8)
def followed(*configs: RunConfig, moments: int = 60) -> tuple[Followed, ...]:
    """Train runs to their end, together where they can be, and ask each ``moments`` times on the way, evenly spaced."""
    one = configs[0]
    data = load_dataset(one.dataset, one.train_size, one.data_noise)
    X, y = data.X_val, data.y_val
    right, losses = [], []
    for snapshot in train_steps(configs, "cpu", snapshots=moments):
        p = np.stack([response.probabilities for response in snapshot.respond(X)])  # (runs, examples, classes)
        right.append(p.argmax(axis=-1) == y)
        losses.append(log_losses(p, y))
    each = zip(snapshot.histories, np.stack(right, 1), np.stack(losses, 1), strict=True)
    return tuple(
        Followed(history, history.eval_steps / history.steps_per_epoch, was_right, loss)
        for history, was_right, loss in each
    )
