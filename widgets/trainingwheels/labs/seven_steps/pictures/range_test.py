"""The loss while the learning rate rises; below it, what was left of the loss where a rate had a run of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.steps.passing import FALL, Verdict
from trainingwheels.figures.labels import compact
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Dots, Plot, PlotsPicture, Spot
from trainingwheels.figures.theme import INK, MEANING, PINNED, SUBTLE
from trainingwheels.labs.seven_steps.pictures.ranked import TOP

__all__ = ["RangePicture", "RangeView"]

Floats = NDArray[Any]


@dataclass(frozen=True)
class RangeView:
    """One run whose learning rate rises through ``lrs`` (all its steps): its ``losses`` up to now, (n,), and their
    averages, ``shares`` (n,); both are shares of the first average.

    The places where it falls fastest (``fast``) and breaks away (``far``) are None where there is none, or it is not
    ``done``. Rates ``tried`` in runs of their own have each ``left`` a share of the loss after ``steps`` steps.
    """

    lrs: Floats
    losses: Floats
    shares: Floats
    fast: int | None
    far: int | None
    tried: Floats
    left: Floats
    steps: int
    done: bool
    verdict: Verdict | None


class RangePicture(PlotsPicture):
    """Both over the same learning rates; grey, from where the loss falls fastest to where it breaks away."""

    rows = (1, 1)
    height = 520.0
    shares = (0.58, 0.42)
    room = (74.0, 74.0)
    numbers = (percent, percent)

    def plots(self, result: RangeView, pinned: RangeView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        x = (
            float(min(result.lrs[0], result.tried[0])) / 1.2,
            float(max(result.lrs[-1], result.tried[-1])) * 1.2,
        )
        return [self._rising(result, pinned, x), self._apart(result, pinned, x)]

    def _rising(self, result: RangeView, pinned: RangeView | None, x: tuple[float, float]) -> Plot:
        count = len(result.losses)
        lrs = result.lrs[:count]
        inside = result.losses <= TOP
        old = [] if pinned is None else [_line(pinned, PINNED, 1.2)]
        spots = [
            Spot(float(lrs[at]), min(float(np.nan_to_num(result.shares[at], nan=TOP)), TOP), color, words, filled)
            for at, color, words, filled in (
                (result.fast, MEANING["train"], "fastest", True),
                (result.far, MEANING["validation"], "breaks away", False),
            )
            if at is not None
        ]
        spots = [spot._replace(text=f"{spot.text}: {compact(spot.x)}") for spot in spots]
        return Plot(
            "loss while the learning rate rises",
            x,
            (0.0, TOP),
            "each dot a step" if count else "press Start",
            "learning rate",
            "x",
            lines=[_line(result, INK, 2.0)],
            behind=old,
            bands=_between(result, x),
            dots=Dots(np.column_stack([lrs, result.losses])[inside], SUBTLE),
            spots=spots,
        )

    def _apart(self, result: RangeView, pinned: RangeView | None, x: tuple[float, float]) -> Plot:
        known = np.isfinite(result.left)
        tried, left = result.tried[known], np.minimum(result.left[known], TOP)
        best = int(left.argmin()) if len(left) else -1
        old = []
        if pinned is not None:
            old = [Stroke(pinned.tried, np.minimum(pinned.left, TOP), PINNED, "-", 1.2)]
        return Plot(
            "loss that is left with one rate",
            x,
            (0.0, TOP),
            f"after {result.steps} steps; ○ the best" if result.steps else "",
            "learning rate",
            "x",
            lines=[Stroke(tried, left, INK, "-", 1.2)],
            behind=[Stroke(np.array(x), np.full(2, 1 - FALL), SUBTLE, ":", 1.4), *old],
            bands=_between(result, x),
            spots=[
                Spot(
                    float(lr), float(share), run_color(place), plain(float(lr)) if place == best else "", place != best
                )
                for place, (lr, share) in enumerate(zip(tried, left, strict=True))
            ],
        )


def _line(result: RangeView, color: str, width: float) -> Stroke:
    return Stroke(result.lrs[: len(result.shares)], result.shares, color, "-", width)


def _between(result: RangeView, x: tuple[float, float]) -> Sequence[tuple[Floats, Floats, Floats, str]]:
    if result.fast is None:
        return ()
    right = x[1] if result.far is None else float(result.lrs[result.far])
    ends = np.array((float(result.lrs[result.fast]), right))
    return ((ends, np.zeros(2), np.full(2, TOP), SUBTLE),)
