"""Something dear that need not be done every time, such as an evaluation of many nets: as often as it is affordable."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Spending"]


class Spending:
    """Keeps something to at most ``share`` of the time.

    ``due`` says whether enough time has gone by since the last time, which took as long as it took.
    """

    def __init__(self, share: float, clock: Callable[[], float] = time.perf_counter) -> None:
        self._share, self._clock = share, clock
        self._next = 0.0

    @property
    def due(self) -> bool:
        return self._clock() >= self._next

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Around what is dear."""
        start = self._clock()
        yield
        end = self._clock()
        self._next = end + (end - start) * (1 / self._share - 1)
