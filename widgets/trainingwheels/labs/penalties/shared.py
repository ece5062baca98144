"""What views of the penalties lab have in common: which penalty."""

from __future__ import annotations

from trainingwheels.engine.penalties import BETA, PENALTIES
from trainingwheels.labs.base.parameters import Choice, Slider

__all__ = ["Chosen", "number"]


class Chosen:
    """Of views that look at one penalty."""

    penalty = Choice(PENALTIES, "l2", help="R(W), the term that is added to the data loss")
    beta = Slider(
        0.0,
        2.0,
        BETA,
        step=0.05,
        label="β",
        when={"penalty": "elastic"},
        hides=True,
        help="weight of the squares in the elastic net, beside that of |W|",
    )


def number(value: float, digits: int = 2) -> str:
    """A number with so many decimals, and never a minus before zero."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")
