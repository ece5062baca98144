"""How many threads share the steps of a training: as many as turn out to be the quickest, tried again now and then.

On an idle machine two threads are up to 1.8 times as quick as one, for all but the smallest nets. On a busy one they
are many times slower: at every product each waits for the other, which is not running. So they are tried where there is
room for them, and only trying tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from statistics import median

import torch

from trainingwheels.engine.training.machine import has_room_for, usable_cores

__all__ = ["Threads", "schedule", "usable_threads"]

# A smaller step takes longer on two threads than on one: 1.14 times for one net of 32-32, 0.9 times for four of them.
SHARED_MULTIPLICATIONS = 10**6

TRIAL = 3  # steps in which a number of threads shows what it can do
STAY = 300  # steps on several threads, after which one is tried again
WAIT = 20  # steps on one thread, after which it is asked again whether there is room
REST = 20  # several are tried again after this many times what it took to see that they are slower: 5 % of the time

Schedule = Generator[int, float, None]


def usable_threads(device: torch.device) -> int:
    """How many threads may share a step on ``device``: those that torch has, as far as the machine can run them."""
    return min(torch.get_num_threads(), usable_cores()) if device.type == "cpu" else 1


def schedule(most: int, has_room: Callable[[int], bool]) -> Schedule:
    """On how many threads to take each step, 1 or ``most``; it is sent the seconds that the step took."""
    yield 1  # the first step takes longer than others
    while True:
        if not has_room(most):
            yield from _steps(1, WAIT)
            continue
        alone: list[float] = []
        yield from _trial(1, alone, float("inf"))
        pace = median(alone)
        shared: list[float] = []
        yield from _trial(most, shared, TRIAL * pace)
        if len(shared) == TRIAL and median(shared) < pace:
            yield from _while_quicker(most, pace)
        else:
            yield from _for_seconds(1, REST * sum(shared))


def _trial(threads: int, taken: list[float], limit: float) -> Schedule:
    """``TRIAL`` steps, the seconds of each into ``taken``; fewer once they add up to more than ``limit``."""
    while len(taken) < TRIAL and sum(taken) < limit:
        taken.append((yield threads))


def _while_quicker(threads: int, seconds: float) -> Schedule:
    """``STAY`` steps, or up to the second in a row that is not quicker than ``seconds``: one may be an accident."""
    slow = 0
    for _ in range(STAY):
        slow = slow + 1 if (yield threads) > seconds else 0
        if slow == 2:
            return


def _steps(threads: int, count: int) -> Schedule:
    for _ in range(count):
        yield threads


def _for_seconds(threads: int, seconds: float) -> Schedule:
    while seconds > 0:
        seconds -= yield threads


class Threads:
    """Runs the steps of a training, each on as many of torch's threads as :func:`schedule` says: 1, or ``most``.

    With ``most`` = 1, or ``multiplications`` in a step that are not worth sharing, it leaves the number of threads
    alone; else it leaves the last one that it chose.
    """

    def __init__(self, most: int, multiplications: int) -> None:
        self._schedule = (
            schedule(most, has_room_for) if most > 1 and multiplications >= SHARED_MULTIPLICATIONS else None
        )
        self._count = next(self._schedule) if self._schedule else 1

    def __call__(self, step: Callable[[], None]) -> None:
        """Run ``step``."""
        if self._schedule is None:
            step()
            return
        torch.set_num_threads(self._count)
        start = time.perf_counter()
        step()
        self._count = self._schedule.send(time.perf_counter() - start)
