"""A kink between the points where f is asked: both slopes of one function, and how often it happens in a net."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import KINKS, Secant, kink_script, secant, straddling
from trainingwheels.figures.labels import rounded, short
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.parameters import Choice, Slider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.gradient_checking.checking import HS
from trainingwheels.labs.gradient_checking.pictures.kink import KinkPicture, KinkView

__all__ = ["AcrossAKink"]

NET_HS = tuple(h for h in HS if h >= 0.99e-5)
BATCHES = (2, 8, 32)
ROUNDING = 4  # last digits: two values and two points, each of which may be off by one


class AcrossAKink(View):
    """The secant and the tangent of a function of one number; the share of a net's entries that straddle a kink."""

    name = "kink"
    label = "a kink"
    about = (
        "The secant and the tangent of a function of one number; and, in a net, the share of entries whose two values "
        "lie on either side of a kink."
    )
    picture = KinkPicture

    kink = Choice(KINKS, "relu", help="a function of one number", label="function")
    x = Slider(-2.0, 2.0, 0.1, step=0.01, help="where the slope is asked for")

    def compute(self, s: Any) -> KinkView:
        shares = {batch: straddling(NET_HS, batch, s.difference) for batch in BATCHES}
        return KinkView(secant(s.kink, s.x, s.h, s.difference), np.array(NET_HS), shares)

    def explain(self, result: KinkView) -> Sequence[str]:
        found = result.secant
        slopes = f"analytic slope {rounded(found.analytic, 4)}, numeric slope {rounded(found.numeric, 4)}"
        h = np.log(max(found.h, NET_HS[0]))
        shares = ", ".join(
            f"{percent(np.interp(h, np.log(NET_HS), share))} with a batch of {batch}"
            for batch, share in result.shares.items()
        )
        return [
            f"At x = {rounded(found.x, 4)}: {slopes}, relative error {short(found.error)}.",
            _where(found),
            f"In a net of 44 parameters with ReLU and hinge, entries that straddle a kink at this h: {shares}.",
        ]

    def script(self, s: Any) -> str:
        return kink_script(s.kink, s.x, s.h, s.difference)


def _where(found: Secant) -> str:
    """On which side of the kink the points are."""
    at, (low, high) = found.kink.at, sorted(found.points)
    if at is None:
        return f"{found.kink.label} has no kink: {_smooth(found)}."
    if found.straddles:
        between = f"lies between {rounded(low, 4)} and {rounded(high, 4)}"
        return f"The kink at {at:g} {between}: the secant mixes the slopes of both sides."
    if found.x == at:
        return "x is the kink itself: there is no one slope, and each side of the difference sees its own."
    return f"The kink at {at:g} is {abs(found.x - at):.4g} away: an h below that does not see it."


def _smooth(found: Secant) -> str:
    """What the error of a function without kinks is: rounding up to what the last digits of f and x make of it."""
    if found.numeric == found.analytic:
        return "there is no error, to the last digit"
    ends = np.array(found.points)
    width = float(np.ptp(ends)) or found.h
    largest = float(max(np.abs(found.kink.value(ends)).max(), np.abs(ends).max(), 1.0))
    if abs(found.numeric - found.analytic) <= ROUNDING * np.finfo(np.float64).eps * largest / width:
        return "the error is rounding, which grows as h gets smaller"
    return "the error is truncation, which falls with h"
