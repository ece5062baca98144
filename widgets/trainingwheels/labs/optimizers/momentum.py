"""Momentum on a quadratic: learning rate and momentum as one handle, and what becomes of each direction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from trainingwheels.engine.descent.quadratics import (
    ACCELERATIONS,
    Quadratic,
    highest_lr,
    rate_of_best_momentum,
    rate_of_best_sgd,
)
from trainingwheels.engine.scripts.descent import quadratic_script
from trainingwheels.figures.labels import many, short
from trainingwheels.labs.base.parameters import Choice, LogSlider, Slider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.optimizers.pictures.momentum import STEPS, MomentumPicture, MomentumView

__all__ = ["Momentum"]

DIRECTIONS = ("steepest", "second", "third", "fourth", "flattest")
SAME = 5e-5  # a difference of rates that is not seen in four digits


class Momentum(View):
    """The plane of both, with the region in which it converges and the rate there."""

    name = "momentum"
    label = "momentum"
    picture = MomentumPicture
    about = (
        "Momentum on a quadratic loss: drag the point in the plane of learning rate and momentum. Beside it five "
        "directions of the loss, from the steepest to the flattest, each on its own; and their distance from the "
        "lowest point together."
    )

    alpha = Slider(0.0, 4.0, 1.9, step=0.01, label="α", help="learning rate times the largest curvature")
    beta = Slider(0.0, 0.99, 0.0, step=0.005, label="β", help="share of the velocity that is kept")
    condition = LogSlider(
        1.0, 1000.0, 100.0, step=0.05, label="κ", help="condition number: largest curvature over smallest"
    )
    method = Choice(ACCELERATIONS, "momentum", section="more", help="where the gradient is taken")

    def compute(self, s: Any) -> MomentumView:
        quadratic = _quadratic(s)
        return MomentumView(quadratic, quadratic.distances(STEPS))

    def explain(self, result: MomentumView) -> Sequence[str]:
        q = result.quadratic
        rate = float(q.rates.max())
        here = f"With α = {q.lr:.4g} and β = {q.momentum:.4g} "
        if rate < 1:
            where = _slowest(q.rates, "the slowest")
            here += f"a step multiplies the distance {where} by {_number(rate)} in the long run: {_tenth(rate)}."
        else:
            here += (
                f"the distance {_slowest(q.rates, 'the worst')} does not shrink, its rate being {_number(rate)}: with "
                f"this β, α has to be above 0 and below {float(highest_lr(q.method, q.momentum)):.4g}."
            )
        sgd, best = rate_of_best_sgd(q.condition), rate_of_best_momentum(q.condition)
        lr, momentum = q.best_momentum
        best_name = "momentum" if q.method == "momentum" else "momentum, not Nesterov's,"
        return [
            here,
            (
                f"The best without momentum is (κ − 1)/(κ + 1) = {sgd:.4f}, at α = {q.best_sgd[0]:.3f}: {_tenth(sgd)}. "
                f"The best with {best_name} is (√κ − 1)/(√κ + 1) = {best:.4f}, at α = {lr:.3f} and β = {momentum:.3f}: "
                f"{_tenth(best)}."
            ),
        ]

    def script(self, s: Any) -> str:
        return quadratic_script(_quadratic(s), STEPS)

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, float]:
        return {"alpha": now[0], "beta": now[1]}


def _quadratic(s: Any) -> Quadratic:
    return Quadratic(s.condition, s.method, s.alpha, s.beta)


def _slowest(rates: Any, called: str) -> str:
    """In which directions the distance shrinks least: those whose rate is the largest, to the digits shown."""
    worst = float(rates.max())
    same = SAME if worst == 1 or abs(worst - 1) > SAME else abs(worst - 1) / 10
    slow = [name for name, rate in zip(DIRECTIONS, rates, strict=True) if rate >= worst - same]
    if len(slow) == len(DIRECTIONS):
        return "in all five directions alike"
    if len(slow) > 1:
        return f"in the {', '.join(slow[:-1])} and {slow[-1]} directions, {called},"
    return f"in the {slow[0]} direction, {called},"


def _number(rate: float) -> str:
    """A rate to four digits, or to those that tell it from 1."""
    if rate == 1 or abs(rate - 1) > SAME:
        return f"{rate:.4f}"
    return f"1 {'−' if rate < 1 else '+'} {short(abs(1 - rate))}"


def _tenth(rate: float) -> str:
    """How long a distance takes to become a tenth at this rate."""
    return (
        f"a tenth is left after about {many(math.ceil(math.log(0.1) / math.log(rate)), 'step')}"
        if rate > 1e-9
        else ("one step is enough")
    )
