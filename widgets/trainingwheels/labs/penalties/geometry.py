"""Two weights: where the data loss and the penalty agree, and why L1 puts the solution on an axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.penalties import PENALTIES
from trainingwheels.engine.scripts.penalties import two_weights_script
from trainingwheels.engine.shrinkage.two_weights import Bowl, Solution
from trainingwheels.labs.base.parameters import Slider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.penalties.pictures.geometry import HANDLE, PATH, GeometryPicture, GeometryView
from trainingwheels.labs.penalties.shared import Chosen, number

__all__ = ["TwoWeights"]

STRETCHES = (1.0, 5.0)


class TwoWeights(Chosen, View):
    """Contours of the data loss, the penalty's ball, the solution and its path over lambda."""

    name = "geometry"
    label = "geometry"
    picture = GeometryPicture
    about = (
        "The data want two weights at one place, the penalty wants them at 0. Drag the place, and the small "
        "circle that turns and stretches the contours of the data loss."
    )

    strength = Slider(0.0, 4.0, 0.5, step=0.05, most=1000.0, label="λ", help="weight of the penalty in the loss")
    optimum_1 = Slider(-3.0, 3.0, 1.2, step=0.05, section="data loss", help="where w1 would be without a penalty")
    optimum_2 = Slider(-3.0, 3.0, 2.0, step=0.05, section="data loss", help="where w2 would be without a penalty")
    stretch = Slider(*STRETCHES, 2.0, step=0.05, section="data loss", help="length of the contours over their width")
    angle = Slider(
        -90.0, 90.0, 25.0, step=1.0, unit="degrees", section="data loss", help="direction of the contours' long axis"
    )

    def compute(self, s: Any) -> GeometryView:
        solution = _solution(s)
        return GeometryView(solution, solution.bowl.path(s.penalty, PATH, s.beta))

    def explain(self, result: GeometryView) -> Sequence[str]:
        solution = result.solution
        w, bowl, label = solution.w, solution.bowl, PENALTIES[solution.penalty].label
        found = [
            (
                f"Without a penalty the best weights are ({number(bowl.optimum[0])}, {number(bowl.optimum[1])}); with "
                f"λ = {solution.lam:g} and {label} they are ({number(w[0])}, {number(w[1])})."
            )
        ]
        if solution.threshold == 0:
            why = "λ is 0" if solution.lam == 0 else "the slope of w² at 0 is 0, so that any pull moves a weight off it"
            found.append(f"Nothing holds a weight at 0: {why}.")
            return found
        for place, (pull, held) in enumerate(zip(np.abs(solution.pulls), solution.on_axis, strict=True), 1):
            verdict = "no more than λ: it is exactly 0" if held else "more than λ: it is not 0"
            found.append(f"At w{place} = 0 the data loss pulls with {number(float(pull), 3)}, {verdict}.")
        both = "Both weights are 0." if solution.on_axis.all() else "The solution is on an axis."
        found += [both] if solution.on_axis.any() else ["The solution is on neither axis."]
        return found

    def script(self, s: Any) -> str:
        return two_weights_script(_solution(s))

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, float]:
        if start[0] == "tip":
            along = np.array(now[1:]) - (s.optimum_1, s.optimum_2)
            degrees = math.degrees(math.atan2(along[1], along[0]))
            turned = (degrees + 90) % 180 - 90
            return {"angle": turned, "stretch": float(np.clip(np.hypot(*along) / HANDLE, *STRETCHES))}
        return {"optimum_1": s.optimum_1 + now[1] - start[1], "optimum_2": s.optimum_2 + now[2] - start[2]}


def _solution(s: Any) -> Solution:
    bowl = Bowl((s.optimum_1, s.optimum_2), s.stretch, s.angle)
    return bowl.solve(s.penalty, s.strength, s.beta)
