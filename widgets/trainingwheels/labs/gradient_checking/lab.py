"""Analytic gradient against numeric gradient: which h, which precision, what a kink does, and what a bug looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from trainingwheels.engine import (
    BUGS,
    CHECKS,
    DIFFERENCES,
    KINKS,
    PRECISIONS,
    VERDICTS,
    Checked,
    Planted,
    Secant,
    applies,
    check_script,
    error_curve,
    kink_script,
    run_check,
    secant,
    straddling,
    verdict,
    whole_error,
)
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.labels import compact, short
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.views import Views
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, Slider, WholeSlider
from trainingwheels.labs.base.presets import Preset
from trainingwheels.labs.gradient_checking.pictures.error_against_h import ErrorCurves, ErrorPicture
from trainingwheels.labs.gradient_checking.pictures.gradient_entries import EntriesPicture, GradientEntries
from trainingwheels.labs.gradient_checking.pictures.kink import KinkPicture, KinkView

__all__ = ["GradientChecking"]

HS = tuple(float(f"{10 ** (-15 + place / 3):.6g}") for place in range(46))
NET_HS = tuple(h for h in HS if h >= 0.99e-5)
BATCHES = (2, 8, 32)
FLOOR = 1e-6
"""If no h brings the float64 error of the whole gradient below this, the gradient is called wrong."""

SHOW = Table(
    "show",
    (Option("error", "error against h"), Option("entries", "entry by entry"), Option("kink", "a kink")),
)
SECRET = "secret"
PLANTED = Table(
    "bug",
    (
        Option("none", "none"),
        Option(SECRET, "a secret one (seed decides)"),
        *(Option(b.name, b.label) for b in BUGS.values()),
    ),
)


@dataclass(frozen=True)
class ErrorResult(ErrorCurves):
    """What the view "error" shows, with the check behind it."""

    checked: Checked | None = None
    bug: str = "none"


@dataclass(frozen=True)
class EntriesResult(GradientEntries):
    """What the view "entries" shows, with the check behind it."""

    checked: Checked | None = None
    bug: str = "none"


@dataclass(frozen=True)
class KinkResult(KinkView):
    """What the view "kink" shows."""

    difference: str = "centred"


CHECKING = ("error", "entries")


class GradientChecking(Lab):
    """The gradient that backpropagation gives, against the one that differences of f give."""

    slug = "gradient-checking"
    number = "05"
    title = "Gradient checking"
    summary = "The analytic gradient against differences: which h, which precision, kinks, and planted bugs."
    part = "One-time setup"

    show = Choice(SHOW, "error", help="error against the step, every entry of the gradient, or one kink")
    function = Choice(CHECKS, "net", help="whose gradient is checked", views=CHECKING)
    bug = Choice(PLANTED, "none", help="a mistake in the backward pass", label="planted bug", views=CHECKING)
    kink = Choice(KINKS, "relu", help="a function of one number", label="function", views=("kink",))
    x = Slider(-2.0, 2.0, 0.1, step=0.01, help="where the slope is asked for", views=("kink",))
    h = LogSlider(1e-15, 1.0, 1e-5, step=0.1, help="the step of the difference")
    precision = Choice(PRECISIONS, "float64", help="floats in which f is computed", views=CHECKING)
    difference = Choice(DIFFERENCES, "centred", help="f(x + h) − f(x − h) over 2h, or f(x + h) − f(x) over h")
    batch = LogWholeSlider(2, 16, 8, most=64, unit="examples", help="examples in the batch", views=CHECKING)
    seed = WholeSlider(0, 99, 0, most=2**31 - 1, help="which random point", views=CHECKING)

    presets = (
        Preset(
            "v-shape",
            "The V",
            {},
            question="A smaller h makes the difference more exact. Why not take h = 1e-15?",
            answer="Rounding. The truncation error falls as h², but the two values of f agree in more and more digits, "
            "and the rounding of their difference, divided by h, grows as 1/h. In float64 the best h is about 1e-5: "
            "there this net's error is 6e-11. At 1e-15 it is 0.5: not one digit is right.",
        ),
        Preset(
            "float32",
            "float32",
            {"precision": "float32", "h": 0.01},
            question="The same net in float32. How good can the check become?",
            answer="About 6e-5, at h = 1e-2. With h = 1e-5, the best for float64, the error is 0.05: a right gradient "
            "would be called wrong. So check gradients in float64.",
        ),
        Preset(
            "one-sided",
            "One-sided",
            {"difference": "one-sided"},
            question="(f(x+h) − f(x)) / h needs only half the evaluations. What does it cost?",
            answer="Its error falls as h, not as h². The best it reaches is 3e-8, at h = 5e-8; the centred difference "
            "is 500 times better. At h = 1e-5 it is 5e-6 against 6e-11.",
        ),
        Preset(
            "kink",
            "A kink",
            {"show": "kink", "x": 0.1, "h": 0.3},
            question="The analytic slope is 1, the numeric one 0.667. Which is wrong?",
            answer="Neither: x − h and x + h stand on different sides of the kink, and the secant mixes both slopes. "
            "Make h smaller than 0.1 and the two agree. A net has many kinks: use few examples and a small h.",
        ),
        Preset(
            "kinked-net",
            "A net with kinks",
            {"function": "kinked-net", "h": 0.1},
            question="ReLU and hinge instead of tanh and softmax: where does the curve leave the V, and why?",
            answer="Above h = 0.05: at 0.1, three of the 44 entries have a kink between x − h and x + h, and the error "
            "leaps from 1e-4 to 5e-2. At h = 1e-5 none has, and the check is as good as without kinks.",
        ),
        Preset(
            "bug",
            "A bug",
            {"bug": "half-penalty"},
            question="The gradient of l2 W² lacks its factor 2: a net trains all the same. What does the check say?",
            answer="0.06 at h = 1e-5, and no h brings it below 0.055. Rounding and truncation make a V; a bug makes a "
            "floor.",
        ),
        Preset(
            "find-it",
            "Find the bug",
            {"show": "entries", "bug": "secret", "seed": 7},
            question="One line of the backward pass is wrong. Which arrays leave the diagonal, and so which line?",
            answer="W1 alone. W2 is right, so dW = xᵀd is, and gamma and beta are right, so the gradient that reaches "
            "batchnorm is. The line between them is wrong: dx of batchnorm, which takes the variance for a constant.",
        ),
    )

    def compute(self, s: Any) -> ErrorResult | EntriesResult | KinkResult:
        if s.show == "kink":
            shares = {batch: straddling(NET_HS, batch, s.difference) for batch in BATCHES}
            return KinkResult(secant(s.kink, s.x, s.h, s.difference), np.array(NET_HS), shares, s.difference)
        planted = _planted(s)
        checked = run_check(planted, s.h, s.difference)
        title = CHECKS[s.function].label
        if s.show == "entries":
            title = f"{title}, h = {compact(s.h)}, {s.precision}"
            return EntriesResult(
                checked.analytic, checked.numeric, checked.error, checked.owner, checked.names, title, checked, s.bug
            )
        curves = {name: error_curve(replace(planted, precision=name), HS, s.difference) for name in PRECISIONS}
        other = next(name for name in DIFFERENCES if name != s.difference)
        return ErrorResult(
            np.array(HS), curves, s.precision, s.h, checked.whole, error_curve(planted, HS, other), other, title,
            _guides(planted, s.difference), checked, s.bug,
        )  # fmt: skip

    def picture(self, figure: Figure) -> Picture:
        return Views(figure, {ErrorResult: ErrorPicture, EntriesResult: EntriesPicture, KinkResult: KinkPicture})

    def explain(self, result: ErrorResult | EntriesResult | KinkResult) -> Sequence[str]:
        if isinstance(result, KinkResult):
            return _kink_words(result)
        assert result.checked is not None
        words = _error_words(result) if isinstance(result, ErrorResult) else _entries_words(result)
        return [sentence for sentence in (*words, _straddled(result.checked), _bug_words(result)) if sentence]

    def script(self, s: Any) -> str:
        return (
            kink_script(s.kink, s.x, s.h, s.difference)
            if s.show == "kink"
            else check_script(_planted(s), s.h, s.difference)
        )


def _planted(s: Any) -> Planted:
    """What is checked; a bug that the function has no place for is not planted."""
    bug = s.bug
    if bug == SECRET:
        fitting = [name for name in BUGS if applies(name, s.function)] or ["none"]
        bug = fitting[s.seed % len(fitting)]
    if bug != "none" and not applies(bug, s.function):
        bug = "none"
    return Planted(s.function, s.precision, s.batch, s.seed, bug)


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
    hs = np.array([1e-15, 1.0]) if order > 0 else np.array([max(1e-15, factor), 1.0])
    if order > 0:
        hs = np.array([max(1e-15, (1e-17 / factor) ** (1 / order)), min(1.0, (1 / factor) ** (1 / order))])
    return hs, factor * hs**order, name


def _error_words(result: ErrorResult) -> list[str]:
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
    assert result.checked is not None
    if result.checked.planted.function == "gelu":
        words.append("GELU's Φ is a polynomial here, right to 7e-9: value and derivative agree only that far.")
    least = float(result.curves["float64"].min())
    if least > FLOOR:
        words.append(
            f"No h brings the float64 error below {short(least)}: that is neither rounding nor truncation. The "
            "gradient is wrong."
        )
    return words


def _entries_words(result: EntriesResult) -> list[str]:
    checked = result.checked
    assert checked is not None
    errors = [
        whole_error(checked.analytic[checked.owner == place], checked.numeric[checked.owner == place])
        for place in range(len(checked.names))
    ]
    each = ", ".join(f"{name} {short(error)}" for name, error in zip(checked.names, errors, strict=True))
    words = [f"Relative error of each array: {each}."]
    wrong = [name for name, error in zip(checked.names, errors, strict=True) if error > 1e-2]
    if wrong:
        right = [name for name, error in zip(checked.names, errors, strict=True) if error <= 1e-4]
        words.append(
            f"Off by more than 1e-2: {', '.join(wrong)}." + (f" At most 1e-4: {', '.join(right)}." if right else "")
        )
    zero = int(np.count_nonzero((checked.analytic == 0) & (checked.numeric == 0)))
    if zero:
        words.append(f"{zero} of {len(checked.error)} entries are zero in both gradients; their error counts as 0.")
    return words


def _straddled(checked: Checked) -> str:
    if CHECKS[checked.planted.function].kinks is None:
        return ""
    count, total = int(checked.straddles.sum()), len(checked.straddles)
    excuse = ": their errors say nothing of the gradient." if count else "."
    return f"At this h, {count} of {total} entries have a kink between the points where f is asked{excuse}"


def _bug_words(result: ErrorResult | EntriesResult) -> str:
    assert result.checked is not None
    planted = result.checked.planted.bug
    if result.bug == "none":
        off = result.checked.whole > VERDICTS[1].most
        return "No bug is planted: the error is truncation, rounding or a kink." if off else ""
    if planted == "none":
        label = CHECKS[result.checked.planted.function].label
        return f"Nothing is planted: the bug has no place in {label}."
    if result.bug == SECRET:
        return "One line of the backward pass is wrong. Code shows it among the others."
    return f"Planted: {BUGS[planted].what} {BUGS[planted].shows}"


def _kink_words(result: KinkResult) -> list[str]:
    found: Secant = result.secant
    slopes = f"analytic slope {found.analytic:.4g}, numeric slope {found.numeric:.4g}"
    words = [f"At x = {found.x:.4g}: {slopes}, relative error {short(found.error)}."]
    if found.kink.at is None:
        words.append(
            f"{found.kink.label} has no kink: the error is truncation, which falls with h, or, at a tiny h, rounding."
        )
    elif found.straddles:
        low, high = sorted(found.points)
        words.append(
            f"The kink at {found.kink.at:g} lies between {low:.4g} and {high:.4g}: the secant mixes the slopes of both "
            "sides."
        )
    elif found.x == found.kink.at:
        words.append("x is the kink itself: there is no one slope, and each side of the difference sees its own.")
    else:
        distance = abs(found.x - found.kink.at)
        words.append(f"The kink at {found.kink.at:g} is {distance:.4g} away: an h below that does not see it.")
    shares = ", ".join(
        f"{np.interp(np.log(max(found.h, NET_HS[0])), np.log(NET_HS), share):.0%} with a batch of {batch}"
        for batch, share in result.shares.items()
    )
    words.append(f"In a net of 44 parameters with ReLU and hinge, entries that straddle a kink at this h: {shares}.")
    return words
