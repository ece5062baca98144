"""A gradient that is checked: whose it is, which bug is planted in it, and what there is to say of any check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from trainingwheels.engine import (
    BUGS,
    CHECKS,
    PRECISIONS,
    VERDICTS,
    Checked,
    Planted,
    applies,
    check_script,
    error_curve,
    run_check,
    whole_error,
)
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.labels import compact, short
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, WholeSlider
from trainingwheels.labs.base.view import View

__all__ = ["HS", "SECRET", "Check", "Checking", "cause"]

HS = tuple(float(f"{10 ** (-15 + place / 3):.6g}") for place in range(46))

SECRET = "secret"
NAMED = tuple(Option(bug.name, bug.label) for bug in BUGS.values())
PLANTED = Table("bug", (Option("none", "none"), Option(SECRET, "a secret one (seed decides)"), *NAMED))


@dataclass(frozen=True, kw_only=True)
class Check:
    """What was ``checked``, and the ``bug`` that was asked for."""

    checked: Checked
    bug: str


class Checking(View):
    """A view whose result is a :class:`Check`. It says first what it shows, then what there is to say of any check."""

    function = Choice(CHECKS, "net", help="whose gradient is checked")
    bug = Choice(PLANTED, "none", help="a mistake in the backward pass", label="planted bug")
    precision = Choice(PRECISIONS, "float64", section="method", help="floats in which f is computed")
    batch = LogWholeSlider(2, 16, 8, most=64, unit="examples", section="more", help="examples in the batch")
    seed = WholeSlider(0, 99, 0, most=2**31 - 1, section="more", help="which random point")

    def check(self, s: Any) -> Checked:
        """The check for settings ``s``."""
        return run_check(_planted(s), s.h, s.difference)

    def explain(self, result: Any) -> Sequence[str]:
        return [sentence for sentence in (_straddled(result.checked), _bug_words(result)) if sentence]

    def script(self, s: Any) -> str:
        return check_script(_planted(s), s.h, s.difference)


def _planted(s: Any) -> Planted:
    """What is checked; a bug that the function has no place for is not planted."""
    fitting = [name for name in BUGS if applies(name, s.function)]
    bug = fitting[s.seed % len(fitting)] if s.bug == SECRET and fitting else s.bug
    return Planted(s.function, s.precision, s.batch, s.seed, bug if bug in fitting else "none")


def _straddled(checked: Checked) -> str:
    if CHECKS[checked.planted.function].kinks is None:
        return ""
    count, total = int(checked.straddles.sum()), len(checked.straddles)
    excuse = ": their errors say nothing of the gradient." if count else "."
    return f"At this h, {count} of {total} entries have a kink between the points where f is asked{excuse}"


def _bug_words(result: Check) -> str:
    planted = result.checked.planted
    if result.bug == "none":
        return f"No bug is planted: {cause(result.checked)}." if result.checked.whole > VERDICTS[1].most else ""
    if planted.bug == "none":
        off = f", and {cause(result.checked)}" if result.checked.whole > VERDICTS[1].most else ""
        return f"Nothing is planted: the bug has no place in {CHECKS[planted.function].label}{off}."
    if result.bug == SECRET:
        return "One line of the backward pass is wrong. Code shows it among the others."
    return f"Planted: {BUGS[planted.bug].what} {BUGS[planted.bug].shows}"


def cause(checked: Checked) -> str:
    """What makes the larger part of a right gradient's error: kinks, rounding or truncation; and how one can tell."""
    found = checked.straddles
    rest = whole_error(checked.analytic[~found], checked.numeric[~found])
    if rest <= checked.whole / 2:
        others = "all entries have one" if found.all() else f"the entries without one are off by {short(rest)}"
        return f"the error is the kinks', {others}"
    double = replace(checked.planted, precision="float64")
    exact = run_check(double, checked.h, checked.difference).whole
    if exact < checked.whole / 2:
        return f"the error is float32's rounding, float64 is off by {short(exact)} at this h"
    errors = error_curve(double, HS, checked.difference)
    best, least = HS[int(errors.argmin())], short(float(errors.min()))
    if checked.h < best:
        return f"the error is rounding, which grows as 1/h: {least} at h = {compact(best)}"
    power = "h²" if checked.difference == "centred" else "h"
    return f"the error is truncation, which at small h falls as {power}: {least} at h = {compact(best)}"
