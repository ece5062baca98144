"""Runs whose curves are shown, and whether they pass a step."""

from __future__ import annotations

from dataclasses import dataclass

from trainingwheels.engine.steps.passing import Verdict
from trainingwheels.figures import CurvesView

__all__ = ["Judged"]


@dataclass(frozen=True)
class Judged(CurvesView):
    """Runs, and whether their step is passed; None before that can be said."""

    verdict: Verdict | None = None
