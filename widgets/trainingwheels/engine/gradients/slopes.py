"""The slope of f along one entry, measured with steps of one length, and what it says of a gradient there."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.gradients.differences import VERDICTS

__all__ = ["Along", "Slopes"]

Floats = NDArray[Any]
SLACK = 4.0
"""The least rounding that is reckoned with, in units of the last digit of f: two values, of which each is rounded."""
NOISE_SLACK = 8.0
"""The same, in units of the noise that was measured at eight points: the two values, and what eight points miss."""
SEEN = 5e-3
"""Rounding up to this share of a slope leaves an error of 1 % visible: beyond, a difference is no evidence."""
ZERO = 1e-9
"""What is smaller, relative to the terms that f adds up, may be called zero; float32 does not resolve that."""
NOTHING = 1e-14
"""What a gradient that is zero by cancellation may come to, where f is the same everywhere and shows no scale."""
BEND = 0.02
"""Slopes to the left and right that differ by less leave no room for a kink that could hide an error of 1 %."""


@dataclass(frozen=True)
class Slopes:
    """The slopes of f to both sides of x and across it; ``rounding`` is how far the last may be off by that alone.

    ``resolution`` is the same, relative to the terms that f adds up.
    """

    step: float
    left: float
    right: float
    centred: float
    rounding: float
    resolution: float

    def size(self, a: float) -> float:
        return max(abs(a), abs(self.centred))

    def error(self, a: float) -> float:
        """How far the gradient ``a`` is off."""
        return abs(a - self.centred)

    @property
    def still(self) -> bool:
        """Whether f is the same to the last digit at all three points."""
        return self.left == self.right == 0

    @property
    def gap(self) -> float:
        return abs(self.right - self.left)

    def lost(self, a: float) -> bool:
        """Whether rounding may be all that there is: it hides 1 % of the slope, and could explain the error."""
        if self.still and abs(a) <= NOTHING:
            return True
        return self.error(a) <= 10 * self.rounding and not self.tells(a)

    def tells(self, a: float) -> bool:
        """Whether an error of 1 % would be seen through the rounding."""
        return self.rounding <= SEEN * self.size(a)

    def equal(self, a: float) -> bool:
        """Whether ``a`` is so near that nothing but being right explains it."""
        return self.error(a) <= VERDICTS[0].most * self.size(a) and self.tells(a)

    def near(self, a: float) -> bool:
        """Whether ``a`` is as near as truncation and rounding let a right gradient be."""
        return self.error(a) <= max(VERDICTS[1].most * self.size(a), self.rounding) and self.tells(a)

    def straight(self, a: float) -> bool:
        """Whether f bends too little between the points to have hidden an error."""
        return self.gap <= BEND * self.size(a) + 4 * self.rounding

    def off(self, a: float) -> bool:
        """Whether neither rounding nor a kink on one side explains the error: one shifts the slope by half the gap."""
        return self.error(a) > VERDICTS[1].most * self.size(a) + self.rounding + 0.55 * self.gap

    def flat(self, a: float) -> bool:
        """Whether f does not change at all, up to rounding, and ``a`` says so."""
        if self.still:
            return abs(a) <= NOTHING
        return self.resolution <= ZERO and max(abs(a), abs(self.left) / 2, abs(self.right) / 2) <= self.rounding

    def level(self, a: float, wider: Slopes) -> bool:
        """Whether the slope is zero up to rounding, and ``a`` says so, though f bends: at a minimum, say.

        A ``wider`` step, ten times as long, tells how much of the difference is the bend's, which goes with h^2.
        """
        slope = (100 * self.centred - wider.centred) / 99
        return self.resolution <= ZERO and max(abs(a), abs(slope)) <= self.rounding

    def slants(self, closer: Slopes) -> bool:
        """Whether a ``closer`` step finds the same slope: one that a bend brings would go with h^2."""
        size = abs(self.centred)
        return self.rounding <= 0.1 * size and abs(self.centred - closer.centred) <= 0.3 * size

    def kinked(self, wider: Slopes) -> bool:
        """Whether the slopes on the two sides stay as far apart as with a ``wider`` step: a bend's would approach."""
        return self.gap > 4 * self.rounding and self.gap > wider.gap / 2

    def bends(self, wider: Slopes) -> bool:
        """Whether the slopes on the two sides approach as the step does: f bends, and has no kink."""
        seen = 4 * self.rounding <= 0.05 * wider.gap
        return seen and abs(self.gap - wider.gap * self.step / wider.step) <= 0.05 * wider.gap

    def one_side(self, a: float) -> float | None:
        """The slope of that side which ``a`` equals, of two that differ."""
        size, rounding = max(abs(self.left), abs(self.right)), 2 * self.rounding
        near = max(VERDICTS[1].most * size, rounding)
        return next(
            (side for side in (self.left, self.right) if abs(a - side) <= near and rounding <= SEEN * size), None
        )


class Along:
    """f along the entries of one array, whose ``noise`` is known; an entry is put back when it has been moved."""

    def __init__(self, array: Floats, value: Callable[[], float], here: float, noise: float) -> None:
        self.flat = array.reshape(-1)  # a view: target arrays are in the order of their indices
        self.value, self.here, self.noise = value, here, noise
        self._epsilon = float(np.finfo(array.dtype).eps)

    def reach(self, place: int) -> float:
        """The size of an entry, at least 1: what steps are relative to."""
        return max(1.0, abs(float(self.flat[place])))

    def slopes(self, place: int, h: float) -> Slopes | None:
        """The slopes with step ``h``; None where it is lost in the entry's rounding, or f is not finite.

        The steps that count are those that x + h and x - h really took, after their own rounding.
        """
        entry = self.flat[place]
        ends = []
        try:
            for sign in (1, -1):
                self.flat[place] = entry + self.flat.dtype.type(sign * h)
                ends.append((float(self.flat[place]) - float(entry), self.value()))
        finally:
            self.flat[place] = entry
        (up, above), (down, below) = ends
        if not up or not down or not (math.isfinite(above) and math.isfinite(below)):
            return None
        largest = max(abs(self.here), abs(above), abs(below))
        rounding = max(SLACK * self._epsilon * largest, NOISE_SLACK * self.noise) / (up - down)
        terms = (
            largest if largest > 10 * self.noise else self.noise / self._epsilon
        )  # of the last, nothing else is left
        return Slopes(
            h, (below - self.here) / down, (above - self.here) / up, (above - below) / (up - down), rounding,
            resolution=rounding / terms if terms else 0.0,
        )  # fmt: skip

    def tried(self, place: int, h: float) -> Slopes | None:
        """The same, and None where f raises, for it need not be defined so far from x."""
        try:
            return self.slopes(place, h)
        except (ArithmeticError, RuntimeError, ValueError):
            return None
