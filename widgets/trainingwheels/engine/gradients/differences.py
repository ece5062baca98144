"""Slopes measured from values: one-sided and centred differences, how wrong they are, and what is said of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import Table

__all__ = ["DIFFERENCES", "PRECISIONS", "VERDICTS", "Difference", "Precision", "Verdict", "relative_error", "verdict"]

Floats = NDArray[Any]


@dataclass(frozen=True)
class Difference:
    """One way to measure a slope.

    f is asked at x + h times each of ``points``; ``slope(values, h)`` takes the values there, points first, and gives
    the slope. The truncation error shrinks as h to the power ``order``. ``formula`` is LaTeX, ``code`` NumPy in ``f``,
    ``x``, ``step`` (h along one entry) and ``h``.
    """

    name: str
    label: str
    points: tuple[int, ...]
    slope: Callable[[Floats, float], Floats]
    order: int
    formula: str
    code: str


def _centred(values: Floats, h: float) -> Floats:
    slope: Floats = (values[0] - values[1]) / (2 * h)
    return slope


def _forward(values: Floats, h: float) -> Floats:
    slope: Floats = (values[0] - values[1]) / h
    return slope


DIFFERENCES: Table[Difference] = Table(
    "difference",
    (
        Difference(
            name="centred",
            label="centred",
            points=(1, -1),
            slope=_centred,
            order=2,
            formula=r"\frac{f(x + h) - f(x - h)}{2h}",
            code="(f(x + step) - f(x - step)) / (2 * h)",
        ),
        Difference(
            name="one-sided",
            label="one-sided",
            points=(1, 0),
            slope=_forward,
            order=1,
            formula=r"\frac{f(x + h) - f(x)}{h}",
            code="(f(x + step) - f(x)) / h",
        ),
    ),
)


@dataclass(frozen=True)
class Precision:
    """A float type: ``epsilon`` is the distance from 1 to the next number; ``h`` the step that suits numbers around 1.

    A centred difference errs by about h^2 in truncation and epsilon / h in rounding: the sum is least where h is about
    the cube root of epsilon, 6e-6 and 5e-3.
    """

    name: str
    label: str
    epsilon: float
    h: float


PRECISIONS: Table[Precision] = Table(
    "precision",
    (
        Precision("float64", "float64", float(np.finfo(np.float64).eps), 1e-5),
        Precision("float32", "float32", float(np.finfo(np.float32).eps), 5e-3),
    ),
)


def relative_error(analytic: Floats, numeric: Floats) -> Floats:
    """|a - n| / max(|a|, |n|) of each entry of two arrays of one shape: 0 where both are zero, infinite where
    one is not a number."""
    a, n = np.asarray(analytic, np.float64), np.asarray(numeric, np.float64)
    larger = np.maximum(np.abs(a), np.abs(n))
    with np.errstate(invalid="ignore"):
        error: Floats = np.abs(a - n) / np.where(larger > 0, larger, 1.0)
    return np.where(np.isfinite(error), error, np.inf)


@dataclass(frozen=True)
class Verdict:
    """What a relative error up to ``most`` says: in a ``word``, and as ``advice``."""

    most: float
    word: str
    advice: str


VERDICTS = (
    Verdict(1e-7, "right", "at most 1e-7: be happy"),
    Verdict(1e-4, "right if there are kinks", "1e-7 to 1e-4; without kinks or many layers, look again"),
    Verdict(1e-2, "suspicious", "1e-4 to 1e-2: feel uncomfortable"),
    Verdict(float("inf"), "probably wrong", "above 1e-2"),
)
"""The usual advice, after the course notes of CS231n (Stanford), "Gradient checks"; for float64."""


def verdict(error: float) -> Verdict:
    """What is said of this relative error."""
    return next(each for each in VERDICTS if error <= each.most)
