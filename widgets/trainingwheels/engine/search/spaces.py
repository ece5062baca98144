"""What a search may choose from: ranges on a linear or a logarithmic scale, and lists."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from trainingwheels.engine.search.optimizing import load_optuna
from trainingwheels.engine.settings import InvalidSetting, brief

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

__all__ = [
    "Choices",
    "LogUniform",
    "Range",
    "Space",
    "Uniform",
    "check_order",
    "distributions",
    "grid_shape",
    "inside",
    "outside",
    "space_from",
    "space_to",
]

MOST_POINTS = 10_000  # of a grid: more than anybody waits for
LOPSIDED = 2  # the longest side of a grid over the shortest, at most


@dataclass(frozen=True)
class Uniform:
    """A number from ``low`` to ``high``, all equally likely. Raises :class:`InvalidSetting` for an empty range."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _check_range(self)

    def at(self, share: float) -> float:
        """The value ``share`` of the way, from 0 to 1, along the scale."""
        return self.low + share * (self.high - self.low)

    def share(self, value: float) -> float:
        """How far along the scale ``value`` is, from 0 to 1."""
        return (value - self.low) / (self.high - self.low)

    def grid(self, count: int) -> list[Any]:
        """``count`` values, each in the middle of an equal part of the scale."""
        return [self.at((place + 0.5) / count) for place in range(count)]

    def distribution(self) -> BaseDistribution:
        """The same for optuna."""
        found: BaseDistribution = load_optuna().distributions.FloatDistribution(self.low, self.high)
        return found


