"""Landscapes of real nets: as many are trained as there are points on a fine grid, and what lies between is blended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.search.spaces import LogUniform, Uniform
from trainingwheels.engine.settings import Table
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import train

__all__ = ["BASE", "PAIRS", "POINTS", "Measured", "Pair", "learner", "measured"]

Floats = NDArray[Any]
POINTS = 16  # along each axis
BASE = RunConfig(hidden=(16,), train_size=512, epochs=4, batch_size=32)


@dataclass(frozen=True)
class Pair:
    """Two settings of a run to look at together: lr, and ``field``, called ``words``."""

    name: str
    label: str
    field: str
    words: str
    lr: LogUniform
    other: LogUniform | Uniform


PAIRS: Table[Pair] = Table(
    "landscape",
    (
        Pair("l2", "real nets: lr and L2", "l2", "L2", LogUniform(1e-4, 3.0), LogUniform(1e-6, 1e-2)),
        Pair("dropout", "real nets: lr and dropout", "dropout", "dropout", LogUniform(1e-4, 3.0), Uniform(0.0, 0.95)),
        Pair("momentum", "real nets: lr and momentum", "momentum", "momentum", LogUniform(1e-4, 3.0), Uniform(0, 0.99)),
    ),
)


@dataclass(frozen=True)
class Measured:
    """``scores`` (POINTS, POINTS), rows by the second setting from below: accuracies in the middle of equal parts."""

    scores: Floats

    def score(self, points: ArrayLike) -> Floats:
        """At points (..., 2), both settings from 0 to 1 along their ranges; bilinear between those measured."""
        places = np.clip(np.asarray(points) * POINTS - 0.5, 0, POINTS - 1)
        below = np.minimum(places.astype(int), POINTS - 2)
        (x, y), (left, low) = np.moveaxis(places - below, -1, 0), np.moveaxis(below, -1, 0)
        under = self.scores[low, left] * (1 - x) + self.scores[low, left + 1] * x
        over = self.scores[low + 1, left] * (1 - x) + self.scores[low + 1, left + 1] * x
        found: Floats = under * (1 - y) + over * y
        return found


def learner(conv: tuple[int, ...] = ()) -> RunConfig:
    """What all nets of a landscape have in common; they may begin with convolutions ``conv``."""
    return replace(BASE, conv=conv)


@lru_cache(maxsize=2 * len(PAIRS))
def measured(name: str, conv: tuple[int, ...] = ()) -> Measured:
    """The validation accuracy of small nets that have learned 512 digits for four epochs, for each pair of values."""
    pair, base = PAIRS[name], learner(conv)
    shares = (np.arange(POINTS) + 0.5) / POINTS
    values = [(pair.lr.at(x), pair.other.at(y)) for y in shares.tolist() for x in shares.tolist()]
    own: list[dict[str, Any]] = [{"lr": lr, pair.field: other} for lr, other in values]
    histories = train([replace(base, **each) for each in own], "cpu", evaluations=1)
    ends = [history.val_accuracy[-1] if history.diverged_at is None else 0.0 for history in histories]
    return Measured(np.reshape(ends, (POINTS, POINTS)).astype(float))
