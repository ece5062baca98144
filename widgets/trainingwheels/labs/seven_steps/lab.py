"""Seven steps: choosing hyperparameters without tons of GPUs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, cast

import ipywidgets as w

from trainingwheels.labs.base.lab import Shown
from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.seven_steps.coarse import Coarse
from trainingwheels.labs.seven_steps.curves import LookAtCurves
from trainingwheels.labs.seven_steps.initial import Initial
from trainingwheels.labs.seven_steps.overfit import Overfit
from trainingwheels.labs.seven_steps.presets import PRESETS
from trainingwheels.labs.seven_steps.range_test import RangeTest
from trainingwheels.labs.seven_steps.rates import Rates
from trainingwheels.labs.seven_steps.refined import Refined
from trainingwheels.labs.seven_steps.rounds import Rounds
from trainingwheels.labs.seven_steps.shared import Treated

__all__ = ["SevenSteps"]


class SevenSteps(TrainingLab):
    """Seven steps to good hyperparameters, each passed by a real result, and nets with a fault to try them on."""

    slug = "seven-steps"
    number = "13"
    title = "Seven steps"
    summary = "Choosing hyperparameters step by step, each passed by a real result; and faults to be found that way."
    part = "Training dynamics"
    presets = PRESETS
    views = (Initial, Overfit, Rates, RangeTest, Coarse, Refined, LookAtCurves, Rounds)

    def __init__(self, **settings: Any) -> None:
        self._passed: dict[tuple[str, str, str], set[int]] = {}
        super().__init__(**settings)

    @property
    def passed(self) -> Sequence[int]:
        """The steps that the net on screen has passed in this session, in order; a net that is mended is another."""
        return sorted(self._passed.get((self.patient, self.repair, self.loss), ()))

    # What the base asks for ------------------------------------------------------------------------------------------

    def above(self) -> Sequence[w.Widget]:
        self._progress = w.HTML()
        return [*super().above(), self._progress]

    def _present(self, shown: Shown) -> None:
        super()._present(shown)
        verdict = shown.result.verdict
        if verdict is not None and verdict.passed:
            self._passed.setdefault((self.patient, self.repair, self.loss), set()).add(cast(Treated, shown.view).step)
        self._progress.value = escape(self._so_far())

    def _so_far(self) -> str:
        """Which steps are passed, and which comes next."""
        done = self.passed
        left = [view.label for view in self.views if view.step not in done]
        passed = f"Passed: {', '.join(map(str, done))}." if done else "No step passed yet."
        return f"{passed} Next: {left[0]}." if left else f"{passed} All seven."
