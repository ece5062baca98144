"""Three paths on the surface of least squares, their losses over examples seen and over steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.descent.batches import EPOCHS, EXAMPLES, BatchPath, Examples
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.panels import Box, Stroke, curve
from trainingwheels.figures.plots import Plot, Spot
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import BLUE, GREEN, INK, PINNED, VERMILION
from trainingwheels.labs.optimizers.pictures.surface_map import MapPicture, map_limits, pale

__all__ = ["BatchesPicture", "BatchesView", "size_name"]

Floats = NDArray[Any]
DECADES = 1e-5  # of the highest loss, at which its axis ends
FIRST = 0.5  # where the start, step 0, stands on a logarithmic axis of steps
BESIDE = 60.0  # room for names at the ends of lines, CSS pixels
COLORS = {EXAMPLES: BLUE, 1: VERMILION}
SHORT = {EXAMPLES: "full", 1: "single"}


def size_name(size: int) -> str:
    return {EXAMPLES: "full batch", 1: "single examples"}.get(size, f"mini-batches of {size}")


@dataclass(frozen=True)
class BatchesView:
    """The ``paths`` of full batches, mini-batches and single examples, up to where each has ``seen`` so many."""

    examples: Examples
    paths: tuple[BatchPath, ...]
    seen: int


class BatchesPicture(MapPicture):
    """The map with three paths, and their losses over examples seen and over steps."""

    rows = (1, 1, 1)
    height = 540.0
    tall = 300.0
    room = (10.0, BESIDE, BESIDE)

    def ground(self, result: BatchesView) -> tuple[tuple[float, int], Callable[[Floats], Floats]]:
        return (result.examples.noise, result.examples.seed), result.examples.excess

    def plots(self, result: BatchesView, pinned: BatchesView | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return _map(result, pinned, boxes[0]), _over_examples(result, pinned), _over_steps(result)

    def _boxes(self, width: float, height: float) -> list[Box]:
        boxes = super()._boxes(width, height)
        if width < NARROW:
            return boxes
        side, half = min(0.5 * width, height - 68), height / 2
        x, right = side + 66 + 48, BESIDE
        return [Box(50, 42, side, side), *(Box(x, 42 + row * half, width - x - right, half - 68) for row in (1, 0))]


def _color(size: int) -> str:
    return COLORS.get(size, GREEN)


def _taken(path: BatchPath, seen: int) -> int:
    """How many steps it has taken when it has seen so many examples."""
    return min(seen // path.size, len(path.points) - 1)


def _map(result: BatchesView, pinned: BatchesView | None, box: Box) -> Plot:
    lines, behind, spots = [], [], []
    for path in reversed(result.paths):  # full batches last: they move least, and lie on top
        taken, color = _taken(path, result.seen), _color(path.size)
        behind.append(curve(path.points[taken:], pale(color), 0.8))
        lines.append(curve(path.points[: taken + 1], color, 1.0 if path.size == 1 else 1.8))
        x, y = path.points[taken]
        spots.append(Spot(float(x), float(y), color))
    if pinned is not None:
        behind += [curve(path.points, PINNED, 1.0) for path in pinned.paths]
    x, y = result.examples.best
    spots.append(Spot(float(x), float(y), INK, filled=False))
    words = "click to start there; ○ lowest loss"
    return Plot(
        "mean loss", *map_limits(box), words, "w1, and w2 upwards", lines=lines, behind=behind, spots=spots
    )  # fmt: skip


def _limits(result: BatchesView) -> tuple[float, float]:
    top = reach(1.2 * max(float(path.above[0]) for path in result.paths))
    return top * DECADES, top


def _over_examples(result: BatchesView, pinned: BatchesView | None) -> Plot:
    low, top = _limits(result)
    lines, behind, spots = [], [], []
    for path in reversed(result.paths):
        taken, y, color = _taken(path, result.seen), path.above.clip(low, top), _color(path.size)
        behind.append(Stroke(path.seen[taken:], y[taken:], pale(color), "-", 0.8))
        lines.append(Stroke(path.seen[: taken + 1], y[: taken + 1], color, "-", 1.0 if path.size == 1 else 1.8))
        spots.append(Spot(EPOCHS * EXAMPLES, float(y[-1]), color, SHORT.get(path.size, f"{path.size}"), marked=False))
    if pinned is not None:
        ends = [(path, path.above.clip(low, top)) for path in pinned.paths]
        behind += [Stroke(path.seen, y, PINNED, "-", 1.0) for path, y in ends]
    return Plot(
        "loss above the lowest", (0, EPOCHS * EXAMPLES), (low, top), "over what it costs", "examples seen", "y",
        lines=lines, behind=behind, spots=spots[::-1],
    )  # fmt: skip


def _over_steps(result: BatchesView) -> Plot:
    low, top = _limits(result)
    lines, behind, spots = [], [], []
    for path in reversed(result.paths):
        taken, y, color = _taken(path, result.seen), path.above.clip(low, top), _color(path.size)
        steps = np.arange(len(y)).clip(FIRST)
        behind.append(Stroke(steps[taken:], y[taken:], pale(color), "-", 0.8))
        lines.append(Stroke(steps[: taken + 1], y[: taken + 1], color, "-", 1.0 if path.size == 1 else 1.8))
        spots.append(Spot(float(steps[-1]), float(y[-1]), color, SHORT.get(path.size, f"{path.size}"), marked=False))
    return Plot(
        "the same", (FIRST, EPOCHS * EXAMPLES), (low, top), "over how often w moves", "step", "xy",
        lines=lines, behind=behind, spots=spots[::-1],
    )  # fmt: skip
