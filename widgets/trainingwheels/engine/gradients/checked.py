"""One function of :data:`CHECKS`, checked: its gradient against differences, at one h and at many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.gradients.bugs import BUGS
from trainingwheels.engine.gradients.differences import DIFFERENCES, PRECISIONS, relative_error
from trainingwheels.engine.gradients.functions import CHECKS, Arrays
from trainingwheels.engine.settings import OneOf, Settings, Whole, setting

__all__ = [
    "NO_BUG",
    "Checked",
    "Planted",
    "applies",
    "bug_place",
    "error_curve",
    "run_check",
    "straddle_curve",
    "whole_error",
]

Floats = NDArray[np.float64]
NO_BUG = "none"
STACK = 2048  # nets evaluated at once: more fall out of the processor's cache


@dataclass(frozen=True)
class Planted(Settings):
    """What is checked: a function at one random point, in one precision, with or without a bug in its gradient."""

    function: str = setting("net", OneOf(CHECKS), "a name from CHECKS")
    precision: str = setting("float64", OneOf(PRECISIONS), "a name from PRECISIONS")
    batch: int = setting(8, Whole(2, 64, "examples"), "examples in the batch")
    seed: int = setting(0, Whole(0, 2**31 - 1), "which random point")
    bug: str = NO_BUG  # a name from BUGS, or "none"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.bug != NO_BUG:
            BUGS[self.bug]  # raises for a name that is not there


@dataclass(frozen=True)
class Checked:
    """One gradient check, entry by entry.

    ``owner`` is the place in ``names`` of the array each entry belongs to. ``analytic`` and ``numeric`` are the two
    gradients, ``error`` the relative error of each entry; ``straddles`` says at which entries a kink lies between the
    points where f was asked. All are ndarrays of shape (entries,). ``whole`` is the relative error of the whole
    gradient, ``value`` is f(x).
    """

    planted: Planted
    h: float
    difference: str
    names: tuple[str, ...]
    owner: NDArray[np.int_]
    analytic: Floats
    numeric: Floats
    error: Floats
    straddles: NDArray[np.bool_]
    whole: float
    value: float


def applies(bug: str, function: str) -> bool:
    """Whether the function has the piece that the bug breaks."""
    return bug_place(bug, function) is not None


def bug_place(bug: str, function: str) -> str | None:
    """The name, in the function's pieces, of what the bug breaks: a loss stands there as "loss"."""
    if bug == NO_BUG:
        return None
    pieces = CHECKS[function].pieces
    if BUGS[bug].piece in pieces:
        return BUGS[bug].piece
    loss = pieces.get("loss_backward")
    return "loss_backward" if loss is not None and loss.__name__ == BUGS[bug].piece else None


class _Problem:
    """A function of one flat vector, in one precision; stacks of vectors give as many values."""

    def __init__(self, planted: Planted) -> None:
        self._check = CHECKS[planted.function]
        parameters, constants = self._check.draw(np.random.default_rng(planted.seed), planted.batch)
        self._shapes = {name: array.shape for name, array in parameters.items()}
        self._constants = {name: array.astype(planted.precision) for name, array in constants.items()}
        self._o = SimpleNamespace(**self._check.pieces)
        self._wrong = SimpleNamespace(**self._check.pieces)
        if (place := bug_place(planted.bug, planted.function)) is not None:
            setattr(self._wrong, place, BUGS[planted.bug].wrong)
        self.theta = np.concatenate([array.ravel() for array in parameters.values()]).astype(planted.precision)
        self.names = tuple(parameters)
        self.owner = np.repeat(np.arange(len(parameters)), [array.size for array in parameters.values()])

    def _arrays(self, theta: NDArray[Any]) -> Arrays:
        """The flat vectors, (..., entries), as arrays by name."""
        ends = np.cumsum([int(np.prod(shape)) for shape in self._shapes.values()])[:-1]
        flat = np.split(theta, ends, axis=-1)
        return {
            name: part.reshape(*theta.shape[:-1], *shape)
            for part, (name, shape) in zip(flat, self._shapes.items(), strict=True)
        }

    def value(self, thetas: NDArray[Any]) -> NDArray[Any]:
        return self._check.value(self._o, **self._arrays(thetas), **self._constants)

    def gradient(self) -> NDArray[Any]:
        found = self._check.gradient(self._wrong, **self._arrays(self.theta), **self._constants)
        return np.concatenate([found[name].ravel() for name in self._shapes])

    def numeric(self, hs: Sequence[float], difference: str) -> NDArray[Any]:
        """The numeric gradient at each h, (len(hs), entries)."""
        rule, slopes = DIFFERENCES[difference], []
        for some, points in self._points(hs, difference):
            values = self.value(points)
            slopes += [rule.slope(values[:, place], h) for place, h in enumerate(some)]
        return np.stack(slopes)

    def straddles(self, hs: Sequence[float], difference: str) -> NDArray[np.bool_]:
        """At which entries a kink lies between the points of the difference, (len(hs), entries)."""
        if self._check.kinks is None:
            return np.zeros((len(hs), len(self.theta)), bool)
        found = []
        for _, points in self._points(hs, difference):
            first, second = self._check.kinks(self._o, **self._arrays(points), **self._constants)
            found.append((first != second).any(-1))
        return np.concatenate(found)

    def _points(self, hs: Sequence[float], difference: str) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
        """Where f is asked, (points of the difference, hs, entries moved, entries), for a few of the hs at a time."""
        entries = len(self.theta)
        most = max(1, STACK // (2 * entries))
        for begin in range(0, len(hs), most):
            some = np.array(hs[begin : begin + most], self.theta.dtype)
            steps = some[:, None, None] * np.eye(entries, dtype=self.theta.dtype)
            yield some, np.stack([self.theta + point * steps for point in DIFFERENCES[difference].points])


@lru_cache(maxsize=32)
def _problem(planted: Planted) -> _Problem:
    return _Problem(planted)


def run_check(planted: Planted, h: float, difference: str = "centred") -> Checked:
    """The gradient of ``planted`` against differences of step ``h``."""
    problem = _problem(planted)
    analytic = problem.gradient().astype(np.float64)
    numeric = problem.numeric([h], difference)[0].astype(np.float64)
    return Checked(
        planted, h, difference, problem.names, problem.owner, analytic, numeric, relative_error(analytic, numeric),
        problem.straddles([h], difference)[0], whole_error(analytic, numeric), float(problem.value(problem.theta)),
    )  # fmt: skip


@lru_cache(maxsize=64)
def error_curve(planted: Planted, hs: tuple[float, ...], difference: str = "centred") -> Floats:
    """The relative error of the whole gradient at each h, (hs,)."""
    problem = _problem(planted)
    analytic = problem.gradient().astype(np.float64)
    return np.array([whole_error(analytic, each.astype(np.float64)) for each in problem.numeric(hs, difference)])


def straddle_curve(planted: Planted, hs: tuple[float, ...], difference: str = "centred") -> Floats:
    """The share of entries that straddle a kink at each h, (hs,)."""
    shares: Floats = _problem(planted).straddles(hs, difference).mean(1)
    return shares


def whole_error(analytic: Floats, numeric: Floats) -> float:
    """|a - n| / max(|a|, |n|) for the whole gradients, of one shape, by their Euclidean lengths."""
    larger = max(np.linalg.norm(analytic), np.linalg.norm(numeric))
    return float(np.linalg.norm(analytic - numeric) / larger) if larger > 0 else 0.0
