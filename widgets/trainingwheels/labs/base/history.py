"""What was set before, for undo: one step per gesture, not per pixel."""

from __future__ import annotations

import time
from typing import Generic, TypeVar

__all__ = ["History"]

State = TypeVar("State")

_GESTURE = 1.0  # seconds; changes of the same thing in quicker succession are one drag
_LONGEST = 100


class History(Generic[State]):
    """The states before each gesture, oldest first."""

    def __init__(self) -> None:
        self._past: list[State] = []
        self._gesture: str | None = None
        self._when = 0.0

    def __len__(self) -> int:
        return len(self._past)

    def record(self, before: State, gesture: str | None = None) -> None:
        """Remember ``before``, unless this change goes on with the last one's ``gesture`` (None stands alone)."""
        now = time.monotonic()
        goes_on = gesture is not None and gesture == self._gesture and now - self._when < _GESTURE
        self._gesture, self._when = gesture, now
        if not goes_on:
            self._past = [*self._past[-_LONGEST + 1 :], before]

    def undo(self) -> State | None:
        """Take back the last gesture: the state before it, or None if there is none."""
        self._gesture = None
        return self._past.pop() if self._past else None
