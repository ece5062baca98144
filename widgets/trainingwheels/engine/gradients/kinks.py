"""Functions of one number with and without a kink: where the two points of a difference stand on different sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.activations import ACTIVATIONS
from trainingwheels.engine.gradients.checked import Planted, straddle_curve
from trainingwheels.engine.gradients.differences import DIFFERENCES, relative_error
from trainingwheels.engine.settings import Table

__all__ = ["KINKS", "Kink", "Secant", "secant", "straddling"]

Floats = NDArray[Any]


@dataclass(frozen=True)
class Kink:
    """A function whose slope jumps at ``at``, or nowhere (None). Its ``derivative`` has one side's slope there.

    ``code`` and ``code_derivative`` are NumPy expressions in ``x``.
    """

    name: str
    label: str
    value: Callable[[Floats], Floats]
    derivative: Callable[[Floats], Floats]
    at: float | None
    formula: str
    code: str
    code_derivative: str


def _from_table(name: str, at: float | None) -> Kink:
    entry = ACTIVATIONS[name]
    return Kink(name, entry.label, entry.value, entry.derivative, at, entry.formula, entry.code, entry.code_derivative)


KINKS: Table[Kink] = Table(
    "kink",
    (
        _from_table("relu", 0.0),
        _from_table("leaky_relu", 0.0),
        Kink(
            "hinge", "hinge", lambda x: np.maximum(0, 1 - x), lambda x: np.where(x < 1, -1.0, 0.0), 1.0,
            r"\max(0,\ 1 - x)", "np.maximum(0, 1 - x)", "np.where(x < 1, -1.0, 0.0)",
        ),
        Kink(
            "maxout", "maxout of two lines", lambda x: np.maximum(0.9 * x, 0.3 * x + 0.3),
            lambda x: np.where(0.9 * x >= 0.3 * x + 0.3, 0.9, 0.3), 0.5, r"\max(0.9x,\ 0.3x + 0.3)",
            "np.maximum(0.9 * x, 0.3 * x + 0.3)", "np.where(0.9 * x >= 0.3 * x + 0.3, 0.9, 0.3)",
        ),
        Kink("l1", "|w|, the L1 penalty", np.abs, np.sign, 0.0, r"|w|", "np.abs(x)", "np.sign(x)"),
        _from_table("tanh", None),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Secant:
    """The two slopes of a function at ``x``: ``analytic``, and ``numeric`` between the ``points`` where it was asked.

    ``straddles`` says whether the kink lies between them; ``error`` is the relative error.
    """

    kink: Kink
    x: float
    h: float
    points: tuple[float, float]
    analytic: float
    numeric: float
    straddles: bool
    error: float


def secant(name: str, x: float, h: float, difference: str = "centred") -> Secant:
    """The slope of ``KINKS[name]`` at ``x``, both ways, in float64."""
    kink, rule = KINKS[name], DIFFERENCES[difference]
    points = np.array([x + point * h for point in rule.points])
    numeric = float(rule.slope(kink.value(points), h))
    analytic = float(kink.derivative(np.array(x)))
    straddles = kink.at is not None and bool(points.min() < kink.at < points.max())
    error = float(relative_error(np.array(analytic), np.array(numeric)))
    return Secant(kink, x, h, (float(points[0]), float(points[1])), analytic, numeric, straddles, error)


@lru_cache(maxsize=32)
def straddling(hs: tuple[float, ...], batch: int, difference: str = "centred", seeds: int = 10) -> Floats:
    """For each h, (hs,), the share of the entries of the net with ReLU and hinge that straddle a kink; mean over
    ``seeds``."""
    draws = (Planted("kinked-net", batch=batch, seed=seed) for seed in range(seeds))
    shares: Floats = np.mean([straddle_curve(planted, hs, difference) for planted in draws], axis=0)
    return shares
