"""Seven steps: choosing hyperparameters without tons of GPUs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, ClassVar, cast

import ipywidgets as w

from trainingwheels.labs.base.lab import Shown
from trainingwheels.labs.base.parameters import Parameter
from trainingwheels.labs.base.training import TrainingLab
from trainingwheels.labs.seven_steps.coarse import Coarse
from trainingwheels.labs.seven_steps.curves import LookAtCurves
from trainingwheels.labs.seven_steps.initial import Initial
from trainingwheels.labs.seven_steps.overfit import Overfit
from trainingwheels.labs.seven_steps.presets import PRESETS
from trainingwheels.labs.seven_steps.progress import PASSED, Key, Progress
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

    keepsakes: ClassVar[Mapping[str, Parameter]] = {"passed": PASSED}

    def __init__(self, **settings: Any) -> None:
        self._progress = Progress()
        super().__init__(**settings)

    @property
    def passed(self) -> Sequence[int]:
        """The steps that the net on screen has passed, in order; a net that is mended is another."""
        return [*self._progress.of(self._case)]

    # What the base asks for ------------------------------------------------------------------------------------------

    @property
    def remembered(self) -> Mapping[str, Any]:
        return {"passed": self._progress.cases}

    def remember(self, **found: Any) -> None:
        if found.get("passed"):
            self._progress.take_back(found["passed"])
            self.put_down()
            self._show_passed()

    def above(self) -> Sequence[w.Widget]:
        self._so_far = w.HTML()
        return [*super().above(), self._so_far]

    def _present(self, shown: Shown) -> None:
        super()._present(shown)
        verdict = shown.result.verdict
        if verdict is not None and verdict.passed:
            step = cast(Treated, shown.view).step
            if self._progress.add(self._case, step, verdict.found):
                self.put_down()
        self._show_passed()

    @property
    def _case(self) -> Key:
        return self.patient, self.repair, self.loss, "".join(map(str, self.conv))

    def _show_passed(self) -> None:
        """Say which steps are passed, and which comes next."""
        steps = {view.step: view.label for view in reversed(self.views)}
        self._so_far.value = escape(self._progress.words(self._case, dict(sorted(steps.items()))))
