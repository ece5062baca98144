"""Analytic gradient against numeric gradient: which h, which precision, what a kink does, and what a bug looks like."""

from __future__ import annotations

from trainingwheels.engine import DIFFERENCES
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.parameters import Choice, LogSlider
from trainingwheels.labs.gradient_checking.entries import EntryByEntry
from trainingwheels.labs.gradient_checking.error import ErrorAgainstH
from trainingwheels.labs.gradient_checking.kink import AcrossAKink
from trainingwheels.labs.gradient_checking.presets import PRESETS

__all__ = ["GradientChecking"]


class GradientChecking(Lab):
    """The gradient that backpropagation gives, against the one that differences of f give."""

    slug = "gradient-checking"
    number = "05"
    title = "Gradient checking"
    summary = "The analytic gradient against differences: which h, which precision, kinks, and planted bugs."
    part = "One-time setup"
    presets = PRESETS
    views = (ErrorAgainstH, EntryByEntry, AcrossAKink)

    h = LogSlider(1e-15, 1.0, 1e-5, step=0.1, help="the step of the difference")
    difference = Choice(
        DIFFERENCES, "centred", section="method", help="f(x + h) − f(x − h) over 2h, or f(x + h) − f(x) over h"
    )
