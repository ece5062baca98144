"""The error of a check against its step h: truncation and rounding make a V, a bug makes a floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from trainingwheels.engine import CHECKS, DIFFERENCES, PRECISIONS, Planted, error_curve, verdict
from trainingwheels.figures.labels import compact, short
from trainingwheels.labs.gradient_checking.checking import HS, Check, Checking
from trainingwheels.labs.gradient_checking.pictures.error_against_h import ErrorCurves, ErrorPicture

__all__ = ["ErrorAgainstH"]

FLOOR = 1e-6
"""If no h brings the float64 error of the whole gradient below this, the gradient is called wrong."""


@dataclass(frozen=True)
class ErrorCheck(Check, ErrorCurves):
    """The curves, with the check behind them."""


class ErrorAgainstH(Checking):
    """The whole gradient's error over all h, in either precision and with either difference."""

    name = "error"
    label = "error against h"
    about = (
        "The relative error between the analytic and the numeric gradient for every step h, in both precisions and "
        "with either difference."
    )
    picture = ErrorPicture

    def compute(self, s: Any) -> ErrorCheck:
        checked = self.check(s)
        planted = checked.planted
        curves = {name: error_curve(replace(planted, precision=name), HS, s.difference) for name in PRECISIONS}
        other = next(name for name in DIFFERENCES if name != s.difference)
        return ErrorCheck(
            np.array(HS), curves, s.precision, s.h, checked.whole, error_curve(planted, HS, other), other,
            CHECKS[s.function].label, _guides(planted, s.difference), checked=checked, bug=s.bug,
        )  # fmt: skip

    def explain(self, result: ErrorCheck) -> Sequence[str]:
        found = verdict(result.error)
        error = f"the relative error of the whole gradient, |a − n| / max(|a|, |n|), is {short(result.error)}"
        words = [f"{result.chosen}, h = {compact(result.h)}: {error}: {found.word} ({found.advice})."]
        best = []
        for name, errors in result.curves.items():
            place = int(errors.argmin())
            best.append(f"{short(float(errors[place]))} at h = {compact(float(result.hs[place]))} in {name}")
        words.append(f"The smallest error on each line: {', '.join(best)}.")
        if result.chosen == "float32":
            least = float(result.curves["float32"].min())
            words.append(f"These thresholds are meant for float64: float32 comes down to {short(least)} at best here.")
        if result.checked.planted.function == "gelu":
            words.append("GELU's Φ is a polynomial here, right to 7e-9: value and derivative agree only that far.")
        least = float(result.curves["float64"].min())
        if least > FLOOR:
            words.append(
                f"No h brings the float64 error below {short(least)}: that is neither rounding nor truncation. The "
                "gradient is wrong."
            )
        return [*words, *super().explain(result)]


def _guides(planted: Planted, difference: str) -> tuple[Any, ...]:
    """Lines that the error of the right gradient follows: rounding, as 1/h, and truncation, as h or h²."""
    right = replace(planted, bug="none", precision="float64")
    order = DIFFERENCES[difference].order
    lines = []
    small, large = error_curve(right, (1e-3, 1e-2), difference)
    if small > 0 and 0.4 < large / small / 10**order < 2.5:  # else there is no truncation, or a kink in the way
        lines.append(_line(small / 1e-3**order, order, "truncation: h²" if order == 2 else "truncation: h"))
    for precision, h, name in (("float64", 1e-8, "rounding: 1/h"), ("float32", 3e-4, "")):
        error = float(error_curve(replace(right, precision=precision), (h,), difference)[0])
        lines.append(_line(error * h, -1, name))
    return tuple(lines)


def _line(factor: float, order: int, name: str) -> Any:
    """factor h^order between h = 1e-15 and 1, where it is below 1; its two ends."""
    hs = np.array([max(1e-15, factor), 1.0])
    if order > 0:
        hs = np.array([max(1e-15, (1e-17 / factor) ** (1 / order)), min(1.0, (1 / factor) ** (1 / order))])
    return hs, factor * hs**order, name
