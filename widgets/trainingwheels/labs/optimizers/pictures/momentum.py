"""The plane of learning rate and momentum, and what its point means for each direction of a quadratic loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.descent.quadratics import (
    Quadratic,
    highest_lr,
    rate_of_best_momentum,
    rate_of_best_sgd,
    rates,
)
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import short
from trainingwheels.figures.palettes import layer_color
from trainingwheels.figures.panels import Box, Stroke
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.theme import INK, MEANING, PINNED
from trainingwheels.figures.tiles import Tile
from trainingwheels.labs.optimizers.pictures.surface_map import ground_of

__all__ = ["STEPS", "MomentumPicture", "MomentumView"]

Floats = NDArray[Any]
STEPS = 100
HIGHEST = 4.0  # learning rate in the plane: with momentum below 1, it is the last that may converge
FLOOR = 1e-6  # of the distance at the start, where its axis ends
REACH = 1.6  # of a direction, in distances at the start, where its axis ends
QUICK, SLOW, NEVER = (np.array(color) for color in ((92, 140, 186), (238, 243, 247), (243, 226, 214)))
BANDS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 1.0)  # rates between which a shade changes
SGD, BEST = "#7A5200", MEANING["validation"]


@dataclass(frozen=True)
class MomentumView:
    """A quadratic with its learning rate and momentum, and ``distances`` (STEPS + 1, directions)."""

    quadratic: Quadratic
    distances: Floats


class MomentumPicture(PlotsPicture):
    """The plane with the handle; beside it each direction on its own, and the distance against both best rates."""

    rows = (1, 1, 1)
    height = 540.0
    tall = 285.0
    room = (12.0, 74.0, 132.0)

    def arrange(self, width: float) -> float:
        height = super().arrange(width)
        self._ground, self._ground_of = ground_of(self._panels[0]), ("", 0.0)
        return height

    def show(self, result: MomentumView, pinned: MomentumView | None = None) -> None:
        quadratic = result.quadratic
        key = quadratic.method, quadratic.condition
        if key != self._ground_of:
            self._ground_of = key
            self._ground.set_tiles([_ground(*key, self._panels[0].box)])
            self.forget(self._panels[0].axes)
        super().show(result, pinned)

    def plots(self, result: MomentumView, pinned: MomentumView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return _plane(result, pinned), _directions(result), _distance(result, pinned)

    def point(self, x: float, y: float) -> tuple[float, float] | None:
        """Learning rate and momentum at a place in the plane."""
        return self._panels[0].values(x, y)

    def _boxes(self, width: float, height: float) -> list[Box]:
        boxes = super()._boxes(width, height)
        if width < NARROW:
            return boxes
        left, half = 0.46 * width, height / 2
        x = left + 52
        self._rooms[1] = self._rooms[2]
        return [
            Box(50, 42, left - 62, height - 68),
            *(Box(x, 42 + row * half, width - x - 132, half - 68) for row in (1, 0)),
        ]


@lru_cache(maxsize=8)
def _ground(method: str, condition: float, box: Box) -> Tile:
    """The plane, darker where it goes quicker, in another colour where nothing converges."""
    columns, rows = round(box.width / 2), round(box.height / 2)
    lr, momentum = np.meshgrid(HIGHEST * (np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows)
    found = np.maximum(rates(method, lr, momentum, 1.0), rates(method, lr, momentum, 1 / condition))
    for between in Quadratic(condition, method, 1.0, 0.0).curvatures[1:-1]:
        found = np.maximum(found, rates(method, lr, momentum, between))
    band = np.searchsorted(BANDS, found, side="right")
    share = (band / (len(BANDS) - 1))[..., None].clip(0, 1)
    colors = np.where((band == len(BANDS))[..., None], NEVER, QUICK + share * (SLOW - QUICK))
    pixels = np.full((rows, columns, 4), 255, np.uint8)
    pixels[..., :3] = colors.astype(np.uint8)
    return Tile(box, pixels)


def _plane(result: MomentumView, pinned: MomentumView | None) -> Plot:
    quadratic = result.quadratic
    m = np.linspace(0, 1, 60)
    edge = Stroke(highest_lr(quadratic.method, m), m, INK, "-", 1.2)
    spots = [
        Spot(*quadratic.best_sgd, SGD, "best without", filled=False),
        Spot(quadratic.lr, quadratic.momentum, INK, "drag"),
    ]
    if quadratic.method == "momentum":
        spots.insert(1, Spot(*quadratic.best_momentum, BEST, "best", filled=False))
    if pinned is not None:
        spots.insert(0, Spot(pinned.quadratic.lr, pinned.quadratic.momentum, PINNED))
    words = "darker: quicker; brown: diverges"
    name = "learning rate α, times the largest curvature"
    return Plot("momentum β over α", (0, HIGHEST), (0, 1), words, name, behind=[edge], spots=spots)


def _directions(result: MomentumView) -> Plot:
    quadratic, steps = result.quadratic, np.arange(STEPS + 1)
    count = len(quadratic.curvatures)
    lines, spots = [], []
    for place, (e, rate) in enumerate(zip(result.distances.T, quadratic.rates, strict=True)):
        color, y = layer_color(place, count), e.clip(-REACH, REACH)
        lines.append(Stroke(steps, y, color, "-", 1.7))
        words = ("steepest", "", "", "", "flattest")[place]
        spots.append(Spot(STEPS, float(y[-1]), color, f"{short(float(rate))} {words}".strip(), marked=False))
    zero = [Stroke(np.array([0, STEPS]), np.zeros(2), "#9AA5B1", "-", 1.0)]
    return Plot(
        "each direction",
        (0, STEPS),
        (-REACH, REACH),
        "its distance, and its rate" + f"; cut at ±{REACH}" * bool((np.abs(result.distances) > REACH).any()),
        "step",
        lines=lines,
        behind=zero,
        spots=spots,
    )


def _distance(result: MomentumView, pinned: MomentumView | None) -> Plot:
    quadratic, steps = result.quadratic, np.arange(STEPS + 1)
    whole = _length(result.distances)
    best = (
        (rate_of_best_sgd(quadratic.condition), SGD, "best without"),
        (rate_of_best_momentum(quadratic.condition), BEST, "best"),
    )
    behind = [Stroke(steps, (rate**steps).clip(FLOOR, 10), color, (0, (4, 3)), 1.5) for rate, color, _ in best]
    if pinned is not None:
        behind.append(Stroke(steps, _length(pinned.distances), PINNED, "-", 1.2))
    spots = [
        Spot(STEPS, max(rate**STEPS, FLOOR), color, f"{words} {short(rate)}", marked=False)
        for rate, color, words in best
    ]
    now = float(quadratic.rates.max())
    spots.append(Spot(STEPS, float(whole[-1]), INK, f"here {short(now)}", marked=False))
    words = "of all directions, over that at the start; dashed: in theory"
    lines = [Stroke(steps, whole, INK, "-", 2.0)]
    return Plot(
        "distance", (0, STEPS), (FLOOR, 10), words, "step", "y", lines=lines, behind=behind, spots=spots,
    )  # fmt: skip


def _length(distances: Floats) -> Floats:
    """The distance of all directions together, over that at the start."""
    with np.errstate(over="ignore"):
        whole = np.sqrt((distances**2).mean(axis=1))
    return np.asarray(whole.clip(FLOOR, 10))
