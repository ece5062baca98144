"""One search on its way: which of its trials are taken, what has come of them, and what others have found."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from trainingwheels.engine.data.datasets import Data
from trainingwheels.engine.data.splits import load_with_test
from trainingwheels.engine.search.plans import Plan
from trainingwheels.engine.search.results import Result, Trial
from trainingwheels.engine.search.storages import HEARTBEAT
from trainingwheels.engine.search.study import Study, Taken
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["POLL", "Progress", "wait"]

POLL = 0.5  # seconds between looks at what others are doing


class Progress:
    """The search ``plan``, in ``storage`` by the name ``study``: see :func:`.search`.

    Whoever trains its trials ``take``s some, tells by ``note`` what they have come to, and ``look``s, again and again
    until it is ``over``.
    """

    def __init__(
        self, plan: Plan, storage: str | None = None, study: str = "search", heartbeat: int = HEARTBEAT
    ) -> None:
        self.plan = plan
        self.shared = storage is not None
        self.over = False
        self.trials: dict[int, Trial] = {}  # that this process has taken
        self._taken: list[Taken] = []  # of them, those that nobody has been told of
        self._sets: dict[tuple[Any, ...], Data] = {}
        self._others: tuple[float, list[Trial]] = (-POLL, [])
        self._study = Study(plan, storage, study, heartbeat)

    @property
    def busy(self) -> bool:
        """Whether trials are under way here."""
        return bool(self._taken)

    @property
    def open(self) -> bool:
        """Whether there are trials that wait, or that somebody is at."""
        return not self.over and self._study.open

    @property
    def result(self) -> Result:
        """What there is so far."""
        others = {trial.number: trial for trial in self._others[1]}
        return self.plan.result((others | self.trials).values(), self.over)

    def take(self, most: int) -> list[Trial]:
        """The next trials, ``most`` at most: nobody else gets them."""
        self._taken = [] if self.over else self._study.take(most)
        trials = [each.trial for each in self._taken]
        self.trials |= {trial.number: trial for trial in trials}
        return trials

    def job(self, trial: Trial) -> tuple[RunConfig, Data]:
        """What is trained for a trial, and what it learns from and is tried on."""
        assert self.plan.base
        config = replace(self.plan.base, **trial.params)
        what = config.data_settings
        if what not in self._sets:
            self._sets[what] = load_with_test(*what, validation=self.plan.validation, seed=self.plan.seed)
        return config, self._sets[what]

    def note(self, trials: Iterable[Trial]) -> None:
        """Keep what the trials that were taken have come to, and tell of those that have ended."""
        now = {trial.number: trial for trial in trials}
        for taken in tuple(self._taken):
            trial = self.trials[taken.trial.number] = now[taken.trial.number]
            if trial.state == "running":
                self._study.report(taken, trial)
                continue
            if not self._study.tell(taken, trial):
                del self.trials[trial.number]
            self._taken.remove(taken)

    def look(self) -> None:
        """See what others have found, now and then; where nothing is left, the search is over."""
        if self.over:
            return
        closed = not self._taken and not self._study.open  # before a look, which then sees what others told last
        now = time.monotonic()
        if self.shared and (not self._taken or now - self._others[0] > POLL):
            self._others = now, self._study.others()
        if closed:
            self.over = True
            self._study.close()

    def stop(self) -> None:
        """End it: what is under way is stopped where it is, and waits in a storage for whoever goes on."""
        if self.over:
            return
        self.over = True
        stopping = [(taken, _stopped(self.trials[taken.trial.number])) for taken in self._taken]
        self.trials |= {trial.number: trial for _, trial in stopping}
        with suppress(InvalidSetting):  # a storage that does not hear it misses the signs of life
            for taken, trial in stopping:
                self._study.tell(taken, trial)
        self._taken = []
        self._study.close()


def wait() -> None:
    """Until it is time to look again at what others are doing."""
    time.sleep(POLL)


def _stopped(trial: Trial) -> Trial:
    return replace(trial, state="stopped") if trial.state == "running" else trial
