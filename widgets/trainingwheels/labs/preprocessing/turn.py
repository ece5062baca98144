"""A linear classifier whose weights turn: how sensitive its loss is before and after one of the steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine.geometry.clouds import STEPS
from trainingwheels.engine.geometry.turning import TURNS, turned_classifiers
from trainingwheels.engine.scripts.preprocessing import turn_script
from trainingwheels.labs.base.parameters import Choice, Slider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.preprocessing.gaussian import GaussianCloud
from trainingwheels.labs.preprocessing.pictures.turning import TurnPicture, TurnView

__all__ = ["TurningWeights"]


class TurningWeights(GaussianCloud, View):
    """The best classifier of the cloud, its weights turned, on the original data and on prepared ones."""

    name = "turn"
    label = "weights that turn"
    about = (
        "The best linear classifier of the cloud, and its loss when its weights are turned: on the original data, and "
        "on prepared ones."
    )
    picture = TurnPicture

    after = Choice(STEPS, "whitened", help="the step that is compared with the original")
    turn = Slider(-90.0, 90.0, 10.0, step=1.0, unit="degrees", help="by how much the weights turn")

    def compute(self, s: Any) -> TurnView:
        steps, classes = turned_classifiers(self.gaussian(s))
        return TurnView(steps, classes, s.after, s.turn)

    def explain(self, result: TurnView) -> Sequence[str]:
        before, after = result.steps["original"], result.steps[result.after]
        label = STEPS[result.after].label
        turn = f"{result.degrees:g} degrees".replace("-", "−")
        one, two = (float(np.interp(result.degrees, TURNS, each.losses)) for each in (before, after))
        first, second = before.turn_to(2.0), after.turn_to(2.0)
        found = [
            (
                f"At its best the classifier has loss {before.lowest:.2f} on the original and on the prepared data: "
                "it is the same one, written in other coordinates."
            ),
            f"Its weights turned by {turn}: loss {one:.2f} on the original data, {two:.2f} on the {label} ones.",
            f"The loss doubles after {_angle(first)} (original) and {_angle(second)} ({label}).",
        ]
        return found if first is None or second is None else [*found, _verdict(second / first)]

    def script(self, s: Any) -> str:
        return turn_script(self.gaussian(s), s.turn)


def _angle(degrees: float | None) -> str:
    return "no turn" if degrees is None else f"a turn of {degrees:.1f} degrees"


def _verdict(factor: float) -> str:
    """What a ratio of the turns that double the loss means."""
    if factor >= 1.1:
        return f"After, the weights may turn {factor:.1f} times as far: less sensitive, easier to optimize."
    if factor <= 0.9:
        return f"After, they may turn only {factor:.2f} times as far: here this step makes it more sensitive."
    return "That is the same within a tenth: these data had nothing to gain from it."
