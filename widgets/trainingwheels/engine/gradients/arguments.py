"""What users hand to a gradient check: taken apart, copied, and refused in one line where it will not do."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import InvalidSetting, brief

__all__ = ["Parts", "check_entries", "check_kind", "finite", "floats", "number", "outcome_of"]

Floats = NDArray[Any]


class Parts:
    """What x is made of: the arrays to be checked, ``checked`` by ``names``, and others that are held ``fixed``.

    In a list, tuple or dict, whatever is no float (labels, indices, flags, words) is held fixed, and f gets what
    ``hold`` makes of it. Alone, it is refused.
    """

    def __init__(self, x: Any, hold: Callable[[Any], Any] = copy.deepcopy) -> None:
        self._x, self._hold = x, hold
        if isinstance(x, Mapping):
            self._all: dict[Any, Any] = dict(x)
        elif isinstance(x, tuple | list) and any(hasattr(part, "shape") for part in x):
            self._all = dict(enumerate(x))
        else:
            self._all = {"x": x}
        self._several = isinstance(x, tuple | list) and "x" not in self._all
        floating = [key for key, part in self._all.items() if not _has_no_slope(part)]
        self._keys = floating or list(self._all)
        self.names = [self._called(key) for key in self._keys]
        self.every = list(self._all.values())
        self.checked = [self._all[key] for key in self._keys]
        self.fixed = [self._called(key) for key in self._all if key not in self._keys]

    def _called(self, key: Any) -> str:
        return f"x{key}" if self._several else str(key)

    @property
    def notes(self) -> list[str]:
        if not self.fixed:
            return []
        which = f"{', '.join(self.fixed)} {'holds' if len(self.fixed) == 1 else 'hold'}"
        return [f"{which} no floats, so no slope: held fixed."]

    def passed(self, arrays: Sequence[Any]) -> tuple[Any, ...]:
        """The arguments for f: ``arrays`` in the form in which x came, with copies of what is held fixed."""
        ready = dict(zip(self._keys, arrays, strict=True))
        every = {key: ready[key] if key in ready else self._hold(part) for key, part in self._all.items()}
        return (every,) if isinstance(self._x, Mapping) else tuple(every.values())

    def matching(self, found: Any, arrays: Sequence[Floats]) -> list[Floats]:
        """The gradient's arrays in the order of ``arrays``, as float64. Raises InvalidSetting where they do not fit."""
        if isinstance(self._x, Mapping):
            if not isinstance(found, Mapping) or [key for key in self._keys if key not in found]:
                raise InvalidSetting(
                    f"the gradient is not a dict with {', '.join(self.names)}: give one array for each of them."
                )
            parts = [found[key] for key in self._keys]
        else:
            parts = list(found) if self._several and isinstance(found, tuple | list) else [found]
            if self.fixed and len(parts) == len(self._all):  # one for each argument, also for those without a slope
                parts = [parts[int(key)] for key in self._keys]
        if len(parts) != len(arrays):
            raise InvalidSetting(f"the gradient has {len(parts)} arrays and x has {len(arrays)}: give one for each.")
        return [_slope(*each) for each in zip(self.names, arrays, parts, strict=True)]

    def gradient_in(self, found: Any) -> Any:
        """The gradient, where f gives it beside its value, in any of the usual forms; else None.

        (value, gradient), (value, gradient, others), (value, others, gradient), (value, dW, db) for as many arrays.
        Raises InvalidSetting where several outputs may be it.
        """
        if not isinstance(found, tuple | list) or len(found) < 2:
            return None
        others = list(found[1:])
        count = len(self.checked)
        if self._several and count > 1 and len(others) >= count and not isinstance(others[0], tuple | list):
            return others[:count]
        fitting = [other for other in others if self._fits(other)]
        if len(fitting) > 1:
            raise InvalidSetting(
                f"f gives {len(fitting)} outputs of the form of x beside its value, each of which may be the gradient: "
                "let it return (value, gradient), or the value alone, and pass gradient=."
            )
        return fitting[0] if fitting else None

    def _fits(self, other: Any) -> bool:
        """Whether this may be a gradient: of the shape of x, a dict with its keys, or a list of as many arrays."""
        if isinstance(self._x, Mapping):
            return isinstance(other, Mapping) and any(key in other for key in self._keys)
        if self._several and isinstance(other, tuple | list):
            return len(other) in (len(self.checked), len(self._all))
        try:
            return bool(np.shape(other) == np.shape(self.checked[0]))
        except ValueError:
            return False


def _has_no_slope(part: Any) -> bool:
    """Whether these are whole numbers, words or anything else that is not to be checked."""
    if hasattr(part, "is_floating_point"):
        return not part.is_floating_point() and not part.is_complex()
    try:
        return np.asarray(part).dtype.kind not in "fc"
    except ValueError:
        return False


def _slope(name: str, array: Floats, part: Any) -> Floats:
    try:
        slope = np.asarray(part.detach().cpu().double() if hasattr(part, "detach") else part, np.float64)
    except (TypeError, ValueError):
        raise InvalidSetting(f"the gradient for {name} is {brief(part)}: it must be an array of numbers.") from None
    if slope.shape != array.shape:
        raise InvalidSetting(f"the gradient for {name} has shape {slope.shape}, {name} has {array.shape}: they differ.")
    return slope


def floats(name: str, part: Any, dtype: str) -> Floats:
    """A copy of an array in the precision of the check, its entries in the order of their indices.

    Raises :class:`InvalidSetting` for what is no array of finite numbers.
    """
    try:
        array = np.asarray(part)
    except ValueError:
        raise InvalidSetting(f"{name} = {brief(part)} is not an array of numbers: pass a float array.") from None
    check_kind(name, array.dtype.kind, str(array.dtype))
    array = np.array(array, dtype, order="C")
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


def outcome_of(found: Any) -> Any:
    """The value in what f gave, which may stand in front of a gradient and others."""
    while isinstance(found, tuple | list) and found:
        found = found[0]
    return found


def number(found: Any) -> float:
    """What f gave, as one number. Raises :class:`InvalidSetting` for anything else."""
    array = np.asarray(found)
    if array.size != 1:
        raise InvalidSetting(
            f"f gives an array of shape {array.shape}, not one number: take a sum, a mean or a loss of it."
        )
    if array.dtype.kind not in "fiub":
        raise InvalidSetting(f"f gives {brief(found)} ({array.dtype}), not a real number: return one float.")
    return float(array.reshape(()))


def finite(value: float, where: str) -> float:
    """The value of f. Raises :class:`InvalidSetting`, which says ``where`` it is, for NaN and infinity."""
    if not math.isfinite(value):
        raise InvalidSetting(f"f is {value} at {where}: choose a point around which it is finite.")
    return value
