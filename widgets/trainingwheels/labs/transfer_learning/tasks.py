"""What is learned first, and what then."""

from __future__ import annotations

from dataclasses import dataclass

from trainingwheels.engine.settings import Table

__all__ = ["TASKS", "Task"]


@dataclass(frozen=True)
class Task:
    """A set that is learned first, and another that is learned then."""

    name: str
    label: str
    source: str
    target: str


TASKS: Table[Task] = Table(
    "task",
    (
        Task("series", "MNIST-1D, classes 0 to 4, then 5 to 9", "mnist1d-0-4", "mnist1d-5-9"),
        Task("digits", "digits 0 to 4, then 5 to 9", "digits-0-4", "digits-5-9"),
        Task("letters", "letters A F H K L, then M N T X Z", "letters-0-4", "letters-5-9"),
        Task("other", "letters A F H K L, then digits 5 to 9", "letters-0-4", "digits-5-9"),
        Task("same", "MNIST-1D, then the same set", "mnist1d", "mnist1d"),
        Task("shuffled", "MNIST-1D, then 5 to 9 in another order", "mnist1d-0-4", "mnist1d-shuffled-5-9"),
        Task("inverted", "digits 0 to 4, then 5 to 9 inverted", "digits-0-4", "digits-inverted-5-9"),
    ),
)
