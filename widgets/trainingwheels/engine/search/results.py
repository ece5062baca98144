"""What a search has found, at one moment. Nothing in it changes afterwards."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.search.optimizing import load_optuna, silently
from trainingwheels.engine.search.spaces import Space, distributions, inside
from trainingwheels.engine.training.history import History

__all__ = ["STATES", "Result", "Trial"]

Floats = NDArray[np.float64]
TREES = 32  # of the forest that tells importances: a second for 100 trials
STATES = ("running", "complete", "diverged", "pruned", "stopped")
"""A trial is running; or has come to its end; its loss was NaN or infinite; it was given up for better ones, by
successive halving; or the search was stopped before its end."""


@dataclass(frozen=True)
class Trial:
    """One choice of parameters, and what came of it.

    ``value`` is what is maximized: the objective's, or the accuracy on the validation set at the latest evaluation;
    ``test`` is the same net's accuracy on the test set. Both are NaN where they are not known (yet), and ``value`` of a
    diverged trial is NaN. ``history`` is the run up to now, None where a function is searched. ``epochs`` is how many
    it has been trained for, or 1 call of a function. ``number`` counts from 0 in the order in which trials are tried.
    """

    number: int
    params: Mapping[str, Any]
    state: str
    value: float = math.nan
    test: float = math.nan
    history: History | None = None
    epochs: float = 0.0

    @property
    def counts(self) -> bool:
        """Whether it can be the best: it has come to its end."""
        return self.state == "complete"


@dataclass(frozen=True)
class Result:
    """The trials of a search that have begun, in order; ``planned`` are there in all.

    ``budget`` is what all of them may cost, in epochs (or calls of a function), ``done`` says that no more will come.
    """

    space: Space
    sampler: str
    trials: tuple[Trial, ...]
    planned: int
    budget: float
    done: bool

    @property
    def finished(self) -> tuple[Trial, ...]:
        """Those that are no longer running."""
        return tuple(trial for trial in self.trials if trial.state != "running")

    @property
    def spent(self) -> float:
        """The epochs that all trials have been trained for, or calls of a function."""
        return sum(trial.epochs for trial in self.trials)

    @property
    def best(self) -> Trial | None:
        """The complete trial with the highest value, the first of several; None before there is one."""
        return max((trial for trial in self.trials if trial.counts), key=lambda trial: trial.value, default=None)

    def top(self, count: int) -> tuple[Trial, ...]:
        """The ``count`` best complete trials, best first; fewer where there are fewer."""
        return tuple(sorted((trial for trial in self.trials if trial.counts), key=lambda trial: -trial.value)[:count])

    @property
    def best_so_far(self) -> tuple[Floats, Floats]:
        """After each of ``finished``: the best value of a complete trial, and that trial's test; NaN before one."""
        values, tests, best = [], [], (math.nan, math.nan)
        for trial in self.finished:
            if trial.counts and not trial.value <= best[0]:
                best = trial.value, trial.test
            values.append(best[0])
            tests.append(best[1])
        return np.array(values), np.array(tests)

    @cached_property
    def importances(self) -> dict[str, float]:
        """How much of what the values differ by each parameter is to blame for, the most important first; they add up
        to 1. It is functional ANOVA (Hutter et al., 2014) by a forest of trees. Empty with fewer than 2 complete
        trials, or where all have one value."""
        counted = [trial for trial in self.trials if trial.counts]
        if len({trial.value for trial in counted}) < 2:
            return {}
        optuna, known = load_optuna(), distributions(self.space)
        study = optuna.create_study(direction="maximize")
        for trial in counted:
            params = inside(self.space, trial.params)
            study.add_trial(optuna.trial.create_trial(params=params, distributions=known, value=trial.value))
        with silently():
            evaluator = optuna.importance.FanovaImportanceEvaluator(n_trees=TREES, seed=0)
            found = optuna.importance.get_param_importances(study, evaluator=evaluator)
        return {name: float(share) for name, share in found.items()}
