"""Search for good hyperparameters with real runs, of which many are trained at once, or for the top of any function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from trainingwheels.engine.search.batches import Objective
from trainingwheels.engine.search.plans import Plan
from trainingwheels.engine.search.progress import Progress, wait
from trainingwheels.engine.search.results import Result
from trainingwheels.engine.search.side_by_side import SideBySide, batch_size
from trainingwheels.engine.search.spaces import Space
from trainingwheels.engine.search.storages import HEARTBEAT
from trainingwheels.engine.search.study import Study, find_plan
from trainingwheels.engine.settings import InvalidSetting, brief
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import LiveTraining

__all__ = ["LiveSearch", "join", "search", "search_steps", "watch"]


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
            if not done:
                wait()
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
        if not (objective is None or callable(objective)):
            raise InvalidSetting(f"objective = {brief(objective)} cannot be called: choose a function of a dict.")
        self.plan = plan
        size = batch_size(plan, batch, storage is not None)
        self._progress = Progress(plan, storage, study, heartbeat)
        snapshots = snapshots if watched else plan.epochs
        self._only = SideBySide([self._progress], [size], device, snapshots, objective)

    def __next__(self) -> Result:
        (result,) = next(self._only)
        return result

    def run(self) -> Result:
        """Go on to the end."""
        while not self._only.over:
            self._only.advance()
        return self.result

    @property
    def training(self) -> LiveTraining | None:
        """The training of the present batch; None between batches, and where a function is searched."""
        return self._only.training

    @property
    def own(self) -> frozenset[int]:
        """The numbers of the trials that this process has taken."""
        return frozenset(self._progress.trials)

    @property
    def result(self) -> Result:
        """What there is so far."""
        return self._progress.result

    def stop(self) -> Result:
        """End the search: what has finished is kept, what is under way is stopped where it is. Returns the result.

        In a storage the stopped trials wait for whoever goes on.
        """
        self._only.stop()
        return self.result

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
