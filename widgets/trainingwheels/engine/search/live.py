"""Search for good hyperparameters with real runs, of which many are trained at once, or for the top of any function."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, Self

from trainingwheels.engine.data.datasets import Data
from trainingwheels.engine.data.splits import load_with_test
from trainingwheels.engine.search.batches import Batch, Calls, Objective, Runs
from trainingwheels.engine.search.plans import TRIALS, Plan
from trainingwheels.engine.search.results import Result, Trial
from trainingwheels.engine.search.spaces import Space
from trainingwheels.engine.search.storages import HEARTBEAT
from trainingwheels.engine.search.study import Study, Taken, find_plan
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import LiveTraining

__all__ = ["LiveSearch", "join", "search", "search_steps", "watch"]

TOGETHER = 8  # trials at once where a batch is not all: a sampler learns from it, or others are to have some
BRACKET = 27  # the same where the best third goes on, and of those again
POLL = 0.5  # seconds between looks at what others are doing


def search(
    space: Space,
    *,
    base: RunConfig | None = None,
    objective: Objective | None = None,
    sampler: str = "random",
    trials: int = 24,
    seed: int = 0,
    storage: str | None = None,
    study: str = "search",
    validation: int | None = None,
    batch: int | None = None,
    device: str = "auto",
) -> Result:
    """Try ``trials`` choices of parameters from ``space``, and return what came of all of them.

    ``space`` maps names to :class:`Uniform`, :class:`LogUniform` or :class:`Choices`. Either ``base`` is a config, the
    settings of which are replaced: each choice is trained, and its value is the accuracy at its end on the
    validation set, with that on a test set beside it. The data set's validation examples (and those training examples
    that ``train_size`` leaves) are shared out between both in an order drawn from ``seed``: see
    :func:`load_with_test`, which takes ``validation``. Or ``objective`` is any function of the chosen parameters, a
    dict, to a number; it is maximized, and a number that is not finite is a trial that has diverged.

    ``sampler`` is a name of ``SAMPLERS``, ``seed`` is what it draws from; the runs themselves are drawn from the seed
    of ``base``, all from the same one. A grid has as many trials as fill it: 9 trials of two parameters are 3 x 3.
    "halving" spends the epochs of ``trials`` whole runs on more of them: a third goes on, from where it is, for three
    times as long, and the others are pruned; of ``epochs`` at most, in rungs down to one. A function is called or not,
    there is no half of it, so that halving is random search there. ``batch`` is how many trials
    are trained as one population: None is all of them, or 8 where a sampler goes by earlier results or others share
    the study (27 with halving, each batch a bracket of its own); a function is called for one after the other.

    ``storage`` keeps the search: the URL of a database (``postgresql://user@host/name``), or a file, which is SQLite.
    Others may join it there, by the name ``study``: see :func:`join`, or ``trainingwheels worker``. A search that was
    stopped goes on; one that is done is read. None is the memory of this process.

    Raises :class:`InvalidSetting` for a range that is empty or beyond what a config allows, for a name that is no
    setting, a grid of more than 10,000 points, a storage that cannot be used, and a study of that name that is another.
    """
    plan = Plan(space, base, sampler, trials, seed, validation)
    with LiveSearch(plan, objective, storage, study, batch, device, watched=False) as live:
        return live.run()


def search_steps(
    space: Space,
    *,
    base: RunConfig | None = None,
    objective: Objective | None = None,
    sampler: str = "random",
    trials: int = 24,
    seed: int = 0,
    storage: str | None = None,
    study: str = "search",
    validation: int | None = None,
    batch: int | None = None,
    device: str = "auto",
    snapshots: int | None = None,
) -> LiveSearch:
    """:func:`search` while somebody watches: an iterator of results, about 12 a second while nets train, or so many
    ``snapshots`` of each batch, evenly spaced (with halving rounded up, so that each epoch has one).

    Each is all that has begun so far, with the curves up to now, and what others in the same ``storage`` have found;
    the last says ``done``, and is what :func:`search` returns. Leave the loop and call :meth:`LiveSearch.stop` to stop;
    what has finished is kept.
    """
    plan = Plan(space, base, sampler, trials, seed, validation)
    return LiveSearch(plan, objective, storage, study, batch, device, watched=True, snapshots=snapshots)


def join(
    study: str, storage: str, *, batch: int | None = None, heartbeat: int = HEARTBEAT, device: str = "auto"
) -> LiveSearch:
    """Take part in a search that :func:`search` has begun in a ``storage``: an iterator of results.

    It goes on until no trial is left, neither waiting nor with somebody else; a trial whose worker has given no sign of
    life for twice ``heartbeat`` seconds is taken up again. Raises :class:`InvalidSetting` where there is no such study,
    or one of a function, which is not in a storage.
    """
    plan = find_plan(study, storage)
    if plan.base is None:
        raise InvalidSetting(f"study = {study!r} searches a function, which only who began it has: join one of runs.")
    return LiveSearch(plan, None, storage, study, batch, device, watched=False, heartbeat=heartbeat)


def watch(study: str, storage: str, *, heartbeat: int = HEARTBEAT) -> Iterator[Result]:
    """Look on while others search: a result about twice a second, until no trial is left.

    Raises :class:`InvalidSetting` where there is no such study, or the storage does not answer.
    """
    plan = find_plan(study, storage)
    looking = Study(plan, storage, study, heartbeat)
    try:
        done = False
        while not done:
            done = not looking.open
            yield plan.result(looking.others(), done)
            time.sleep(0 if done else POLL)
    finally:
        looking.close()


class LiveSearch(Iterator[Result]):
    """A search under way, made by :func:`search_steps`: each ``next`` gets it on and returns the result so far.

    It is a context manager, which stops it. Where a storage stops answering, ``next`` raises :class:`InvalidSetting`;
    nothing is lost, and another ``next`` tries again.
    """

    def __init__(
        self,
        plan: Plan,
        objective: Objective | None,
        storage: str | None,
        study: str,
        batch: int | None,
        device: str,
        watched: bool,
        heartbeat: int = HEARTBEAT,
        snapshots: int | None = None,
    ) -> None:
        if (plan.base is None) == (objective is None):
            raise InvalidSetting(
                "A search needs one thing to try: give either base = RunConfig(...) or objective = a function."
            )
        self.plan, self._objective, self._device = plan, objective, device
        self._snapshots = snapshots if watched else plan.epochs
        self._batch_size = _batch_size(plan, batch, storage)
        self._trials: dict[int, Trial] = {}
        self._sets: dict[tuple[Any, ...], Data] = {}
        self._taken: list[Taken] = []  # and not told of
        self._batch: Batch | None = None
        self._shared = storage is not None
        self._others: tuple[float, list[Trial]] = (-POLL, [])
        self._over = False
        self._study = Study(plan, storage, study, heartbeat)

    def __next__(self) -> Result:
        if self._over:
            raise StopIteration
        self._advance()
        return self.result

    def run(self) -> Result:
        """Go on to the end."""
        while not self._over:
            self._advance()
        return self.result

    @property
    def training(self) -> LiveTraining | None:
        """The training of the present batch; None between batches, and where a function is searched."""
        return self._batch.training if self._batch and self._taken else None

    @property
    def own(self) -> frozenset[int]:
        """The numbers of the trials that this process has taken."""
        return frozenset(self._trials)

    @property
    def result(self) -> Result:
        """What there is so far."""
        others = {trial.number: trial for trial in self._others[1]}
        return self.plan.result((others | self._trials).values(), self._over)

    def stop(self) -> Result:
        """End the search: what has finished is kept, what is under way is stopped where it is. Returns the result.

        In a storage the stopped trials wait for whoever goes on.
        """
        if not self._over:
            self._over = True
            stopping = [(taken, _stopped(self._trials[taken.trial.number])) for taken in self._taken]
            self._trials |= {trial.number: trial for _, trial in stopping}
            with suppress(InvalidSetting):  # a storage that does not hear it misses the signs of life
                for taken, trial in stopping:
                    self._study.tell(taken, trial)
            self._taken, self._batch = [], None
            self._study.close()
        return self.result

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _advance(self) -> None:
        if not self._taken:
            self._begin()
        if self._taken and self._batch:
            if any(trial.state == "running" for trial in self._batch.trials):
                self._batch.advance()
            self._note(self._batch)
        elif self._study.open:
            time.sleep(POLL)
        closed = not self._taken and not self._study.open  # before a look, which then sees what others told last
        self._look(at_once=not self._taken)
        if closed:
            self._over = True
            self._study.close()

    def _begin(self) -> None:
        """Take the next batch of trials."""
        taken = self._study.take(self._batch_size)
        if not taken:
            return
        trials = [each.trial for each in taken]
        self._taken, self._trials = taken, self._trials | {trial.number: trial for trial in trials}
        if self._objective:
            self._batch = Calls(trials, self._objective)
        elif self.plan.base:
            configs = [replace(self.plan.base, **trial.params) for trial in trials]
            data = [self._data(config) for config in configs]
            halving = self.plan.sampler == "halving"
            self._batch = Runs(trials, configs, data, self._device, self._snapshots, halving)

    def _data(self, config: RunConfig) -> Data:
        what = config.dataset, config.train_size, config.data_noise, config.preprocessing
        if what not in self._sets:
            self._sets[what] = load_with_test(*what, validation=self.plan.validation, seed=self.plan.seed)
        return self._sets[what]

    def _note(self, batch: Batch) -> None:
        """Keep what the batch has come to, and tell of the trials that have ended."""
        now = {trial.number: trial for trial in batch.trials}
        for taken in tuple(self._taken):
            trial = self._trials[taken.trial.number] = now[taken.trial.number]
            if trial.state == "running":
                self._study.report(taken, trial)
                continue
            if not self._study.tell(taken, trial):
                del self._trials[trial.number]
            self._taken.remove(taken)

    def _look(self, at_once: bool) -> None:
        """See what others have found, now and then."""
        now = time.monotonic()
        if self._shared and (at_once or now - self._others[0] > POLL):
            self._others = now, self._study.others()


def _stopped(trial: Trial) -> Trial:
    return replace(trial, state="stopped") if trial.state == "running" else trial


def _batch_size(plan: Plan, batch: int | None, storage: str | None) -> int:
    if batch is not None:
        return TRIALS.check("batch", batch)
    if plan.base is None:
        return 1
    if plan.looks or storage is not None:
        return BRACKET if plan.sampler == "halving" else TOGETHER
    return plan.count
