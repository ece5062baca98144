"""The winner's score and its score on other examples: against the contenders, in one look, against the examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainingwheels.engine.search.winners import NETS, SIZES, Winners
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.scales import fine_reach
from trainingwheels.figures.theme import DASHED, DOTTED, GUIDE, INK, PINNED, SUBTLE
from trainingwheels.labs.search.pictures.colors import TEST, VALIDATION

__all__ = ["Cursed", "WinnersPicture"]

COUNTS = np.arange(1, NETS + 1)
BAND = (10, 90)  # per cent of the looks


def _whole(share: float) -> str:
    return f"{100 * share:g} %"


@dataclass(frozen=True)
class Cursed:
    """Winners of a pool of nets, of which ``contenders`` are looked at, judged by ``size`` examples. They begin with
    convolutions ``conv``."""

    winners: Winners
    contenders: int
    size: int
    kind: str
    conv: tuple[int, ...] = ()

    @property
    def place(self) -> int:
        """Of the size among ``SIZES``."""
        return SIZES.index(self.size)

    @property
    def val(self) -> float:
        """The winner's mean score on the examples by which it was chosen."""
        return float(self.winners.val[self.place, :, self.contenders - 1].mean())

    @property
    def new(self) -> float:
        """The same winner's on the others."""
        return float(self.winners.new[self.place, :, self.contenders - 1].mean())

    @property
    def best(self) -> float:
        """That of the net which is best on the others."""
        return float(self.winners.best[self.place, :, self.contenders - 1].mean())


class WinnersPicture(PlotsPicture):
    """Both scores against how many there were to choose from; one look, net by net; the curse against the examples."""

    rows = (1, 2)
    height = 540.0
    tall = 240.0
    room = (92.0, 24.0, 24.0)
    numbers = (_whole, _whole, lambda value: f"{100 * value:g}".replace("-", "−"))
    across = (plain, _whole, plain)

    def plots(self, result: Cursed, pinned: Cursed | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return _against_contenders(result, pinned), _one_look(result), _against_examples(result, pinned)


def _against_contenders(result: Cursed, pinned: Cursed | None) -> Plot:
    found, at = result.winners, result.place
    lines, behind, spots = [], [], []
    low = 1.0
    for scores, color, name in ((found.val, VALIDATION, "val"), (found.new, TEST, "new")):
        mean = scores[at].mean(axis=0)
        edges = np.percentile(scores[at], BAND, axis=0)
        low = min(low, float(mean[0]))
        lines.append(Stroke(COUNTS, mean, color, "-", 2.4))
        behind += [Stroke(COUNTS, edge, color + "55", "-", 1.0) for edge in edges]
        spots.append(Spot(result.contenders, float(mean[result.contenders - 1]), color))
        spots.append(Spot(NETS, float(mean[-1]), color, f"{name} {percent(float(mean[-1]))}", marked=False))
    best = found.best[at].mean(axis=0)
    lines.append(Stroke(COUNTS, best, SUBTLE, DASHED, 1.4))
    spots.append(Spot(NETS, float(best[-1]), SUBTLE, "best there", marked=False))
    y = (float(np.floor(20 * low - 0.4) / 20), 1.0)
    behind = [stroke._replace(y=np.clip(stroke.y, *y)) for stroke in behind]
    if pinned is not None:
        for scores in (pinned.winners.val, pinned.winners.new):
            behind.append(Stroke(COUNTS, np.clip(scores[pinned.place].mean(axis=0), *y), PINNED, "-", 1.4))
    behind.append(Stroke(np.full(2, result.contenders), np.array(y), SUBTLE, GUIDE, 1.0))
    return Plot(
        "accuracy of the winner",
        (1.0, float(NETS)),
        y,
        "on the digits it was chosen by, and on new ones; pale: 10 % and 90 %",
        "nets to choose from",
        "x",
        lines=lines,
        behind=behind,
        spots=spots,
    )


def _one_look(result: Cursed) -> Plot:
    val, new = result.winners.shown[result.place][:, : result.contenders]
    winner = int(val.argmax())
    every = result.winners.shown
    low = float(np.floor(10 * min(0.8, np.quantile(every, 0.02))) / 10)
    x, y = np.clip(val, low, 1), np.clip(new, low, 1)
    whole = np.array([low, 1.0])
    return Plot(
        "one look",
        (low, 1.0),
        (low, 1.0),
        "up: on new digits; red: the winner",
        "accuracy on the digits it is chosen by",
        lines=[Stroke(whole, whole, SUBTLE, DOTTED, 1.2)],
        spots=[
            *(Spot(float(a), float(b), TEST) for a, b in zip(x, y, strict=True)),
            Spot(float(x[winner]), float(y[winner]), VALIDATION),
        ],
    )


def _against_examples(result: Cursed, pinned: Cursed | None) -> Plot:
    sizes = np.array(SIZES, float)
    curse = _curse(result)
    top = fine_reach(1.05 * max(0.02, float(curse.max())))
    low = min(0.0, float(np.floor(100 * curse.min()) / 100))
    old = _curse(pinned) if pinned is not None else np.empty(0)
    return Plot(
        "the curse",
        (SIZES[0] / 1.2, SIZES[-1] * 1.2),
        (low, top),
        f"points it loses on new digits, of {result.contenders} nets",
        "digits to choose by",
        "x",
        lines=[Stroke(sizes, curse, INK, "-", 2.2)],
        behind=[
            Stroke(np.array([1.0, 1e4]), np.zeros(2), SUBTLE, "-", 0.8),
            *([Stroke(sizes, np.clip(old, low, top), PINNED, "-", 1.4)] if len(old) else []),
        ],
        spots=[
            Spot(float(size), float(each), INK, filled=size == result.size)
            for size, each in zip(SIZES, curse, strict=True)
        ],
    )


def _curse(result: Cursed) -> np.ndarray:
    at = result.contenders - 1
    difference: np.ndarray = (result.winners.val - result.winners.new)[:, :, at].mean(axis=1)
    return difference
