"""Gradient descent on the bowls of least squares: what the condition number costs, before and after each step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from trainingwheels.engine.geometry.bowls import bowls
from trainingwheels.engine.geometry.clouds import STEPS, Cloud
from trainingwheels.engine.scripts.preprocessing import descent_script
from trainingwheels.figures.labels import many, short
from trainingwheels.labs.base.parameters import LogSlider, Slider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.preprocessing.gaussian import Place
from trainingwheels.labs.preprocessing.pictures.bowls import DescentPicture, DescentView

__all__ = ["Descent"]


class Descent(Place, View):
    """Paths in the bowl of the centred and of the whitened data, and the steps that each preparation takes."""

    name = "descent"
    label = "gradient descent"
    about = (
        "Gradient descent on the bowls that the loss of a linear model has over original and prepared data: its "
        "paths, its loss, and how many steps it takes."
    )
    picture = DescentPicture

    condition = LogSlider(1.0, 1000.0, 50.0, step=0.05, help="condition number: largest variance over smallest")
    rate = Slider(0.05, 2.2, 1.7, step=0.05, help="learning rate times the largest curvature; from 2 on it diverges")

    def compute(self, s: Any) -> DescentView:
        found = bowls(s.condition, s.angle, (s.shift_x, s.shift_y))
        return DescentView(found, s.rate, {name: bowl.steps(s.rate) for name, bowl in found.items()})

    def explain(self, result: DescentView) -> Sequence[str]:
        rate = result.rate
        if rate >= 2:
            too_high = (
                f"The learning rate is {rate:g} divided by the largest curvature. From 2 on, each step overshoots by "
                "at least the distance it came from: nothing converges, on any bowl, prepared or not."
            )
            return [too_high]
        condition = result.bowls["centred"].condition
        others = [
            f"{STEPS[name].label} {_steps(result, name)} (condition number {short(result.bowls[name].condition)})"
            for name in ("original", "normalized")
        ]
        found = [
            (
                f"Zero-centred data with condition number {short(condition)}: {_steps(result, 'centred')} until the "
                f"loss is a thousandth of that at the start. Whitened: {_steps(result, 'whitened')}, with the same "
                "rate times curvature."
            ),
            f"The others: {', '.join(others)}.",
        ]
        if rate <= 1.5 and condition >= 10:
            each = math.log(500) / (2 * rate)
            found.append(
                f"In theory it takes the condition number times ln(500) / (2 × {rate:g}) = {each:.1f} steps, for "
                f"large condition numbers: {condition * each:,.0f} here."
            )
        return found

    def script(self, s: Any) -> str:
        stds = (math.sqrt(s.condition), 1.0)
        return descent_script(Cloud(stds, s.angle, (s.shift_x, s.shift_y), 200, exact=True), s.rate)


def _steps(result: DescentView, name: str) -> str:
    steps = result.steps[name]
    return "more than ten million steps" if steps is None else many(steps, "step")
