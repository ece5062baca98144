"""What a gradient check asks of a function, whatever library the function is written in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

__all__ = ["Target"]

Floats = NDArray[Any]


@dataclass
class Target:
    """What is checked: arrays whose entries may be changed in place, and f and its gradient at what they hold.

    ``session`` is to be entered around whatever is asked; ``notes`` are sentences about what was taken for what.
    """

    names: list[str]
    arrays: list[Floats]
    value: Callable[[], float]
    gradient: Callable[[], list[Floats]]
    session: Callable[[], AbstractContextManager[None]] = nullcontext
    notes: list[str] = field(default_factory=list)
