"""What a policy chooses for each picture: at each of two positions an operation and its strength.

``u`` is (n, numbers), uniform on [0, 1). The result has at each of ``POSITIONS`` the names, (n,), "" where nothing
happens, and under "first_value" and "second_value" the strengths in the units of ``LEVELS``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.augmentation.policies import LEVELS, POLICIES, TOP

__all__ = ["CHOICES", "POSITIONS", "auto_augment", "rand_augment", "trivial_augment"]

Floats = NDArray[np.float64]
Values = dict[str, NDArray[Any]]

POSITIONS = ("first", "second")
CHOICES = ("", *(name for name in LEVELS if name != "invert"))
"""Of which RandAugment and TrivialAugment choose: nothing, or one of thirteen operations."""

NAMES = np.array(CHOICES, "U16")
SIGNED = np.array([bool(name) and LEVELS[name].signed for name in CHOICES])
FACTOR = np.array([bool(name) and LEVELS[name].unit == "factor" for name in CHOICES])


class _Table(NamedTuple):
    """A policy as arrays, (sub-policies, positions) each."""

    names: NDArray[Any]
    chances: Floats
    values: Floats
    signed: NDArray[np.bool_]


@lru_cache
def _table(policy: str) -> _Table:
    steps = [step for sub in POLICIES[policy] for step in sub]
    columns = (
        np.array([name for name, _, _ in steps], "U16"),
        np.array([chance for _, chance, _ in steps]),
        np.array([_value(name, level) for name, _, level in steps]),
        np.array([LEVELS[name].signed for name, _, _ in steps]),
    )
    return _Table(*(column.reshape(-1, len(POSITIONS)) for column in columns))


def auto_augment(policy: str, u: Floats, share: float) -> Values:
    """One sub-policy for each picture, with the chance ``share``; u is (n, 6). "subpolicy" is its number, from 1."""
    table = _table(policy)
    chosen, used = _one_of(len(table.names), u[:, 0]), u[:, 1] < share
    found: Values = {"subpolicy": np.where(used, chosen + 1, 0)}
    for place, position in enumerate(POSITIONS):
        acts = used & (u[:, 2 + 2 * place] < table.chances[chosen, place])
        sign = np.where(table.signed[chosen, place] & (u[:, 3 + 2 * place] < 0.5), -1, 1)
        found[position] = np.where(acts, table.names[chosen, place], "")
        found[f"{position}_value"] = np.where(acts, sign * table.values[chosen, place], 0)
    return found


def rand_augment(u: Floats, level: float) -> Values:
    """Two operations for each picture, of equal chances and of this level; u is (n, 4).

    What makes a picture brighter, sharper or more colourful goes either way from 1: at level 10 by 0.9.
    """
    strengths = _strengths(level)
    found: Values = {}
    for place, position in enumerate(POSITIONS):
        chosen, up = _one_of(len(CHOICES), u[:, 2 * place]), u[:, 2 * place + 1] < 0.5
        found |= _either_way(position, chosen, strengths[chosen], 0.9 * level / TOP, up)
    return found


def trivial_augment(u: Floats, share: float) -> Values:
    """One operation for each picture, its strength uniform on ``share`` of a wide range; u is (n, 3)."""
    chosen, strength, up = _one_of(len(CHOICES), u[:, 0]), share * u[:, 1], u[:, 2] < 0.5
    values = np.ones(len(u))
    for place, name in enumerate(CHOICES):
        if name and (wide := LEVELS[name].wide):
            values[chosen == place] = wide(strength[chosen == place])
    return _either_way(POSITIONS[0], chosen, values, 0.99 * strength, up)


@lru_cache
def _strengths(level: float) -> Floats:
    """What RandAugment's level is to each of CHOICES."""
    return np.array([_value(name, level, rand=True) for name in CHOICES])


def _one_of(count: int, u: Floats) -> NDArray[np.int64]:
    return np.minimum((u * count).astype(np.int64), count - 1)


def _value(name: str, level: float, rand: bool = False) -> float:
    """The strength of a level; 1 where an operation has none."""
    if not name:
        return 0.0
    value = (rand and LEVELS[name].rand) or LEVELS[name].value
    return 1.0 if value is None else float(value(level))


def _either_way(
    position: str, chosen: NDArray[np.int64], values: Floats, distance: Any, up: NDArray[np.bool_]
) -> Values:
    """Shears, shifts and angles of either sign, and factors on either side of 1."""
    sign = np.where(up, 1, -1)
    values = np.where(FACTOR[chosen], 1 + sign * distance, np.where(SIGNED[chosen], sign * values, values))
    return {position: NAMES[chosen], f"{position}_value": values}
