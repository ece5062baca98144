"""One worker per lab: the latest request wins."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

__all__ = ["QUIET", "LatestWins"]

QUIET = 1.0  # seconds at rest, after which the next request is not likely to come at once

Request = TypeVar("Request")


class LatestWins(Generic[Request]):
    """Hands the newest request to ``run`` in a thread of its own; a request that still waits is replaced by the next.

    Parameters
    ----------
    run : callable (request, is_latest) -> None
        Does the work. ``is_latest()`` turns False once a newer request is there, or the worker is closed: then the
        result is stale and must be dropped. It must not raise.
    name : str
        The thread's name. The thread starts with the first request and ends at ``close``.
    rests : sequence of (float, callable () -> None)
        What to do in the same thread when something was done, here or (:meth:`stir`) elsewhere, and then nothing for so
        many seconds: one after the other, each with its own seconds after the one before.
    """

    def __init__(
        self,
        run: Callable[[Request, Callable[[], bool]], None],
        name: str,
        rests: Sequence[tuple[float, Callable[[], object]]] = (),
    ) -> None:
        self._run = run
        self._name = name
        self._rests = rests
        self._changed = threading.Condition()
        self._waiting: list[Request] = []  # at most one
        self._generation = 0  # of the newest request
        self._busy = False
        self._answered = True  # whether the newest request has given something to show, or has been done
        self._stirred = self._closed = False
        self._thread: threading.Thread | None = None

    def submit(self, request: Request) -> None:
        """Ask for ``request`` instead of whatever was asked for before. Does nothing after ``close``."""
        with self._changed:
            if self._closed:
                return
            self._generation += 1
            self._waiting = [request]
            self._answered = False
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def wait(self, timeout: float | None) -> bool:
        """Wait until all that was asked for is done; False if ``timeout`` (seconds; None for ever) came first.

        Returns at once in the worker's own thread, which would wait for itself.
        """
        if threading.current_thread() is self._thread:
            return False
        with self._changed:
            return self._changed.wait_for(lambda: self._closed or not (self._busy or self._waiting), timeout)

    def answered(self) -> None:
        """Called by ``run`` when its request, the latest, has given something to show; more may follow."""
        with self._changed:
            self._answered = True
            self._changed.notify_all()

    def wait_for_answer(self, timeout: float) -> None:
        """Wait until what was asked for last has given something to show, or is done, or for ``timeout`` seconds."""
        if threading.current_thread() is not self._thread:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._answered, timeout)

    def stir(self) -> None:
        """Something was done that ``rests`` are to follow, though not by this worker."""
        with self._changed:
            self._stirred = True
            self._changed.notify_all()

    def close(self) -> None:
        """End the thread after the work in hand, whose result is dropped. Does not wait."""
        with self._changed:
            self._closed = True
            self._waiting = []
            self._changed.notify_all()

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._answered = self._answered or not self._waiting
                self._changed.notify_all()
            for seconds, rest in self._rests:
                with self._changed:
                    if self._changed.wait_for(self._is_called, seconds):
                        break
                rest()
            with self._changed:
                self._changed.wait_for(lambda: self._stirred or self._is_called())
                self._stirred = False
                if self._closed:
                    return
                if not self._waiting:
                    continue
                request = self._waiting.pop()
                generation = self._generation
                self._busy = True
            self._run(request, partial(self._is_latest, generation))

    def _is_called(self) -> bool:
        return self._closed or bool(self._waiting)

    def _is_latest(self, generation: int) -> bool:
        return generation == self._generation and not self._closed
