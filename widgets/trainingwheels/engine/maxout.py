"""Maxout of one input: two lines, and the larger of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.activations import ACTIVATIONS, Activation, Flat, gain_of

__all__ = ["maxout"]

Floats = NDArray[Any]


def maxout(w1: float = 1.0, b1: float = 0.0, w2: float = -1.0, b2: float = 0.0) -> Activation:
    """max(w1 x + b1, w2 x + b2) of a single input x; the defaults make it |x|.

    In a net each piece has an input of its own (``pieces`` is 2); this is what a unit does along one direction.
    """

    def value(x: Floats) -> Floats:
        return np.maximum(w1 * x + b1, w2 * x + b2)

    def derivative(x: Floats) -> Floats:
        return np.where(w1 * x + b1 >= w2 * x + b2, np.asarray(w1, x.dtype), np.asarray(w2, x.dtype))

    first, second = (f"{w:.9g} * x + {b:.9g}".replace("+ -", "- ") for w, b in ((w1, b1), (w2, b2)))
    return Activation(
        name="maxout",
        label="Maxout",
        value=value,
        derivative=derivative,
        formula=ACTIVATIONS["maxout"].formula,
        written=f"max({_line(w1, b1)}, {_line(w2, b2)})",
        written_derivative="slope of the line on top",
        range=_range(w1, b1, w2, b2),
        gain=gain_of(value),
        flat=_flat(w1, b1, w2, b2),
        code=f"np.maximum({first}, {second})",
        code_derivative=f"np.where({first} >= {second}, {w1:.9g}, {w2:.9g})",
        source=ACTIVATIONS["maxout"].source,
    )


def _line(w: float, b: float) -> str:
    """0.5x + 1, −x, 2."""
    slope = {1.0: "x", -1.0: "−x", 0.0: ""}.get(w, f"{w:.3g}x")
    constant = "" if slope and not b else f"{b:.3g}" if not slope else f" {'+' if b > 0 else '−'} {abs(b):.3g}"
    return (slope + constant).replace("-", "−")


def _range(w1: float, b1: float, w2: float, b2: float) -> tuple[float, float]:
    """The limits of the values."""
    if w1 == w2 == 0:
        return max(b1, b2), max(b1, b2)
    if w1 == 0 or w2 == 0:
        return (b1 if w1 == 0 else b2), math.inf
    low = w1 * (b2 - b1) / (w1 - w2) + b1 if w1 * w2 < 0 else -math.inf
    return low, math.inf


def _flat(w1: float, b1: float, w2: float, b2: float) -> Flat | None:
    """Where a line of slope zero is on top."""
    if w1 != 0 != w2:
        return None
    rule = "off: the line on top is level, its slope exactly zero"
    if w1 == w2 == 0:
        return Flat("off", rule, below=math.inf)
    level, w, b = (b1, w2, b2) if w1 == 0 else (b2, w1, b1)
    kink = (level - b) / w
    return Flat("off", rule, below=kink) if w > 0 else Flat("off", rule, above=kink)
