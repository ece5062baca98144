"""The same search again and again, with other seeds: what it comes to, and how far that spreads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.search.results import Result

__all__ = ["Repeated", "quartiles"]

Floats = NDArray[Any]


def quartiles(values: Floats) -> Floats:
    """The first, the median and the third of each column of ``values`` (repetitions, n): (3, n), NaN where one is."""
    found: Floats = np.quantile(values, (0.25, 0.5, 0.75), axis=0)
    return found


@dataclass(frozen=True)
class Repeated:
    """``results`` of one search with as many seeds."""

    results: tuple[Result, ...]

    @property
    def done(self) -> bool:
        """Whether no more will come of any."""
        return all(result.done for result in self.results)

    @cached_property
    def best_so_far(self) -> tuple[Floats, Floats]:
        """Validation and test accuracy of the best after each trial: two of (repetitions, trials).

        There are as many trials as every repetition has finished; NaN is where one has no best yet.
        """
        each = [result.best_so_far for result in self.results]
        count = min(len(values) for values, _ in each)
        val, test = (np.stack([both[part][:count] for both in each]) for part in range(2))
        return val, test

    @cached_property
    def ends(self) -> tuple[Floats, Floats]:
        """Validation and test accuracy of the best of each repetition now: two of (repetitions,), NaN for no best."""
        bests = [(result.best.value, result.best.test) if result.best else (np.nan, np.nan) for result in self.results]
        val, test = np.array(bests).T
        return val, test
