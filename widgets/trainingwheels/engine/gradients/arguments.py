"""What users hand to a gradient check: taken apart, copied, and refused in one line where it will not do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import InvalidSetting, brief

__all__ = ["as_passed", "check_entries", "check_kind", "finite", "floats", "matching", "number", "parts_of"]

Floats = NDArray[Any]


def parts_of(x: Any) -> tuple[list[str], list[Any]]:
    """The arrays of ``x``, and what to call each."""
    if isinstance(x, Mapping):
        return [str(name) for name in x], list(x.values())
    if isinstance(x, tuple | list) and any(hasattr(part, "shape") for part in x):
        return [f"x{place}" for place in range(len(x))], list(x)
    return ["x"], [x]


def as_passed(x: Any, arrays: Sequence[Any]) -> tuple[Any, ...]:
    """The arguments for f: ``arrays`` in the form in which ``x`` came."""
    if isinstance(x, Mapping):
        return (dict(zip(x, arrays, strict=True)),)
    return tuple(arrays)


def matching(names: Sequence[str], arrays: Sequence[Floats], found: Any, x: Any) -> list[Floats]:
    """The gradient's arrays in the order of ``arrays``, as float64. Raises InvalidSetting where they do not fit."""
    if isinstance(x, Mapping):
        if not isinstance(found, Mapping) or [name for name in x if name not in found]:
            raise InvalidSetting(
                f"the gradient is not a dict with {', '.join(names)}: give one array for each of them."
            )
        parts = [found[name] for name in x]
    else:
        several = len(names) > 1 or isinstance(x, tuple | list)
        parts = list(found) if several and isinstance(found, tuple | list) else [found]
    if len(parts) != len(arrays):
        raise InvalidSetting(f"the gradient has {len(parts)} arrays and x has {len(arrays)}: give one for each.")
    slopes = []
    for name, array, part in zip(names, arrays, parts, strict=True):
        try:
            slope = np.asarray(part.detach().cpu() if hasattr(part, "detach") else part, np.float64)
        except (TypeError, ValueError):
            raise InvalidSetting(f"the gradient for {name} is {brief(part)}: it must be an array of numbers.") from None
        if slope.shape != array.shape:
            raise InvalidSetting(
                f"the gradient for {name} has shape {slope.shape}, {name} has {array.shape}: they differ."
            )
        slopes.append(slope)
    return slopes


def floats(name: str, part: Any, dtype: str) -> Floats:
    """A copy of an array in the precision of the check."""
    try:
        array = np.asarray(part)
    except ValueError:
        raise InvalidSetting(f"{name} = {brief(part)} is not an array of numbers: pass a float array.") from None
    check_kind(name, array.dtype.kind, str(array.dtype))
    array = np.array(array, dtype)
    check_entries(name, array)
    return array


def check_kind(name: str, kind: str, dtype: str) -> None:
    """Raise InvalidSetting unless the numbers are real and not whole; ``kind`` as in NumPy."""
    if kind in "iub":
        raise InvalidSetting(f"{name} holds whole numbers ({dtype}), which have no slope: pass floats.")
    if kind != "f":
        raise InvalidSetting(f"{name} holds {dtype}, not real numbers: pass floats.")


def check_entries(name: str, array: Floats) -> None:
    """Raise InvalidSetting for an empty array and for NaN or infinity."""
    if array.size == 0:
        raise InvalidSetting(f"{name} is empty, shape {array.shape}: pass at least one number.")
    bad = ~np.isfinite(array)
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        raise InvalidSetting(f"{name}{list(place)} is {array[place]}: every entry must be finite.")


def number(found: Any) -> float:
    """What f gave, as one number."""
    array = np.asarray(found)
    if array.size != 1:
        raise InvalidSetting(
            f"f gives an array of shape {array.shape}, not one number: take a sum, a mean or a loss of it."
        )
    if array.dtype.kind not in "fiub":
        raise InvalidSetting(f"f gives {brief(found)} ({array.dtype}), not a real number: return one float.")
    return float(array.reshape(()))


def finite(value: float, where: str) -> float:
    if not math.isfinite(value):
        raise InvalidSetting(f"f is {value} at {where}: choose a point around which it is finite.")
    return value
