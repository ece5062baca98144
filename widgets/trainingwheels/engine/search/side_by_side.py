"""Searches side by side: the trials that each of them has taken are trained as one population."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

from trainingwheels.engine.search.batches import Batch, Calls, Objective, Runs
from trainingwheels.engine.search.plans import TRIALS, Plan
from trainingwheels.engine.search.progress import Progress, wait
from trainingwheels.engine.search.results import Result
from trainingwheels.engine.training.train import LiveTraining

__all__ = ["SideBySide", "batch_size", "side_by_side"]

TOGETHER = 8  # trials at once where a batch is not all: a sampler learns from it, or others are to have some
BRACKET = 27  # the same where the best third goes on, and of those again


def side_by_side(
    searches: Sequence[Progress], *, batch: int | None = None, device: str = "auto", snapshots: int | None = None
) -> SideBySide:
    """Several searches with real runs while somebody watches: an iterator of their results, in the order given.

    Each chooses and finds what it would alone; the nets of all are one population. ``batch`` is how many trials each
    has in it (with halving the whole bracket, whatever it is), ``snapshots`` are as in :func:`.search_steps`. The bases
    of all train for as many epochs.
    """
    batches = [None if search.plan.sampler == "halving" else batch for search in searches]
    sizes = [batch_size(search.plan, own, search.shared) for search, own in zip(searches, batches, strict=True)]
    return SideBySide(searches, sizes, device, snapshots)


class SideBySide(Iterator[tuple[Result, ...]]):
    """Made by :func:`side_by_side`: each ``next`` gets all searches on and returns the results so far.

    It is a context manager, which stops them. Where a storage stops answering, ``next`` raises
    :class:`InvalidSetting`; nothing is lost, and another ``next`` tries again.
    """

    def __init__(
        self,
        searches: Sequence[Progress],
        sizes: Sequence[int],
        device: str,
        snapshots: int | None,
        objective: Objective | None = None,
    ) -> None:
        self._searches, self._objective = searches, objective
        self._device, self._snapshots = device, snapshots
        self._sizes = sizes  # of the batch, for each
        self._batch: Batch | None = None
        self._parts: list[range] = []  # of the batch: the places of each search's trials

    def __next__(self) -> tuple[Result, ...]:
        if self.over:
            raise StopIteration
        self.advance()
        return self.results

    @property
    def over(self) -> bool:
        """Whether no more will come."""
        return all(search.over for search in self._searches)

    @property
    def training(self) -> LiveTraining | None:
        """The training of the present batch; None between batches, and where a function is searched."""
        return self._batch.training if self._batch else None

    @property
    def results(self) -> tuple[Result, ...]:
        """What each search has found so far."""
        return tuple(search.result for search in self._searches)

    def advance(self) -> None:
        """Get all searches on a little."""
        if self._batch is None:
            self._begin()
        if self._batch is not None:
            if any(trial.state == "running" for trial in self._batch.trials):
                self._batch.advance()
            for search, part in zip(self._searches, self._parts, strict=True):
                search.note(self._batch.trials[part.start : part.stop])
            if not any(search.busy for search in self._searches):
                self._batch = None
        elif any(search.open for search in self._searches):
            wait()
        for search in self._searches:
            search.look()

    def look(self) -> tuple[Result, ...]:
        """What others have found by now, too, without a trial of one's own."""
        for search in self._searches:
            search.look()
        return self.results

    def stop(self) -> tuple[Result, ...]:
        """End all searches: what has finished is kept, what is under way is stopped where it is. Returns the results.

        In a storage the stopped trials wait for whoever goes on.
        """
        for search in self._searches:
            search.stop()
        self._batch = None
        return self.results

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _begin(self) -> None:
        """Take the next batch of trials."""
        taken = [search.take(size) for search, size in zip(self._searches, self._sizes, strict=True)]
        trials = [trial for own in taken for trial in own]
        ends = [sum(map(len, taken[: place + 1])) for place in range(len(taken))]
        self._parts = [range(end - len(own), end) for own, end in zip(taken, ends, strict=True)]
        if not trials:
            return
        if self._objective:
            self._batch = Calls(trials, self._objective)
            return
        jobs = [search.job(trial) for search, own in zip(self._searches, taken, strict=True) for trial in own]
        halved = [
            part
            for search, part in zip(self._searches, self._parts, strict=True)
            if search.plan.sampler == "halving" and part
        ]
        configs, data = zip(*jobs, strict=True)
        self._batch = Runs(trials, configs, data, self._device, self._snapshots, halved)


def batch_size(plan: Plan, batch: int | None, shared: bool) -> int:
    """How many trials of a search are a batch: see :func:`.search`."""
    if batch is not None:
        return TRIALS.check("batch", batch)
    if plan.base is None:
        return 1
    if plan.looks or shared:
        return BRACKET if plan.sampler == "halving" else TOGETHER
    return plan.count
