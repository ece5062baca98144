"""A gradient check of one array after the other, entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.gradients.judging import Finding, judge
from trainingwheels.engine.gradients.report import CheckedArray
from trainingwheels.engine.gradients.rounding import noise_of
from trainingwheels.engine.gradients.slopes import Along, Slopes
from trainingwheels.engine.settings import InvalidSetting

__all__ = ["Survey"]

Floats = NDArray[Any]
SMALLER = 4
"""How many times the step is divided by ten where f is not finite beside x."""


@dataclass
class Survey:
    """Checks arrays of which f is ``value``; ``here`` is its value now and ``noise`` how far that scatters.

    The step is ``h``, or, where nobody ``asked`` for that, h times the size of the entry, if that is above 1.
    ``noisiest`` is the largest noise that was met.
    """

    value: Callable[[], float]
    here: float
    noise: float
    h: float
    asked: bool
    rng: np.random.Generator
    noisiest: float = field(default=0.0, init=False)

    def array(
        self, name: str, array: Floats, gradient: Floats, places: NDArray[np.int_], ticks: Iterator[None]
    ) -> CheckedArray:
        """Check these entries, given by their flat indices; ``ticks`` is advanced for each."""
        along = Along(array, self.value, self.here, self.noise)
        slopes = gradient.reshape(-1)
        own = False  # whether the noise of this array alone has been measured
        found = []
        for place in places.tolist():
            next(ticks)
            a = float(slopes[place])
            first = self._first(name, array.shape, along, place)
            if not first.equal(a) and not own:
                along.noise, own = max(along.noise, noise_of(self.value, [array], self.rng)), True
                first = self._first(name, array.shape, along, place)
            measure = partial(along.tried, place)
            found.append(judge(a, first, measure, along.reach(place), longer=not self.asked))
        self.noisiest = max(self.noisiest, along.noise)
        return _checked(name, array.shape, places, slopes[places], found)

    def _first(self, name: str, shape: tuple[int, ...], along: Along, place: int) -> Slopes:
        """The slopes with the step that was asked for, or with the longest one at which f is finite."""
        step = self.h if self.asked else self.h * along.reach(place)
        for power in () if self.asked else range(SMALLER):
            if (slopes := along.tried(place, step / 10**power)) is not None:
                return slopes
        if (slopes := along.slopes(place, step)) is not None:  # or the error that f raises there
            return slopes
        called = f"{name}[{', '.join(str(int(i)) for i in np.unravel_index(place, shape))}]"
        entry = along.flat[place]
        if entry in (entry + entry.dtype.type(step), entry - entry.dtype.type(step)):
            raise InvalidSetting(
                f"h = {step:g} is lost in rounding at {called} = {float(entry):g} ({entry.dtype}): choose a larger h."
            )
        raise InvalidSetting(
            f"f is not finite at {called} ± {step:g}: choose a point around which it is finite, or a smaller h."
        )


def _checked(
    name: str, shape: tuple[int, ...], places: NDArray[np.int_], analytic: Floats, found: list[Finding]
) -> CheckedArray:
    slopes = [finding.slopes for finding in found]
    numeric, left, right, step, rounding = (
        np.array([getattr(each, which) for each in slopes])
        for which in ("centred", "left", "right", "step", "rounding")
    )
    outcomes = np.array([finding.outcome.name for finding in found])
    kinks = np.array([finding.kinked for finding in found])
    return CheckedArray(name, shape, places, analytic, numeric, step, rounding, left, right, outcomes, kinks)
