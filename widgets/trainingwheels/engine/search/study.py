"""The trials of one search on optuna: what is still to be tried, who is at it, and what came of the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingwheels.engine.search.optimizing import load_optuna, silently
from trainingwheels.engine.search.results import Trial
from trainingwheels.engine.search.samplers import SAMPLERS, count_of_trials, draw, seed_for
from trainingwheels.engine.search.spaces import Space, distributions, inside, outside

if TYPE_CHECKING:
    import optuna

__all__ = ["Plan", "Study", "Taken"]


@dataclass(frozen=True)
class Plan:
    """What is searched, and how: ``trials`` trials, drawn by ``sampler`` from ``seed``."""

    space: Space
    sampler: str
    trials: int
    seed: int

    @property
    def looks(self) -> bool:
        """Whether a trial depends on those before it."""
        return SAMPLERS[self.sampler].looks


@dataclass(frozen=True)
class Taken:
    """A trial that somebody is at, and what optuna calls it."""

    trial: Trial
    asked: optuna.trial.Trial


class Study:
    """The trials of ``plan``. All are there from the start, waiting; each is taken once, and told once.

    A sampler that does not look has drawn them all; one that looks draws a trial's parameters when it is taken.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan, self.known = plan, distributions(plan.space)
        self.optuna = load_optuna()
        self.study: optuna.Study = self.optuna.create_study(direction="maximize")
        self.planned = count_of_trials(plan.sampler, plan.space, plan.trials)
        self._plan_all()

    def _plan_all(self) -> None:
        """Put all trials where they can be taken."""
        waiting = self.optuna.trial.TrialState.WAITING
        points = [None] * self.planned if self.plan.looks else draw(*self._drawn())
        for place, point in enumerate(points):
            drawn = {"params": inside(self.plan.space, point), "distributions": self.known} if point else {}
            self.study.add_trial(self.optuna.trial.create_trial(state=waiting, user_attrs={"place": place}, **drawn))

    def _drawn(self) -> tuple[str, Space, int, int]:
        return self.plan.sampler, self.plan.space, self.planned, self.plan.seed

    @property
    def waiting(self) -> bool:
        """Whether there are trials that nobody has taken."""
        return bool(self.study.get_trials(deepcopy=False, states=(self.optuna.trial.TrialState.WAITING,)))

    def take(self, most: int) -> list[Taken]:
        """The next trials, ``most`` at most: nobody else gets them. Nothing where all are taken."""
        states = self.optuna.trial.TrialState
        waiting = self.study.get_trials(deepcopy=False, states=(states.WAITING,))
        if self.plan.looks and waiting:
            seed = seed_for(self.plan.seed, len(self.study.get_trials(deepcopy=False)) - len(waiting))
            self.study.sampler = SAMPLERS[self.plan.sampler].make(self.plan.space, self.planned, seed)
        found = []
        for _ in waiting[:most]:
            with silently():
                asked = self.study.ask(self.known)
            if "place" not in asked.user_attrs:  # others have taken all that were waiting
                self.study.tell(asked, state=states.FAIL)
                break
            params = outside(self.plan.space, asked.params)
            found.append(Taken(Trial(asked.user_attrs["place"], params, "running"), asked))
        return found

    def tell(self, taken: Taken, trial: Trial) -> None:
        """What has come of a trial, for the sampler."""
        states = self.optuna.trial.TrialState
        if trial.state == "complete":
            self.study.tell(taken.asked, trial.value)
        elif trial.state == "stopped":
            self.study.tell(taken.asked, state=states.FAIL)
        else:
            if math.isfinite(trial.value):
                taken.asked.report(trial.value, round(trial.epochs))
            self.study.tell(taken.asked, state=states.PRUNED)
