"""What many nets say of one input, dot by dot: one column for each class."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.figures.panels import Stroke
from trainingwheels.figures.plots import Dots, Plot, Spot
from trainingwheels.figures.theme import MEANING, PINNED

__all__ = ["MEMBERS", "ONE", "distributions"]

Floats = NDArray[Any]
MEMBERS, ONE = MEANING["train"], MEANING["validation"]
SHOWN = 200  # nets that are drawn as dots
SHIFTS = np.random.default_rng(0).uniform(-0.3, 0.3, (SHOWN, 1))  # of dots, so that they do not hide each other


def distributions(heading: str, p: Floats, one: Floats, pinned: Floats | None = None, words: str = "") -> Plot:
    """The probabilities ``p`` (nets, classes) as dots and their mean as bars; circles are those of ``one`` (classes,)
    that they are compared with. The mean of ``pinned`` (nets, classes) lies behind."""
    shown = p[:SHOWN]
    classes = np.arange(p.shape[1])
    x = (classes + SHIFTS[: len(shown)]).ravel()
    return Plot(
        heading,
        (-0.6, len(classes) - 0.4),
        (-0.03, 1.03),
        words,
        "class",
        marks=(0.0, 0.25, 0.5, 0.75, 1.0),
        lines=_bars(p.mean(axis=0), MEMBERS, 2.4),
        behind=[] if pinned is None else _bars(pinned.mean(axis=0), PINNED, 2.0),
        dots=Dots(np.column_stack([x, shown.ravel()]), MEMBERS + ("40" if len(shown) > 100 else "90")),
        spots=[Spot(float(c), float(value), ONE, filled=False) for c, value in enumerate(one)],
    )


def _bars(values: Floats, color: str, width: float) -> list[Stroke]:
    return [
        Stroke(np.array([c - 0.38, c + 0.38]), np.full(2, value), color, "-", width) for c, value in enumerate(values)
    ]
