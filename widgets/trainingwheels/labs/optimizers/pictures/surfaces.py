"""Paths of update rules on a surface, their losses, and one update taken apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.descent.paths import Path
from trainingwheels.engine.descent.surfaces import SURFACES, Surface
from trainingwheels.engine.descent.updates import Update
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import compact
from trainingwheels.figures.panels import Box, Stroke, curve, plain
from trainingwheels.figures.plots import Plot, Spot
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import INK, PINNED, SUBTLE
from trainingwheels.labs.optimizers.pictures.rules import rule_color, rule_name, rule_style
from trainingwheels.labs.optimizers.pictures.surface_map import MapPicture, arrow, map_limits, pale

__all__ = ["SurfacesPicture", "SurfacesView"]

Floats = NDArray[Any]
DECADES = 1e-8  # of the loss, below that at the start, at which its axis ends
TIP = 0.55  # of the arrows in the map, units
BESIDE = (100.0, 68.0)  # room for names at the ends of lines, wide and narrow, CSS pixels


@dataclass(frozen=True)
class SurfacesView:
    """``paths`` by the name of their rule, up to ``step``, where the next update of the rule ``apart`` is taken apart
    (at the end, the last)."""

    surface: Surface
    paths: Mapping[str, Path]
    apart: str
    step: int

    @property
    def update(self) -> Update:
        """The update that is taken apart, each part (2,)."""
        path = self.paths[self.apart]
        return Update(*(part[self.taken] for part in path.updates))

    @property
    def taken(self) -> int:
        """After how many steps it is taken."""
        return min(self.step, len(self.paths[self.apart].losses) - 2)


class SurfacesPicture(MapPicture):
    """The map with all paths; beside it the losses, and the four parts of one update as arrows."""

    rows = (1, 1, 4)
    height = 560.0
    tall = 145.0
    room = (10.0, *BESIDE[:1], 8.0, 8.0, 8.0, 8.0)
    numbers = (plain, plain, *(lambda _: "",) * 4)
    across = (plain, plain, *(lambda _: "",) * 4)

    def arrange(self, width: float) -> float:
        height = super().arrange(width)
        for panel in self._panels[2:]:
            panel.axes.set_axis_off()
            del self.parts[panel.axes]  # nothing of it changes but its lines
        return height

    def ground(self, result: SurfacesView) -> tuple[Surface, Callable[[Floats], Floats]]:
        return result.surface, result.surface.loss

    def plots(self, result: SurfacesView, pinned: SurfacesView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return _map(result, pinned, boxes[0]), _losses(result, pinned), *_parts(result, boxes[2:])

    def _boxes(self, width: float, height: float) -> list[Box]:
        super()._boxes(width, height)
        self._rooms[1] = BESIDE[width < NARROW] - 3
        if width < NARROW:
            half, tall = (width - 20) / 2, 88.0
            places = [(row, column) for row in (1, 0) for column in (0, 1)]
            arrows = [Box(12 + column * (half + 8), 6 + row * (tall + 26), half - 12, tall) for row, column in places]
            side, below = width - 62, 2 * (tall + 26) + 8
            losses = Box(50, below + 42, width - 50 - BESIDE[1], height - below - side - 42 - 42 - 46)
            return [Box(50, height - side - 24, side, side), losses, *arrows]
        side = min(0.5 * width, height - 62)
        x = side + 66 + 48
        each = (width - x + 40 - 8) / 4
        arrows = [Box(x - 40 + place * each, 14, each - 10, 118) for place in range(4)]
        return [
            Box(50, 38, side, height - 62),
            Box(x, 14 + 118 + 26 + 58, width - x - BESIDE[0], height - 62 - 178),
            *arrows,
        ]


def _map(result: SurfacesView, pinned: SurfacesView | None, box: Box) -> Plot:
    step = result.step
    lines, behind = [], []
    for name, path in result.paths.items():
        color, done = rule_color(name), path.points[: step + 1]
        behind.append(curve(path.points[step:], pale(color), 1.0))
        lines.append(curve(done, color, 1.9, rule_style(name)))
    if pinned is not None:
        behind += [curve(path.points, PINNED, 1.2) for path in pinned.paths.values()]
    here = result.paths[result.apart].points[result.taken]
    for along, color in ((-result.update.gradient, SUBTLE), (result.update.step, INK)):
        length = float(np.hypot(*along))
        if length > 0:
            lines.append(arrow(here, here + along * (TIP / length), color, 2.2))
    spots = [Spot(float(x), float(y), INK, filled=False) for x, y in result.surface.best]
    heads = {name: path.points[step] for name, path in result.paths.items()}
    spots += [Spot(float(x), float(y), rule_color(name)) for name, (x, y) in heads.items()]
    kind = SURFACES[result.surface.name]
    words = "click to start there; ○ lowest loss; arrows: downhill (grey), next step"
    return Plot(kind.label, *map_limits(box), words, "w1, and w2 upwards", lines=lines, behind=behind, spots=spots)


def _losses(result: SurfacesView, pinned: SurfacesView | None) -> Plot:
    paths = result.paths.values()
    top = reach(1.3 * max(float(path.losses[0]) for path in paths))
    low, last = top * DECADES, len(next(iter(paths)).losses) - 1
    steps = np.arange(last + 1)
    lines, behind, spots = [], [], []
    for name, path in result.paths.items():
        color, y = rule_color(name), path.losses.clip(low, top)
        behind.append(Stroke(steps[result.step :], y[result.step :], pale(color), "-", 1.0))
        lines.append(Stroke(steps[: result.step + 1], y[: result.step + 1], color, rule_style(name), 1.7))
        spots.append(Spot(last, float(y[-1]), color, rule_name(name), marked=False))
    behind.append(Stroke(np.full(2, result.step), np.array([low, top]), SUBTLE, "-", 0.8))
    if pinned is not None:
        ends = [path.losses.clip(low, top) for path in pinned.paths.values()]
        behind += [Stroke(np.arange(len(y)), y, PINNED, "-", 1.2) for y in ends]
    words = f"step {result.step} of {last}"
    return Plot("loss", (0, last), (low, top), words, "step", "y", lines=lines, behind=behind, spots=spots)


def _parts(result: SurfacesView, boxes: Sequence[Box]) -> list[Plot]:
    """Downhill, what of it is kept, by what it is divided, and the step: each as long as its box allows."""
    update, color = result.update, rule_color(result.apart)
    root = update.size if result.apart in ("adagrad", "rmsprop", "adam", "adamw") else np.zeros(2)
    velocity = result.apart in ("momentum", "nesterov", "adam", "adamw")
    sideways, upwards = root * (1, 0), root * (0, 1)
    zero = np.zeros(2)
    drawn: list[tuple[str, str, list[tuple[Floats, Floats, str]]]] = [
        ("1 −g", _long(update.gradient), [(zero, -update.gradient, SUBTLE)]),
        (
            "2 −v",
            _long(update.velocity) if velocity else "none",
            [(zero, -update.kept, "#9AA5B1"), (-update.kept, -update.velocity, SUBTLE), (zero, -update.velocity, color)]
            if velocity
            else [],
        ),
        ("3 √s", "" if root.any() else "none", [(zero, sideways, color), (zero, upwards, color)]),
        ("4 step", _long(update.step), [(zero, update.step, INK)]),
    ]
    return [_arrows(*each, box) for each, box in zip(drawn, boxes, strict=True)]


def _arrows(heading: str, words: str, arrows: Sequence[tuple[Floats, Floats, str]], box: Box) -> Plot:
    aspect = box.width / box.height
    wide, high = max(aspect, 1.0), max(1 / aspect, 1.0)
    points = np.array([end for tail, tip, _ in arrows for end in (tail, tip)] or [np.zeros(2)])
    largest = float((np.abs(points) / (wide, high)).max())
    scale = 0.85 / largest if 0 < largest < np.inf else 0.0
    lines = [arrow(scale * tail, scale * tip, color, 2.4, head=0.28) for tail, tip, color in arrows]
    cross = [Stroke(np.array(x), np.array(y), "#C9D1D9", "-", 0.8) for x, y in (((-9, 9), (0, 0)), ((0, 0), (-9, 9)))]
    return Plot(heading, (-wide, wide), (-high, high), words, marks=(), lines=lines, behind=cross, bare=True)


def _long(vector: Floats) -> str:
    return compact(float(np.hypot(*vector)))
