"""The winner's curse: who is chosen by its score has been lucky, and the more there were to choose from the luckier.

Real nets have been trained; each look at them shares other examples out between those they are chosen by and others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.splits import load_with_test
from trainingwheels.engine.search.spaces import LogUniform
from trainingwheels.engine.settings import Option, Table
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import train_steps

__all__ = ["LOOKS", "NETS", "POOLS", "SIZES", "Pool", "Winners", "contender", "pool", "winners"]

Floats = NDArray[Any]
POOLS = Table(
    "contenders",
    (
        Option("search", "trials of a random search"),
        Option("seeds", "one setting, other seeds"),
    ),
)
NETS = 128  # of a pool
SIZES = (16, 32, 64, 128, 256, 512)  # validation sets
LOOKS = 300  # other validation sets and other orders of the nets
LR, L2 = LogUniform(0.003, 0.3), LogUniform(1e-6, 1e-2)
KEPT = 4  # pools, so that one can go back to them


@dataclass(frozen=True)
class Pool:
    """``right`` (nets, examples) says which of the examples that no net has learned from each has right."""

    kind: str
    right: NDArray[np.bool_]

    @property
    def accuracies(self) -> Floats:
        """On all of them, (nets,)."""
        found: Floats = self.right.mean(axis=1)
        return found


def contender(conv: tuple[int, ...] = ()) -> RunConfig:
    """What all nets of a pool have in common; they may begin with convolutions ``conv``."""
    return RunConfig(train_size=300, conv=conv, hidden=(24,), lr=0.03, epochs=10, batch_size=32)


@lru_cache(maxsize=KEPT)
def pool(kind: str, conv: tuple[int, ...] = ()) -> Pool:
    """Small nets that have learned 300 digits for ten epochs: of a random search over lr and L2, or of one setting."""
    base = contender(conv)
    draws = np.random.default_rng(0).random((NETS, 2))
    if kind == "search":
        configs = [replace(base, lr=LR.at(x), l2=L2.at(y)) for x, y in draws.tolist()]
    else:
        configs = [replace(base, seed=seed) for seed in range(NETS)]
    *_, snapshot = train_steps(configs, "cpu", snapshots=1)
    data = load_with_test("digits", base.train_size, validation=1)
    X, y = np.concatenate([data.X_val, data.X_test]), np.concatenate([data.y_val, data.y_test])
    return Pool(kind, np.stack(snapshot.predict(X)) == y)


@dataclass(frozen=True)
class Winners:
    """For each of ``SIZES``, each look, and 1, 2, ... nets to choose from: ndarrays (sizes, looks, nets).

    ``val`` is the accuracy of the winner on the examples by which it was chosen, ``new`` on all others, ``best`` that
    of the net which is best on those: whom one would choose if one knew. ``shown`` (sizes, 2, nets) are both accuracies
    of each net in one look.
    """

    val: Floats
    new: Floats
    best: Floats
    shown: Floats


@lru_cache(maxsize=KEPT)
def winners(kind: str, seed: int = 0, conv: tuple[int, ...] = ()) -> Winners:
    """The winners of a pool; ``seed`` draws the one look that is shown."""
    right = pool(kind, conv).right.astype(np.float32)
    own = [_scores(right, size, np.random.default_rng((seed, size, 1)), 1) for size in SIZES]
    return Winners(*_looks(kind, conv), np.stack([np.concatenate(each) for each in own]))


@lru_cache(maxsize=KEPT)
def _looks(kind: str, conv: tuple[int, ...]) -> tuple[Floats, Floats, Floats]:
    right = pool(kind, conv).right.astype(np.float32)
    found = [_at(right, size, np.random.default_rng((0, size)), LOOKS) for size in SIZES]
    val, new, best = (np.stack([each[part] for each in found]) for part in range(3))
    return val, new, best


def _at(right: Floats, size: int, rng: np.random.Generator, looks: int) -> tuple[Floats, Floats, Floats]:
    """Winner's score, its score on the other examples, and the best score there: each (looks, nets)."""
    val, new = _scores(right, size, rng, looks)
    leader = np.maximum.accumulate(val, axis=1)
    is_new = np.concatenate([np.ones((looks, 1), bool), leader[:, 1:] > leader[:, :-1]], axis=1)
    who = np.maximum.accumulate(np.where(is_new, np.arange(val.shape[1]), 0), axis=1)
    return leader, np.take_along_axis(new, who, axis=1), np.maximum.accumulate(new, axis=1)


def _scores(right: Floats, size: int, rng: np.random.Generator, looks: int) -> tuple[Floats, Floats]:
    """Accuracies on ``size`` examples drawn anew for each look, and on the others: each (looks, nets), in any order."""
    nets, examples = right.shape
    chosen = rng.random((looks, examples)).argsort(axis=1) < size  # each row has as many
    order = rng.random((looks, nets)).argsort(axis=1)
    hits, all_hits = chosen.astype(np.float32) @ right.T, right.sum(axis=1)
    val, new = hits / size, (all_hits - hits) / (examples - size)
    return np.take_along_axis(val, order, axis=1), np.take_along_axis(new, order, axis=1)
