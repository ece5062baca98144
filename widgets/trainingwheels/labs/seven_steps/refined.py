"""Step 5: a fine grid around the best, for longer, without learning rate decay."""

from __future__ import annotations

from typing import Any

from trainingwheels.engine.shares import in_percent
from trainingwheels.engine.steps.passing import REFINED, Verdict, best_place, refined_passed
from trainingwheels.labs.base.parameters import LogSlider, WholeSlider
from trainingwheels.labs.seven_steps.grids import Grid

__all__ = ["Refined"]


class Refined(Grid):
    """Five learning rates close to the best of step 4, and the three weight decays."""

    name = "refined"
    label = "5 finer grid"
    step = 5
    bound = REFINED
    factors = (0.5, 0.5**0.5, 1, 2**0.5, 2)
    about = (
        "Five learning rates close to the best of step 4, from half to twice of it, with the same weight decays, "
        "trained for longer. The learning rate stays what it is: a schedule comes when all else is settled."
    )

    refined_lr = LogSlider(1e-5, 100.0, 0.05, step=0.125, label="lr", help="learning rate in the middle of the grid")
    refined_epochs = WholeSlider(10, 20, 10, unit="epochs", label="epochs", help="how often each example is seen")

    def middle(self, s: Any) -> float:
        return float(s.refined_lr)

    def epochs(self, s: Any) -> int:
        return int(s.refined_epochs)

    def judge(self, train: Any, val: Any) -> Verdict:
        best = best_place(val)
        return refined_passed(float(train[best]), float(val[best]))

    @property
    def condition(self) -> str:
        return f"when the best net has {in_percent(REFINED)} of validation and of training examples right"
