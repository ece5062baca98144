"""What searches that are repeated have come to, and whether one sampler is ahead of another, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.intervals import ENOUGH, bootstrap_interval
from trainingwheels.engine.search import Repeated
from trainingwheels.engine.search.repeated import quartiles
from trainingwheels.figures.labels import capital, many, points
from trainingwheels.figures.panels import percent
from trainingwheels.labs.search.pictures.searched import Searched

__all__ = ["NOUNS", "told_of_all"]

NOUNS = {
    "grid": "the grid",
    "random": "random search",
    "sobol": "the Sobol sequence",
    "tpe": "TPE",
    "halving": "successive halving",
}


def told_of_all(shown: Searched) -> Sequence[str]:
    """Of all repetitions of all samplers, in sentences; nothing of a search alone."""
    if shown.alone:
        return []
    found = [sentence for each in shown.compared for sentence in _spread(each)]
    if shown.rival and all(each.done for each in shown.compared):
        found += _ahead(*shown.compared)
    which = f"repetition {shown.place + 1} of " if len(shown.compared[0].results) > 1 else ""
    whose = which + NOUNS[shown.result.sampler]
    return [*found, f"The map and the curves show {whose}, of which the rest is told."]


def _spread(of: Repeated) -> list[str]:
    """Where the best of all repetitions lie."""
    val, test = (ends[np.isfinite(ends)] for ends in of.ends)
    noun = NOUNS[of.results[0].sampler]
    count = len(of.results)
    lost = f" {count - len(val)} of {count} have none." if len(val) < count and of.done else ""
    name = f"{capital(noun)}, {_times(count)} {many(of.results[0].planned, 'trial')}"
    if not len(val):
        return [f"{name}: none has come to its end yet."]
    middle = "a median of " if len(val) > 1 else ""
    return [f"{name}: the best has {middle}{_range(val)} on validation and {_range(test)} on the test digits.{lost}"]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _range(values: NDArray[Any]) -> str:
    """The median, with the middle half."""
    low, middle, high = (percent(float(value)) for value in quartiles(values[:, None])[:, 0])
    return middle if len(values) == 1 else f"{middle} (middle half {low} to {high})"


def _ahead(own: Repeated, rival: Repeated) -> list[str]:
    """Whether one has more than the other with the same seeds, and whether that is more than the seeds make of it: the
    interval of the mean, and the middle half of the differences, which no single lucky seed moves, must leave out 0."""
    gains = own.ends[1] - rival.ends[1]
    gains = gains[np.isfinite(gains)]
    if not len(gains):
        return []
    one, other = (NOUNS[each.results[0].sampler] for each in (own, rival))
    if gains.mean() < 0:
        one, other, gains = other, one, -gains
    said = f"Seed by seed, on the test digits, {one} has {points(float(gains.mean()))} more than {other} on average"
    if len(gains) < ENOUGH:
        return [f"{said}, of {many(len(gains), 'pair')}: too few to say more. Repeat it {ENOUGH} times or more."]
    low, high = bootstrap_interval(gains)
    first, third = np.quantile(gains, (0.25, 0.75)).tolist()
    verdict = "more than the spread" if low > 0 and first > 0 else "a difference within the spread"
    interval, half = (
        f"{points(ends[0], True, '')} to {points(ends[1], True, '')}" for ends in ((low, high), (first, third))
    )
    return [f"{said} (99 % interval {interval}; the middle half of the pairs {half}): {verdict}."]
