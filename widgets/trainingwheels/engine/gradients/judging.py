"""Whether a gradient's entry is right: one step tells where f is smooth; others are tried where it does not tell.

Smaller steps leave kinks behind, larger ones lift a slope out of the rounding. A wrong gradient stays wrong at all of
them, by the same amount.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from trainingwheels.engine.gradients.slopes import Slopes

__all__ = ["Finding", "Outcome", "judge"]

Measure = Callable[[float], "Slopes | None"]
FARTHEST = 0.1
"""The longest step, in units of the entry: beyond, f is another function."""
CLOSER = 12
"""How many times the step is divided by ten in search of kinks, unless rounding takes over, as it mostly does."""
AT_X = 4
"""After how many of them a kink that is still there is taken to be at x itself."""
STABLE = 0.1
"""An error that changes by less from step to step is no kink's: that would shrink with the step, or go."""
NO_KINK = 0.02
"""Two slopes that differ by less, next to the error, are no two kinks that happen to cancel."""


class Outcome(Enum):
    """What was found out about an entry."""

    AGREES = "agrees"
    DIFFERS = "differs"
    ZERO = "zero in both, up to rounding"
    KINK = "not judged: at a kink"
    ROUNDING = "not judged: lost in rounding"


@dataclass(frozen=True)
class Finding:
    """The outcome for an entry, and the slopes that it rests on; ``kinked``: smaller steps were needed."""

    outcome: Outcome
    slopes: Slopes
    kinked: bool = False


def judge(a: float, first: Slopes, measure: Measure, reach: float, *, longer: bool) -> Finding:
    """Judge the gradient's entry ``a`` by its ``first`` slopes, and where they do not tell, by those that ``measure``
    gives for other steps. ``longer`` steps are tried only where the step was not asked for."""
    if not math.isfinite(a):
        return Finding(Outcome.DIFFERS, first)
    if first.equal(a) or (first.near(a) and first.straight(a)):
        return Finding(Outcome.AGREES, first)
    if first.lost(a):
        return _from_farther(a, first, measure, reach, longer)
    return _from_closer(a, first, measure)


def _from_closer(a: float, first: Slopes, measure: Measure) -> Finding:
    """Smaller steps: where kinks were in the way, the slope changes, and the gradient agrees in the end."""
    found = [first]
    for power in range(1, CLOSER + 1):
        before, now = found[-1], measure(first.step / 10**power)
        if now is None:
            break
        found.append(now)
        if now.equal(a) or (now.near(a) and (now.straight(a) or before.near(a))):
            return Finding(Outcome.AGREES, now, kinked=first.off(a) or not first.near(a))
        if _steadily_off(a, found):
            return Finding(Outcome.DIFFERS, now)
        if (not now.tells(a) and now.rounding > now.error(a) / 2) or (power >= AT_X and now.kinked(before)):
            break
    if not any(near.bends(wide) for wide, near in pairwise(found)):
        for slopes in reversed(found):
            if (side := slopes.one_side(a)) is not None:
                one_sided = replace(slopes, centred=side, rounding=2 * slopes.rounding)
                return Finding(Outcome.AGREES, one_sided, kinked=True)
    last = [first, *(slopes for slopes in found if slopes.rounding <= first.error(a) / 2)][-1]
    if last.off(a) and last.gap <= NO_KINK * last.error(a) and last.rounding <= STABLE * last.error(a):
        return Finding(Outcome.DIFFERS, last)
    return Finding(Outcome.KINK if last.gap > 2 * last.rounding else Outcome.ROUNDING, last)


def _from_farther(a: float, first: Slopes, measure: Measure, reach: float, longer: bool) -> Finding:
    """Larger steps: what was lost in rounding comes out, or stays zero."""
    steps = [step for step in (first.step * 10**power for power in (1, 2, 3)) if step <= FARTHEST * reach]
    if (far := measure(max(steps, default=FARTHEST * reach))) is not None and far.flat(a):
        return Finding(Outcome.ZERO, first)
    found = [first]
    for step in steps:
        before, now = found[-1], measure(step)
        if now is None:
            break
        found.append(now)
        if longer and (now.equal(a) or (now.near(a) and (now.straight(a) or before.near(a)))):
            return Finding(Outcome.AGREES, now)
        if longer and _steadily_off(a, found):
            return Finding(Outcome.DIFFERS, now)
    near, wide = found[-3:-1] if len(found) > 2 else (first, found[-1])
    if near.kinked(wide):
        return Finding(Outcome.KINK, first)
    last = found[-1]
    dead = near.flat(a) and near.still and 0 in (last.left, last.right)  # a bend would lift both sides
    zero = dead or (near.level(a, wide) and not last.slants(wide))
    return Finding(Outcome.ZERO if zero else Outcome.ROUNDING, first)


def _steadily_off(a: float, found: list[Slopes]) -> bool:
    """Whether the last steps, through their rounding, find the same error, and no kink explains it.

    Two steps do where f is straight. Among kinks two may agree by chance, so there it takes three.
    """
    now = found[-1]
    error = now.error(a)
    count = 2 if now.gap <= STABLE * error else 3
    return len(found) >= count and all(
        each.off(a) and each.rounding <= error / 2 and abs(now.centred - each.centred) <= STABLE * error
        for each in found[-count:]
    )
