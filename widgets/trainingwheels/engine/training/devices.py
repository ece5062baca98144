"""Where the arithmetic happens is a setting like any other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.training import machine

if TYPE_CHECKING:
    import torch

__all__ = ["choose_device", "free_memory", "is_out_of_memory", "using_threads"]


def choose_device(name: str) -> torch.device:
    """The device called ``name``; "auto" is cuda, then mps, then cpu. :class:`InvalidSetting` if it is not there."""
    import torch

    present = [kind for kind in ("cuda", "mps") if getattr(torch, kind).is_available()] + ["cpu"]
    if name == "auto":
        return torch.device(present[0])
    try:
        device = torch.device(name)
        known = device.type in present and (device.index or 0) < getattr(torch, device.type).device_count()
    except RuntimeError:
        known = False
    if not known:
        raise InvalidSetting(f"device = {name} is not on this computer: choose auto or {' or '.join(present)}.")
    return device


def free_memory(device: torch.device) -> float:
    """Bytes that can still be had on ``device``; infinite where it cannot be known."""
    import torch

    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    return machine.free_memory() if device.type == "cpu" else float("inf")


def is_out_of_memory(problem: Exception) -> bool:
    """Whether ``problem`` is a failed allocation, by whichever name torch gives it."""
    import torch

    return isinstance(problem, (MemoryError, torch.OutOfMemoryError)) or "allocate memory" in str(problem)


# The number that whoever entered first has found, once for each that is inside: what the second finds, where two Python
# threads overlap, is not what there was.
_before: list[int] = []
_changing = threading.Lock()


@contextmanager
def using_threads(count: int | None) -> Iterator[None]:
    """Let torch use ``count`` threads meanwhile; None changes nothing."""
    import torch

    with _changing:
        before = _before[0] if _before else torch.get_num_threads()
        _before.append(before)
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        with _changing:
            _before.pop()
        torch.set_num_threads(before)
