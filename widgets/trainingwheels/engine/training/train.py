"""Train runs: grouped by structure, each group one batched computation. torch is imported when training starts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trainingwheels.engine.settings import InvalidSetting, unknown_name
from trainingwheels.engine.training.devices import using_threads
from trainingwheels.engine.training.history import History
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.snapshot import Snapshot

if TYPE_CHECKING:
    from trainingwheels.engine.data.datasets import Data
    from trainingwheels.engine.training.fleet import Fleet

__all__ = ["EVALUATIONS", "LIVE_RATES", "LiveTraining", "train", "train_steps"]

EVALUATIONS = 20  # of a run that nobody watches: enough for a curve, cheap beside the steps
PICTURE_SECONDS = 1 / 12, 1 / 8  # between the snapshots of a run that somebody watches: usually, and at the most
PICTURES = 0.2  # of the time, which whoever draws may take before the pictures become fewer
LIVE_RATES = (
    "lr", "momentum", "beta2", "dropout", "dropconnect", "stochastic_depth", "mixup", "cutmix", "cutout", "input_noise",
    "label_smoothing", "l1", "l2", "tuning",
)  # fmt: skip


def train(
    runs: Sequence[RunConfig],
    device: str = "auto",
    *,
    evaluations: int = EVALUATIONS,
    dtype: str = "float32",
    data: Sequence[Data] | None = None,
) -> list[History]:
    """Train ``runs`` to their end and return their histories, in order, with ``evaluations`` evenly spaced moments.

    Runs of equal structure are trained together; runs with equal seeds share initial noise, batch order and masks. A
    run whose loss is no longer finite is marked and goes on; the others do not notice. ``data``, one for each run, is
    what they learn from and are tried on in place of their configs' sets. Raises :class:`InvalidSetting` for a config
    that cannot be trained.
    """
    fleet = _fleet(runs, device, dtype, False, data)
    with using_threads(1):  # more where that is quicker
        return fleet.train(evaluations)


def train_steps(
    runs: Sequence[RunConfig],
    device: str = "auto",
    *,
    snapshots: int | None = None,
    threads: int | None = 1,
    dtype: str = "float32",
    data: Sequence[Data] | None = None,
) -> LiveTraining:
    """Train ``runs`` while somebody watches: an iterator of snapshots, the first before any step, the last at the end.

    ``snapshots`` is how many follow the first, evenly spaced; None takes about 12 a second, or 8 where they are dear
    to draw, and evaluates only at some of them where that would take more than a tenth of the time. Leave the loop to
    stop; :meth:`LiveTraining.change` sets rates meanwhile. torch uses ``threads`` threads in a step: one leaves the
    others to whoever draws; None changes nothing. ``data`` and refusals are those of :func:`train`.
    """
    return LiveTraining(runs, device, snapshots, threads, dtype, data)


class LiveTraining(Iterator[Snapshot]):
    """A training under way, made by :func:`train_steps`. Each ``next`` trains a little and returns a snapshot."""

    def __init__(
        self,
        runs: Sequence[RunConfig],
        device: str,
        snapshots: int | None,
        threads: int | None,
        dtype: str,
        data: Sequence[Data] | None,
    ) -> None:
        self._fleet = _fleet(runs, device, dtype, True, data)
        self._threads, self._timed = threads, snapshots is None
        self._hurries = self._timed
        smallest = self._fleet.smallest_share  # makes the nets
        self._stride = 1 / snapshots if snapshots else smallest
        self._between = PICTURE_SECONDS[0]
        self.step_seconds = float("inf")  # at the quickest, evaluations and all; infinite before the first
        self._moments = 0
        self._share = 0.0  # of the longest run
        self._since = [0] * len(runs)

    def __next__(self) -> Snapshot:
        if self._share >= 1:
            raise StopIteration
        started = time.perf_counter()
        share = self._next_share() if self._moments else 0.0
        self._moments += 1
        with using_threads(self._threads):
            self._share = self._fleet.go_to(share, hurry=self._hurries)
        seconds = time.perf_counter() - started
        if self._hurries and self._share == share:
            self._adapt(seconds)
        snapshot = self._snapshot()
        if taken := max(snapshot.taken):
            self.step_seconds = min(self.step_seconds, seconds / taken)
        return snapshot

    @property
    def device(self) -> str:
        """Where it happens: "cpu", "cuda:0", ..."""
        return str(self._fleet.device)

    def step(self) -> Snapshot:
        """Train a single step (of the runs that take most steps an epoch), and return the snapshot after it."""
        stride, self._stride = self._stride, self._fleet.smallest_share
        hurries, self._hurries = self._hurries, False
        try:
            return next(self)
        finally:
            self._stride, self._hurries = stride, hurries

    def note_drawing(self, seconds: float, beside: bool = False) -> None:
        """A picture took this long to draw: where that is much, the next snapshots are further apart.

        ``beside`` says that it was drawn while the next steps were taken, whose time is not made shorter by it.
        """
        usually, at_most = PICTURE_SECONDS
        period = min(max(seconds / PICTURES, usually), at_most)
        self._between = period if beside else max(period - seconds, usually / 2)

    def look(self) -> Snapshot:
        """The nets as they are, evaluated, without another step."""
        with using_threads(self._threads):
            self._fleet.evaluate()
        return self._snapshot()

    def change(self, runs: Sequence[int] | None = None, **rates: float) -> None:
        """Set rates, those of ``LIVE_RATES``, of these runs, by their place; None is all of them.

        It counts from the next step on, and may be called from any thread. Where snapshots follow the clock, the next
        one comes at once. Raises :class:`InvalidSetting` for a value that a config would refuse, or a setting that
        cannot change while a net trains.
        """
        for name in rates:
            if name not in LIVE_RATES:
                raise InvalidSetting(unknown_name("rate", name, LIVE_RATES))
        self._fleet.change(runs, rates)

    def drop(self, runs: Sequence[int]) -> None:
        """End these runs, by their place, where they are: their histories stay, and the others have what they took."""
        with using_threads(self._threads):
            self._fleet.drop(runs)

    def _next_share(self) -> float:
        share = self._share + self._stride if self._timed else self._moments * self._stride
        return 1.0 if share > 1 - self._fleet.smallest_share / 2 else share

    def _adapt(self, seconds: float) -> None:
        """Lengthen or shorten the stride, by at most a factor of 4, so that the next one takes as long as it should."""
        factor = min(max(self._between / seconds, 0.25), 4.0)
        self._stride = max(self._stride * factor, self._fleet.smallest_share)

    def _snapshot(self) -> Snapshot:
        histories = tuple(self._fleet.histories())
        since, self._since = self._since, [len(history.steps) for history in histories]
        return Snapshot(histories, tuple(since), self._share >= 1, self._fleet.frozen())


def _fleet(runs: Sequence[RunConfig], device: str, dtype: str, watched: bool, data: Sequence[Data] | None) -> Fleet:
    """The nets, ready to train. This is where torch is imported."""
    try:
        from trainingwheels.engine.training.fleet import Fleet
    except ModuleNotFoundError as missing:
        if missing.name != "torch":
            raise
        raise InvalidSetting("Training needs PyTorch: install it with pip install 'trainingwheels[train]'.") from None
    return Fleet(runs, device, dtype, watched, data)
