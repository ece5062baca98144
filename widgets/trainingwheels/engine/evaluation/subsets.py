"""How good an ensemble is of some of its members: over all subsets of one size, or many of them."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.evaluation.averaging import COMBINATIONS
from trainingwheels.engine.settings import InvalidSetting, Whole

__all__ = ["subset_accuracy"]


def subset_accuracy(
    probabilities: ArrayLike, labels: ArrayLike, size: int, how: str = "mean", subsets: int = 200, seed: int = 0
) -> NDArray[np.float64]:
    """The accuracies of ensembles of ``size`` of the members, each combined as ``how`` says: one for each subset.

    ``probabilities`` are (members, examples, classes) and ``labels`` (examples,). These are all subsets of that size
    where there are at most ``subsets``, and otherwise so many that are drawn from ``seed``. A size of 1 gives the
    members' own accuracies. Raises :class:`InvalidSetting` for a size below 1 or above the number of members.
    """
    p, y = np.asarray(probabilities, np.float64), np.asarray(labels)
    if p.ndim != 3 or y.shape != p.shape[1:2]:
        raise InvalidSetting(
            f"probabilities {p.shape} and labels {y.shape} do not fit: "
            "choose arrays (members, examples, classes) and (examples,)."
        )
    size = Whole(1, len(p), "members").check("size", size)
    rule = COMBINATIONS[how].rule
    chosen = _subsets(len(p), size, subsets, seed)
    return np.array([(rule(p[members]).argmax(axis=-1) == y).mean() for members in chosen])


def _subsets(members: int, size: int, most: int, seed: int) -> list[Any]:
    """All subsets of that size, or ``most`` that are drawn."""
    if comb(members, size) <= most:
        return [list(each) for each in combinations(range(members), size)]
    rng = np.random.default_rng(seed)
    return [rng.choice(members, size, replace=False) for _ in range(most)]
