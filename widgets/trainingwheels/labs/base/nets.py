"""The nets that train in a view: what is in hand, how far it is, and how quickly it goes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Protocol

from trainingwheels.engine import RunConfig, Snapshot, train_steps

__all__ = ["Growing", "Nets", "Speed", "Training"]

LONG = 0.004  # seconds of a step; at 2 ms, training and drawing kept each other waiting, and took three times as long
MOMENTS = 10  # of a still's training, at which its curves have a point


class Training(Protocol):
    """What trains nets while somebody watches, as :class:`.LiveTraining` does."""

    @property
    def device(self) -> str: ...
    @property
    def step_seconds(self) -> float: ...
    def __next__(self) -> Snapshot: ...
    def step(self) -> Snapshot: ...
    def look(self) -> Snapshot: ...
    def note_drawing(self, seconds: float, beside: bool = False) -> None: ...
    def change(self, runs: Sequence[int] | None = None, **rates: float) -> None: ...


@dataclass(frozen=True)
class Growing(Snapshot):
    """A moment of a training whose runs become more: the ``labels`` of those that there are, and how many steps all
    of them have taken (``steps``) and will (``total``)."""

    labels: tuple[str, ...]
    steps: int
    total: int


class Nets:
    """Nets in training, the settings that they have (``prepared``), and the last that was seen of them.

    Attributes
    ----------
    training : Training or None
        None until they are made.
    snapshot : Snapshot or None
        The latest.
    still : bool
        Whether it is of nets that are not in hand: with the same settings, trained to have something to show.
    """

    def __init__(self) -> None:
        self.training: Training | None = None
        self.snapshot: Snapshot | None = None
        self.still = False
        self.labels: Sequence[str] = ()
        self.prepared: dict[str, Any] = {}
        self.speed = Speed()

    def make(self, training: Training, labels: Sequence[str], settings: Mapping[str, Any]) -> Snapshot:
        """New, untrained nets, of which ``training`` has shown nothing yet."""
        self.labels, self.prepared, self.still = labels, dict(settings), False
        self.training = training
        self.speed = Speed()
        return self.see(next(self.training))

    def make_still(
        self, configs: Sequence[RunConfig], labels: Sequence[str], settings: Mapping[str, Any], epochs: int
    ) -> Snapshot:
        """Nets trained for some epochs in all, to be looked at only: there are none in hand afterwards."""
        configs = [replace(config, epochs=epochs) for config in configs]
        moments = train_steps(configs, settings.get("device", "auto"), snapshots=MOMENTS)
        (snapshot,) = deque(moments, maxlen=1)  # each of them keeps its nets
        self.labels, self.still, self.snapshot = labels, True, snapshot
        return snapshot

    def run(self, going: Callable[[], bool]) -> Iterator[Snapshot]:
        """Train as long as ``going()``, or to the end. While one looks at a moment, the next may be under way."""
        assert self.training is not None
        latest: Snapshot | None = None
        with ThreadPoolExecutor(1, "training") as thread:
            while going() and not self.done:
                coming = thread.submit(next, self.training) if self._has_long_steps else None
                try:
                    if latest is not None:
                        start = time.perf_counter()
                        yield latest
                        self.training.note_drawing(time.perf_counter() - start, beside=coming is not None)
                finally:  # also if nobody asks for another
                    if coming is not None:
                        latest = self.see(coming.result())
                if coming is None:
                    latest = self.see(next(self.training))
        if latest is not None:
            yield latest if self.done else self.see(self.training.look())

    @property
    def _has_long_steps(self) -> bool:
        """Whether a step leaves Python's lock to others for long enough that they gain by it."""
        return self.training is not None and LONG < self.training.step_seconds < float("inf")

    def see(self, snapshot: Snapshot) -> Snapshot:
        """Keep the latest moment."""
        self.snapshot = snapshot
        if isinstance(snapshot, Growing):
            self.labels = snapshot.labels
        self.speed.note(self.steps)
        return snapshot

    @property
    def steps(self) -> int:
        """How many have been taken, by the run that has taken most; by all together where runs become more."""
        if isinstance(self.snapshot, Growing):
            return self.snapshot.steps
        return 0 if self.snapshot is None else max(len(history.steps) for history in self.snapshot.histories)

    @property
    def total(self) -> int:
        """How many steps that run, or all together, will take."""
        assert self.snapshot is not None
        if isinstance(self.snapshot, Growing):
            return self.snapshot.total
        return max((len(h.steps), h.config.epochs * h.steps_per_epoch) for h in self.snapshot.histories)[1]

    @property
    def done(self) -> bool:
        """Whether they are trained to their end."""
        return self.snapshot is not None and self.snapshot.done and not self.still


class Speed:
    """Steps per second, smoothed over about a second, while the training runs."""

    def __init__(self) -> None:
        self.per_second = 0.0
        self._last: tuple[float, int] | None = None

    def note(self, steps: int) -> None:
        """``steps`` have been taken by now."""
        now = time.perf_counter()
        if self._last is not None and steps > self._last[1]:
            seconds = now - self._last[0]
            if seconds < 1.0:  # longer: it was paused
                speed = (steps - self._last[1]) / seconds
                self.per_second = speed if not self.per_second else 0.9 * self.per_second + 0.1 * speed
        self._last = now, steps
