"""Step 4: a coarse grid, for a few epochs."""

from __future__ import annotations

from typing import Any

from trainingwheels.engine.shares import in_percent
from trainingwheels.engine.steps.passing import COARSE, Verdict, grid_passed
from trainingwheels.figures.panels import plain
from trainingwheels.labs.base.parameters import LogSlider, WholeSlider
from trainingwheels.labs.seven_steps.grids import Grid
from trainingwheels.labs.seven_steps.shared import DECAYS

__all__ = ["Coarse"]


class Coarse(Grid):
    """Five learning rates around the one of step 3, and the lecture's three weight decays."""

    name = "coarse"
    label = "4 coarse grid"
    step = 4
    bound = COARSE
    factors = (1 / 9, 1 / 3, 1, 3, 9)
    about = (
        "Five learning rates around the one that worked in step 3, each three times the one before, with each of the "
        f"weight decays {', '.join(plain(l2) for l2 in DECAYS)}: fifteen nets, for a few epochs."
    )

    coarse_lr = LogSlider(1e-5, 100.0, 0.05, step=0.125, label="lr", help="learning rate in the middle of the grid")
    coarse_epochs = WholeSlider(1, 5, 3, unit="epochs", label="epochs", help="how often each example is seen")

    def middle(self, s: Any) -> float:
        return float(s.coarse_lr)

    def epochs(self, s: Any) -> int:
        return int(s.coarse_epochs)

    def judge(self, train: Any, val: Any) -> Verdict:
        return grid_passed(val)

    @property
    def condition(self) -> str:
        edge = "its learning rate is neither the lowest nor the highest"
        return f"when the best net has {in_percent(COARSE)} right, and {edge}"
