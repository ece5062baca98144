"""Gradient checks of functions in NumPy."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.gradients.arguments import Parts, floats, number, outcome_of
from trainingwheels.engine.gradients.target import Target
from trainingwheels.engine.settings import InvalidSetting

__all__ = ["array_target", "seed_globals", "untouched_globals"]

Floats = NDArray[Any]


def array_target(f: Callable[..., Any], x: Any, gradient: Any, dtype: str, seed: int) -> Target:
    """What :func:`gradient_check` asks, of a function of arrays."""
    parts = Parts(x)
    arrays = [floats(name, part, dtype) for name, part in zip(parts.names, parts.checked, strict=True)]

    def ask(what: Callable[..., Any]) -> Any:
        seed_globals(seed)
        return what(*parts.passed([array.copy() for array in arrays]))

    def value() -> float:
        return number(outcome_of(ask(f)))

    def slopes() -> list[Floats]:
        found = gradient
        if callable(gradient):
            found = ask(gradient)
        elif gradient is None:
            given = ask(f)
            found = parts.gradient_in(given)
            if found is None and isinstance(given, tuple | list) and len(given) > 1:
                found = given[1]  # of a wrong shape, which is said
            elif found is None:
                raise InvalidSetting(
                    "f gives a number, no gradient: pass gradient=, let f return (value, gradient), or pass a tensor."
                )
        return parts.matching(found, arrays)

    return Target(parts.names, arrays, value, slopes, untouched_globals, parts.notes)


def seed_globals(seed: int) -> None:
    """Let ``np.random`` and ``random`` draw the same numbers in every evaluation."""
    np.random.seed(seed % 2**32)  # noqa: NPY002 - the state that f may draw from
    random.seed(seed)


@contextmanager
def untouched_globals() -> Iterator[None]:
    """Leave the random states of NumPy and Python as they were."""
    python, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002 - the same
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(legacy)  # noqa: NPY002 - the same