@dataclass(frozen=True)
class LogUniform:
    """A number from ``low``, above 0, to ``high``, of which each power of ten is equally likely.

    Raises :class:`InvalidSetting` for an empty range, or one that reaches down to 0.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _check_range(self)
        if self.low <= 0:
            raise InvalidSetting(
                f"low = {brief(self.low)} has no logarithm: choose a number above 0, such as 1e-4, or Uniform."
            )

    def at(self, share: float) -> float:
        """The value ``share`` of the way, from 0 to 1, along the scale."""
        value = math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        return min(max(value, self.low), self.high)

    def share(self, value: float) -> float:
        """How far along the scale ``value`` is, from 0 to 1."""
        return math.log(value / self.low) / math.log(self.high / self.low)

    def grid(self, count: int) -> list[Any]:
        """``count`` values, each in the middle of an equal part of the scale."""
        return [self.at((place + 0.5) / count) for place in range(count)]

    def distribution(self) -> BaseDistribution:
        """The same for optuna."""
        found: BaseDistribution = load_optuna().distributions.FloatDistribution(self.low, self.high, log=True)
        return found


class Choices:
    """One of ``options``, all equally likely: ``Choices(16, 32, 64)``, or ``Choices([16, 32, 64])``.

    A grid tries them all. Raises :class:`InvalidSetting` where there is none, or one twice.
    """

    def __init__(self, *options: Any) -> None:
        given = options[0] if len(options) == 1 and isinstance(options[0], (list, tuple, range)) else options
        self.options = tuple(tuple(option) if isinstance(option, list) else option for option in given)
        if not self.options:
            raise InvalidSetting("options = [] leave nothing to choose from: give at least one.")
        names = [repr(option) for option in self.options]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise InvalidSetting(f"options = {brief(list(self.options))} have {name} twice: leave one out.")

    def at(self, share: float) -> Any:
        """The option ``share`` of the way, from 0 to 1, along the list."""
        return self.options[min(int(share * len(self.options)), len(self.options) - 1)]

    def share(self, value: Any) -> float:
        """How far along the list ``value`` is: the middle of its part, from 0 to 1."""
        return (self.options.index(value) + 0.5) / len(self.options)

    def grid(self, count: int) -> list[Any]:
        """All of them, however many are asked for."""
        return list(self.options)

    def distribution(self) -> BaseDistribution:
        """The same for optuna: places in the list, which every storage can keep."""
        found: BaseDistribution = load_optuna().distributions.CategoricalDistribution(range(len(self.options)))
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Choices) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        return f"Choices({', '.join(map(repr, self.options))})"


Range = Uniform | LogUniform | Choices
Space = Mapping[str, Range]
KINDS = {kind.__name__: kind for kind in (Uniform, LogUniform)}


def check_order(low: float, high: float, which: str = "") -> None:
    """Raises :class:`InvalidSetting` for ends of a range, ``which`` it is before their names, that leave nothing."""
    if low >= high:
        raise InvalidSetting(
            f"{which}low = {low:g} is not below {which}high = {high:g}: "
            f"choose a smaller {which}low, or a larger {which}high."
        )


def _check_range(given: Uniform | LogUniform) -> None:
    for name in ("low", "high"):
        value = getattr(given, name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise InvalidSetting(f"{name} = {brief(value)} is not a finite number: choose one.")
    if given.low == given.high:
        raise InvalidSetting(
            f"low = high = {given.low:g} is an empty range: choose a larger high, or leave the setting to base."
        )
    if given.low > given.high:
        raise InvalidSetting(
            f"low = {given.low:g} is above high = {given.high:g}: write {type(given).__name__}"
            f"({given.high:g}, {given.low:g})."
        )


def distributions(space: Space) -> dict[str, BaseDistribution]:
    """``space`` for optuna."""
    return {name: among.distribution() for name, among in space.items()}


def outside(space: Space, params: Mapping[str, Any]) -> dict[str, Any]:
    """What optuna calls these parameters, as we call them: options instead of their places."""
    return {
        name: among.options[params[name]] if isinstance(among, Choices) else params[name]
        for name, among in space.items()
    }


def inside(space: Space, params: Mapping[str, Any]) -> dict[str, Any]:
    """What we call these parameters, as optuna calls them."""
    return {
        name: among.options.index(params[name]) if isinstance(among, Choices) else params[name]
        for name, among in space.items()
    }


def space_to(space: Space) -> dict[str, list[Any]]:
    """``space`` in plain values, for a storage: the kind of each parameter, and what it is made with."""
    return {
        name: [type(among).__name__, *(among.options if isinstance(among, Choices) else (among.low, among.high))]
        for name, among in space.items()
    }


def space_from(values: Mapping[str, Sequence[Any]]) -> dict[str, Range]:
    """The space that :func:`space_to` has written down."""
    return {
        name: Choices(given) if kind == Choices.__name__ else KINDS[kind](*given)
        for name, (kind, *given) in values.items()
    }


def grid_shape(space: Space, trials: int) -> tuple[int, ...]:
    """How many values of each parameter a grid of at most ``trials`` points has: 9 for two are 3 x 3, 24 are 6 x 4.

    A list has all its options. The other sides are as many points as can be had with the longest at most twice as
    long as the shortest, and then as equal as possible; the first parameters have the longer ones.

    Raises :class:`InvalidSetting` for a grid of more than 10,000 points, or of more than ``trials``.
    """
    lists = {name: len(among.options) for name, among in space.items() if isinstance(among, Choices)}
    ranges = [name for name in space if name not in lists]
    least = prod(lists.values())
    points = max(least, trials) if ranges else least
    if points > MOST_POINTS:
        raise InvalidSetting(
            f"A grid of {points:,} points is more than anybody waits for: choose at most {MOST_POINTS:,}."
        )
    if least > trials:
        raise InvalidSetting(
            f"trials = {trials:,} is less than the grid's {least:,} points: "
            f"choose trials = {least:,}, or fewer options."
        )
    sides = _sides(len(ranges), trials // least)
    shape = lists | dict(zip(ranges, sides, strict=True))
    return tuple(shape[name] for name in space)


def _sides(count: int, most: int) -> list[int]:
    """``count`` whole numbers, none over twice another, the longest first, with the largest product up to ``most``."""
    if count == 0:
        return []
    best = [1] * count

    def extend(sides: list[int], left: int) -> None:
        nonlocal best
        if len(sides) == count:
            if (prod(sides), -sides[0]) > (prod(best), -best[0]):
                best = sides
            return
        top = sides[-1] if sides else LOPSIDED * max(int(most ** (1 / count)), 1)
        low = max(1, -(-sides[0] // LOPSIDED)) if sides else 1
        for side in range(low, min(top, left) + 1):
            extend([*sides, side], left // side)

    extend([], most)
    return best
