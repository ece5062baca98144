"""Two hyperparameters and a score: where a grid tries, where a random search does, and how good the best of each is.

After Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization" (JMLR 2012), figure 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["BITS", "DESIGNS", "DRAWS", "SIDES", "Contest", "Landscape", "Ridge", "contest", "design"]

Floats = NDArray[Any]
SIDES = (1, 2, 3, 4, 5, 6, 7, 8)  # of grids that are compared; each has its square of points
DRAWS = 1000  # of points, over which means and bands are taken
DESIGNS = ("grid", "random", "sobol")


class Landscape(Protocol):
    """A score from 0 to 1 of two hyperparameters, both scaled to 0..1: points (..., 2) to scores (...)."""

    def score(self, points: ArrayLike) -> Floats: ...


@dataclass(frozen=True)
class Ridge:
    """(g(x) + importance h(y)) / (1 + importance), g and h bumps of height 1 over ``peak`` whose standard deviation is
    ``width``. ``importance`` is how much y matters, as a share of how much x does."""

    importance: float = 0.1
    peak: tuple[float, float] = (0.62, 0.4)
    width: float = 0.1

    def along(self, values: ArrayLike, axis: int) -> Floats:
        """g (axis 0) or h (axis 1), from 0 to 1."""
        bump: Floats = np.exp(-0.5 * ((np.asarray(values) - self.peak[axis]) / self.width) ** 2)
        return bump

    def score(self, points: ArrayLike) -> Floats:
        x, y = np.moveaxis(np.asarray(points), -1, 0)
        score: Floats = (self.along(x, 0) + self.importance * self.along(y, 1)) / (1 + self.importance)
        return score


def design(name: str, side: int, seed: int) -> Floats:
    """The ``side`` squared points (n, 2) of a grid, of random draws or of a Sobol sequence, in the order of trials.

    Where a grid lies is arbitrary: it is shifted by a random part of its step along each axis. The sequence has a
    random digital shift.
    """
    (points,) = _designs(name, side, 1, seed)
    return np.asarray(points)


def _designs(name: str, side: int, draws: int, seed: int) -> Floats:
    """So many draws, (draws, side squared, 2). Larger sides go on where smaller ones end, but for the grid."""
    rng = np.random.default_rng((seed, DESIGNS.index(name)))
    if name == "grid":
        steps = np.stack(np.meshgrid(*[np.arange(side)] * 2), axis=-1).reshape(1, -1, 2)
        grid: Floats = (steps + rng.random((draws, 1, 2))) / side
        return grid
    if name == "random":
        random: Floats = rng.random((draws, SIDES[-1] ** 2, 2))[:, : side**2]
        return random
    shift = rng.integers(0, 2**BITS, (draws, 1, 2), dtype=np.uint32)
    sobol: Floats = ((_sobol()[None, : side**2] ^ shift) + 0.5) / 2**BITS
    return sobol


BITS = 16  # of a coordinate of the sequence


@lru_cache(maxsize=1)
def _sobol() -> NDArray[np.uint32]:
    """The first points of Sobol's sequence (1967) in two dimensions, as whole numbers below 2 ** BITS."""
    first, second = [1] * BITS, [1]
    for _ in range(BITS - 1):
        second.append((2 * second[-1]) ^ second[-1])  # of the primitive polynomial x + 1
    found = np.zeros((SIDES[-1] ** 2, 2), np.uint32)
    for index in range(1, len(found)):
        bit = (index & -index).bit_length() - 1  # the one that changes in the Gray code
        step = [directions[bit] << (BITS - 1 - bit) for directions in (first, second)]
        found[index] = found[index - 1] ^ np.array(step, np.uint32)
    return found


@dataclass(frozen=True)
class Contest:
    """The best scores of each design, paired by draw: ``best`` (sides, draws) for 1, 4, 9, ... trials.

    ``against`` (importances, draws) has those of ``side`` squared trials if y mattered so much; empty where nobody
    can set that.
    """

    side: int
    best: Mapping[str, Floats]
    importances: Floats
    against: Mapping[str, Floats]

    def here(self, name: str) -> Floats:
        """The best scores of a design with as many trials as are looked at, (draws,)."""
        scores: Floats = self.best[name][SIDES.index(self.side)]
        return scores


IMPORTANCES = np.linspace(0, 1, 21)


def contest(landscape: Landscape, side: int) -> Contest:
    """The best of each design over ``DRAWS`` draws, on one landscape; ``side`` squared trials are looked at."""
    best = {name: np.stack([_best(landscape, name, each) for each in SIDES]) for name in DESIGNS}
    if not isinstance(landscape, Ridge):
        return Contest(side, best, np.empty(0), {})
    against = {}
    for name in DESIGNS:
        x, y = np.moveaxis(_many(name, side), -1, 0)
        g, h = landscape.along(x, 0), landscape.along(y, 1)
        against[name] = np.stack([((g + share * h) / (1 + share)).max(axis=1) for share in IMPORTANCES])
    return Contest(side, best, IMPORTANCES, against)


def _best(landscape: Landscape, name: str, side: int) -> Floats:
    best: Floats = landscape.score(_many(name, side)).max(axis=1)
    return best


@lru_cache(maxsize=32)
def _many(name: str, side: int) -> Floats:
    """The same for every landscape, so that a slider that changes it moves curves instead of drawing others."""
    return _designs(name, side, DRAWS, 0)
