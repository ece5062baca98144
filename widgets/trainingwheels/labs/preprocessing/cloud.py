"""The lecture's cloud from raw to white, step by step; the points may be the learner's own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.data.own_files import read_points
from trainingwheels.engine.geometry.clouds import STEPS, cloud_steps
from trainingwheels.engine.scripts.preprocessing import cloud_script, points_script
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.labels import capital, many, short
from trainingwheels.labs.base.files import Upload
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.parameters import Choice
from trainingwheels.labs.base.view import View
from trainingwheels.labs.preprocessing.gaussian import GaussianCloud
from trainingwheels.labs.preprocessing.pictures.clouds import CloudPicture, CloudView, cloud_groups

__all__ = ["StepByStep"]

DATA = Table("data", (Option("gaussian", "a Gaussian cloud"), Option("own", "my own points")))


class StepByStep(GaussianCloud, View):
    """One step large with its numbers, and all five side by side."""

    name = "cloud"
    label = "a cloud, step by step"
    about = (
        "The same points at each step: as they come, zero-centred, divided by their standard deviations, turned onto "
        "their principal axes, and whitened."
    )
    picture = CloudPicture

    step = Choice(STEPS, "original", label="large", help="the step that is shown large")
    data = Choice(DATA, "gaussian", section="cloud", help="whose points; a file of your own is opened above")

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._own: NDArray[np.float32] | None = None

    def compute(self, s: Any) -> CloudView:
        steps = cloud_steps(self._mine() if s.data == "own" else self.gaussian(s).draw())
        return CloudView(steps, STEPS.keys().index(s.step), cloud_groups(steps))

    def explain(self, result: CloudView) -> Sequence[str]:
        original, chosen = result.steps[0], result.steps[result.chosen]
        mean, condition, count = original.moments.mean, original.moments.condition, len(original.points)
        worst = max(taken.miss for taken in result.steps)
        matrix, ratio = _matrix(chosen.moments.covariance), _ratio(chosen.moments.condition)
        return [
            (
                f"{many(count, 'point')} around ({short(mean[0])}, {short(mean[1])}). Correlation of the two features "
                f"{_flat(original.moments.correlation)}; ratio of the variances along the ellipse's axes "
                f"{_ratio(condition)}."
            ),
            f"{capital(chosen.step.label)}: covariance {matrix}, ratio {ratio}.",
            *_too_flat(count, condition),
            f"Each step can be taken back: the way back misses by {short(worst)} of the largest value, rounding.",
        ]

    def script(self, s: Any) -> str:
        return points_script(self._mine()) if s.data == "own" else cloud_script(self.gaussian(s))

    def above(self) -> Sequence[Upload]:
        take, what = self.lab._guarded(self.take_points), "A CSV file of two columns"
        self.upload = Upload("Open points", ".csv,.txt,text/csv", take, tooltip=what)
        return [self.upload]

    def take_points(self, name: str, content: bytes) -> None:
        """Show the points of a CSV file of two columns."""
        self._own = read_points(name, content)
        self.lab.renew(show="cloud", data="own")

    def _mine(self) -> NDArray[np.float32]:
        if self._own is None:
            raise InvalidSetting("data = own needs a file: open one above the picture, or choose data = gaussian.")
        return self._own


def _too_flat(count: int, condition: float) -> list[str]:
    """What to say of data without variance in some direction."""
    few = (
        f"{many(count, 'point')} in 2 dimensions: the covariance has rank {count - 1}. Fewer examples than dimensions "
        "always leave directions without any variance."
    )
    line = (
        "The points lie on a line: one direction has variance 0. Whitening would divide 0 by 0; the 1e-5 that is "
        "added to each variance keeps it at 0."
    )
    return [few] if count < 3 else [line] if condition == math.inf else []


def _flat(value: float) -> str:
    return "0" if abs(value) < 5e-3 else f"{value:.2f}".replace("-", "−")


def _ratio(condition: float) -> str:
    return "infinite" if condition == math.inf else short(condition)


def _matrix(covariance: Any) -> str:
    size = 1e-5 * max(1.0, float(np.abs(covariance).max()))
    rows = [", ".join("0" if abs(value) < size else short(float(value)) for value in row) for row in covariance]
    return f"[{'; '.join(rows)}]"
