"""The trials of one search on optuna: what is still to be tried, who is at it, and what came of the others."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from trainingwheels.engine.search.optimizing import load_optuna, silently
from trainingwheels.engine.search.plans import Plan
from trainingwheels.engine.search.results import Trial
from trainingwheels.engine.search.samplers import SAMPLERS, draw, seed_for
from trainingwheels.engine.search.spaces import distributions, inside, outside
from trainingwheels.engine.search.storages import HEARTBEAT, Heart, connect, disconnect, reachable, shown
from trainingwheels.engine.search.stored import history_from, history_to
from trainingwheels.engine.settings import InvalidSetting

if TYPE_CHECKING:
    import optuna

__all__ = ["Study", "Taken", "find_plan"]

BEING_MADE = 10  # seconds that another process may take to write all trials down


@dataclass(frozen=True)
class Taken:
    """A trial that this process is at, and what optuna calls it."""

    trial: Trial
    asked: optuna.trial.Trial


class Study:
    """The trials of ``plan``, in ``storage`` under a ``name``. All are there from the start, waiting.

    Each is taken once, by whoever comes first, and told once. A sampler that does not look has drawn them all; one that
    looks draws a trial's parameters when it is taken. A trial whose process gives no sign of life for twice
    ``heartbeat`` seconds waits again, as another trial of optuna's in the same place: what counts is the place.
    """

    def __init__(self, plan: Plan, storage: str | None, name: str, heartbeat: int = HEARTBEAT) -> None:
        self.plan, self.storage, self.name = plan, storage, name
        self.known, self.optuna = distributions(plan.space), load_optuna()
        self.states = self.optuna.trial.TrialState
        self._kept = connect(storage, heartbeat)
        with self.reachable():
            self.study = self._open()
        shared = storage is not None
        self._heart = Heart(cast("optuna.storages.RDBStorage", self._kept), heartbeat) if shared else None
        self._reported: dict[int, int] = {}
        self._told = 0

    def reachable(self) -> AbstractContextManager[None]:
        """Around what asks the storage."""
        return reachable(self.storage)

    def _open(self) -> optuna.Study:
        """The study of that name, made if there is none."""
        try:
            study: optuna.Study = self.optuna.create_study(
                storage=self._kept, study_name=self.name, direction="maximize"
            )
        except self.optuna.exceptions.DuplicatedStudyError:
            study = self.optuna.load_study(study_name=self.name, storage=self._kept)
            self._check_plan(_written(study, self.storage))
            self._find_lost(study)
            return study
        self._write_trials(study)
        study.set_user_attr("plan", self.plan.to_dict())  # the last, so that who finds it finds all trials
        return study

    def _check_plan(self, found: Mapping[str, Any]) -> None:
        differing = [name for name, value in self.plan.to_dict().items() if found.get(name) != value]
        if differing:
            raise InvalidSetting(
                f"study = {self.name!r} is in {shown(self.storage or '')} already, with another {differing[0]}: "
                "choose another name, or ask for the same."
            )

    def _write_trials(self, study: optuna.Study) -> None:
        plan = self.plan
        points = [None] * plan.count if plan.looks else draw(plan.sampler, plan.space, plan.count, plan.seed)
        for place, point in enumerate(points):
            self._wait(study, place, inside(plan.space, point) if point else None)

    def _find_lost(self, study: optuna.Study) -> None:
        """Let places wait again whose process died just when it gave them back."""
        ours = [trial for trial in study.get_trials(deepcopy=False) if "place" in trial.user_attrs]
        alive = {trial.user_attrs["place"] for trial in ours if trial.state != self.states.FAIL}
        lost = {trial.user_attrs["place"]: trial.params for trial in ours}
        for place in lost.keys() - alive:
            self._wait(study, place, lost[place])

    def _trials(self, *states: optuna.trial.TrialState) -> list[optuna.trial.FrozenTrial]:
        return self.study.get_trials(deepcopy=False, states=states or None)

    @property
    def open(self) -> bool:
        """Whether there are trials that wait, or that somebody is at."""
        if not self._heart:
            return self._told < self.plan.count
        with self.reachable():
            return bool(self._trials(self.states.WAITING, self.states.RUNNING))

    def take(self, most: int) -> list[Taken]:
        """The next trials, ``most`` at most: nobody else gets them. Nothing where all are taken."""
        found: list[Taken] = []
        with self.reachable(), silently():
            if self._heart:
                self.optuna.storages.fail_stale_trials(self.study)
            waiting = self._trials(self.states.WAITING)
            if self.plan.looks and waiting:
                seed = seed_for(self.plan.seed, len(self._trials()) - len(waiting))
                self.study.sampler = SAMPLERS[self.plan.sampler].make(self.plan.space, self.plan.count, seed)
            for _ in waiting[:most]:
                asked = self.study.ask(self.known)
                if self._heart:
                    self._heart.beating.add(asked._trial_id)
                if "place" not in asked.user_attrs:  # others have taken all that were waiting
                    self._end(asked, state=self.states.FAIL)
                    break
                trial = Trial(asked.user_attrs["place"], outside(self.plan.space, asked.params), "running")
                found.append(Taken(trial, asked))
            if self._heart:
                self._heart.beat()
        return found

    def report(self, taken: Taken, trial: Trial) -> None:
        """Let others see how far a running trial is, once an epoch."""
        epoch = int(trial.epochs)
        if self._heart and epoch > self._reported.get(trial.number, 0) and math.isfinite(trial.value):
            self._reported[trial.number] = epoch
            with self.reachable():
                self._try(lambda: taken.asked.report(trial.value, epoch))

    def tell(self, taken: Taken, trial: Trial) -> bool:
        """What has come of a trial. False where it was thought dead meanwhile, and somebody else is at it."""
        with self.reachable():
            heard = self._try(lambda: self._tell(taken.asked, trial))
        self._told += 1
        return heard

    def _tell(self, asked: optuna.trial.Trial, trial: Trial) -> None:
        if trial.state == "stopped":
            self._give_back(asked)
            return
        if self._heart:
            found = {"state": trial.state, "value": trial.value, "test": trial.test, "epochs": trial.epochs}
            history = history_to(trial.history) if trial.history else None
            asked.set_user_attr("found", found | {"history": history})
        if trial.state == "complete":
            self._end(asked, trial.value)
            return
        if math.isfinite(trial.value):
            asked.report(trial.value, int(trial.epochs))
        self._end(asked, state=self.states.PRUNED)

    def _end(self, asked: optuna.trial.Trial, value: float | None = None, **state: Any) -> None:
        self.study.tell(asked, value, skip_if_finished=True, **state)
        if self._heart:
            self._heart.beating.discard(asked._trial_id)

    def _give_back(self, asked: optuna.trial.Trial) -> None:
        """Where others can go on, the trial waits again."""
        if self._heart:
            self._wait(self.study, asked.user_attrs["place"], asked.params)
        self._end(asked, state=self.states.FAIL)

    def _wait(self, study: optuna.Study, place: int, params: Mapping[str, Any] | None) -> None:
        """A trial for whoever comes; ``params``, as optuna calls them, are None where they are still to be drawn."""
        drawn = {"params": params, "distributions": self.known} if params else {}
        study.add_trial(self.optuna.trial.create_trial(state=self.states.WAITING, user_attrs={"place": place}, **drawn))

    def _try(self, act: Callable[[], None]) -> bool:
        try:
            act()
        except self.optuna.exceptions.UpdateFinishedTrialError:
            return False
        return True

    def others(self) -> list[Trial]:
        """What the storage knows of all trials that somebody has begun, one for each place."""
        with self.reachable():
            found: dict[int, Trial] = {}
            for frozen in self._trials(self.states.RUNNING, self.states.COMPLETE, self.states.PRUNED):
                trial = self._read(frozen)
                if trial and (trial.number not in found or found[trial.number].state == "running"):
                    found[trial.number] = trial
            return [found[number] for number in sorted(found)]

    def _read(self, frozen: optuna.trial.FrozenTrial) -> Trial | None:
        if "place" not in frozen.user_attrs or frozen.params.keys() != self.known.keys():
            return None
        params = outside(self.plan.space, frozen.params)
        trial = Trial(frozen.user_attrs["place"], params, "running")
        if not frozen.state.is_finished():
            epoch = frozen.last_step
            return trial if epoch is None else replace(trial, value=frozen.intermediate_values[epoch], epochs=epoch)
        found = dict(frozen.user_attrs["found"])
        history = found.pop("history")
        if history and self.plan.base:
            history = history_from(history, replace(self.plan.base, **params))
        return replace(trial, **found, history=history)

    def close(self) -> None:
        """Give no more signs of life."""
        if self._heart:
            self._heart.stop()
            self._heart = None
        disconnect(self._kept)


def find_plan(name: str, storage: str) -> Plan:
    """What is searched in the study ``name``. :class:`InvalidSetting` where there is none."""
    optuna = load_optuna()
    kept = connect(storage)
    with reachable(storage):
        try:
            study = optuna.load_study(study_name=name, storage=kept)
            return Plan.from_dict(_written(study, storage))
        except KeyError:
            names = ", ".join(optuna.get_all_study_names(kept)) or "none"
            raise InvalidSetting(
                f"study = {name!r} is not in {shown(storage)}, which has {names}: start one with search(..., "
                f"storage=..., study={name!r})."
            ) from None
        finally:
            disconnect(kept)


def _written(study: optuna.Study, storage: str | None) -> Mapping[str, Any]:
    """The plan of a study, which may just be being made."""
    until = time.monotonic() + BEING_MADE
    while time.monotonic() < until:
        attributes = study.user_attrs
        if "plan" in attributes:
            plan: Mapping[str, Any] = attributes["plan"]
            return plan
        time.sleep(0.1)
    raise InvalidSetting(
        f"study = {study.study_name!r} in {shown(storage or '')} is no search of ours, or was left half made: "
        "choose another name."
    )
