"""A layer's activations as a block of examples, units and positions; those normalized together are coloured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from trainingwheels.engine.batchnorm import Normalization
from trainingwheels.figures.labels import Label
from trainingwheels.figures.panels import Box
from trainingwheels.figures.theme import INK, MEANING, SUBTLE

__all__ = ["Block"]

CELLS = 6  # examples and units that are drawn, however many there are
_DEEP = 0.42  # of a cell's side: how far a position goes back, to the right and up


class Sized(Protocol):
    """What the block needs to know of a result."""

    @property
    def x(self) -> NDArray[Any]: ...

    @property
    def kind(self) -> Normalization: ...


class Block:
    """A solid block in ``box``: examples down, units across, positions back; its upper right corner is normalized."""

    def __init__(self, canvas: Axes, box: Box) -> None:
        self._box = box
        self._faces = PolyCollection([], edgecolor="white", linewidths=1)
        canvas.add_collection(self._faces, autolim=False)
        self.live = [self._faces]

    def show(self, result: Sized) -> list[Label]:
        """Colour the cells; return the labels."""
        batch, units, positions = result.x.shape
        axes, back = result.kind.axes, min(positions, CELLS)
        box, beside, spread = self._box, self._box.height < 300, CELLS * (1 + _DEEP)
        side = min(
            28.0, (box.width - (208 if beside else 60)) / spread, (box.height - (34 if beside else 120)) / spread
        )
        corner = np.array([box.x + 34, box.top - (0 if beside else 40) - 8 - CELLS * _DEEP * side])
        across, below, behind = np.array([side, 0]), np.array([0, -side]), _DEEP * side * np.ones(2)
        cells = []
        for one in range(CELLS):
            row = corner + one * below  # on the front, units of one example
            cells += [(row + other * across, across, below, one, other, 0) for other in range(CELLS)]
        for depth in range(back):
            for cell in range(CELLS):
                start = corner + depth * behind
                cells.append((start + cell * across, across, behind, 0, cell, 1))  # top: the first example
                cells.append((start + CELLS * across + cell * below, behind, below, cell, CELLS - 1, 2))  # right
        colors = [_color(axes, example, unit, face) for *_, example, unit, face in cells]
        self._faces.set_verts([[at, at + u, at + u + v, at + v] for at, u, v, *_ in cells])
        self._faces.set_facecolor(colors)
        low = corner[1] - CELLS * side
        labels = [
            Label(corner[0] - 6, corner[1] - 12, "N", 1.0, INK),
            Label(corner[0] - 6, corner[1] - 26, f"{batch}", 1.0, SUBTLE),
            Label(corner[0] + CELLS * side / 2, low - 14, f"C = {units} units", 0.5, SUBTLE),
        ]
        if positions > 1:
            end = corner + CELLS * across + CELLS * below + back * behind / 2
            labels.append(Label(end[0] + 6, end[1] - 10, f"L = {positions}", 0.0, SUBTLE))
        at = (corner[0] + spread * side + 24, box.top - 40) if beside else (box.x + 4, low - 44)
        return [*labels, *_words(result, *at)]


def _words(result: Sized, x: float, y: float) -> list[Label]:
    """What is normalized together: lines from (x, y) on."""
    kind = result.kind
    count = int(np.prod([result.x.shape[axis] for axis in kind.axes]))
    words = [(kind.label, MEANING["activations"]), (f"μ and σ² over {count:,} values:", INK)]
    words += [(word, SUBTLE) for word in kind.over.replace(", ", ",|").split("|")]
    return [Label(x, y - 16 * line, text, 0.0, color) for line, (text, color) in enumerate(words)]


def _color(axes: Sequence[int], example: int, unit: int, face: int) -> str:
    """Of a cell, by whether it belongs to the normalized set in the upper right corner, and by its face."""
    inside = (0 in axes or example == 0) and (1 in axes or unit == CELLS - 1)
    return (("#0072B2", "#4C9CCB", "#005A8C") if inside else ("#DCE3EA", "#EBEFF3", "#CBD4DD"))[face]
