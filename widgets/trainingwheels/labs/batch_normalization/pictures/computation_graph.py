"""Batch normalization as the lecture's graph: on each wire the values on their way up, the gradients on theirs down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection, LineCollection, PolyCollection
from numpy.typing import NDArray

from trainingwheels.engine.batchnorm import Graph
from trainingwheels.figures.labels import Label, Labels
from trainingwheels.figures.panels import Box, label_size
from trainingwheels.figures.picture import Picture
from trainingwheels.figures.theme import MEANING, PANEL, SUBTLE
from trainingwheels.labs.batch_normalization.pictures.paths import PATHS, Paths

__all__ = ["GraphPicture", "GraphView"]

UP, DOWN = MEANING["activations"], MEANING["gradients"]
WIDE = 870.0  # CSS pixels that the graph needs to lie from left to right; below, it stands
WIRE = "#9AA5B1"
NAMES = {
    "x": "x",
    "mu": "μ",
    "centred": "x − μ",
    "squares": "(x − μ)²",
    "var": "σ²",
    "sigma": "√(σ² + ε)",
    "inverse": "1 / √(σ² + ε)",
    "x_hat": "x̂",
    "gamma": "γ",
    "scaled": "γ x̂",
    "beta": "β",
    "y": "y",
}
"""The values of the graph, in the order in which they are computed, as the lecture writes them."""


@dataclass(frozen=True)
class GraphView:
    """One unit: its ``values``, and the ``gradients`` dL/d of each; each array holds one number or one per example."""

    values: Graph
    gradients: Graph
    epsilon: float


class Gate(NamedTuple):
    """An operation: its sign, its place in columns and rows (0 above, 1 below), and the values it takes and gives."""

    sign: str
    column: float
    row: float
    takes: tuple[str, ...]
    gives: str


# Columns and rows of the lying graph.
PLACES = {
    "x": (0, 0), "mu": (0, 1), "centred": (1, 0), "squares": (1, 1), "var": (2, 1), "sigma": (3, 1),
    "inverse": (4, 1), "x_hat": (5, 0), "gamma": (5.5, 1), "scaled": (6, 0), "beta": (6.5, 1), "y": (7, 0),
}  # fmt: skip
COLUMNS = 8
GATES = (
    Gate("Σ", 0, 0.5, ("x",), "mu"),
    Gate("−", 0.5, 0, ("x", "mu"), "centred"),
    Gate("x²", 1, 0.5, ("centred",), "squares"),
    Gate("Σ", 1.5, 1, ("squares",), "var"),
    Gate("√", 2.5, 1, ("var",), "sigma"),
    Gate("1/", 3.5, 1, ("sigma",), "inverse"),
    Gate("×", 4.5, 0, ("centred", "inverse"), "x_hat"),
    Gate("×", 5.5, 0, ("x_hat", "gamma"), "scaled"),
    Gate("+", 6.5, 0, ("scaled", "beta"), "y"),
)
_VECTORS = ("x", "centred", "squares", "x_hat", "scaled", "y")
MAIN = ("x", "centred", "x_hat", "scaled", "y")  # on the straight way up; the others are on the side


class GraphPicture(Picture):
    """Wires with numbers, gates between them; it lies in a wide picture and stands in a narrow one.

    Below, each dL/dx is taken apart: what comes straight through x - mu, and what comes through the variance and the
    mean, which are functions of x too.
    """

    def arrange(self, width: float) -> float:
        self._layout: _Lying | _Standing = _Lying(width) if width >= WIDE else _Standing(width)
        height = self._layout.height + PATHS
        canvas = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(-PATHS, height - PATHS), zorder=-1)
        canvas.set_axis_off()
        wires = LineCollection(list(self._layout.wires()), colors=WIRE, linewidths=1.5, zorder=1)
        cards = PolyCollection(
            list(self._layout.cards()), facecolor="white", edgecolor="#D9DFE5", linewidths=1, zorder=2
        )
        for artist in (wires, cards):
            canvas.add_collection(artist, autolim=False)
        _circles(canvas, *self._layout.circles())
        self._names = Labels(canvas, label_size(width))
        self._names.set_zorder(4)
        self._names.set_labels([*self._layout.names(), *self._legend()])
        self._paths = Paths(canvas, Box(8, -PATHS + 22, width - 16, PATHS - 52))
        self._numbers = Labels(canvas, label_size(width))
        self._numbers.set_zorder(5)
        self.live = [*self._paths.live, self._numbers]
        return height

    def show(self, result: GraphView, pinned: GraphView | None = None) -> None:
        """A pinned result has no place among the numbers; its bars are drawn behind the others."""
        labels = self._paths.show(result, self._numbers, pinned)
        for name in NAMES:
            pair = (np.ravel(getattr(result.values, name)), np.ravel(getattr(result.gradients, name)))
            labels += self._layout.numbers(name, *pair)
        self._numbers.set_labels(labels)

    def _legend(self) -> list[Label]:
        up, down = "values, on their way up →", "← gradients dL/d…, on their way down"
        (x, y), (left, low) = self._layout.legend
        return [Label(x, y, up, 0.0, UP), Label(left, low, down, 0.0, DOWN)]


class _Lying:
    """From left to right, in two rows. Beside each other on a wire: the values, and the gradients."""

    height = 300.0

    def __init__(self, width: float) -> None:
        self._column = width / COLUMNS
        self._rows = (self.height - 66, 62.0)
        left = self._column * 1.5 + 58
        self.legend = (left, self._rows[0] + 11), (left, self._rows[0] - 20)

    def _at(self, column: float, row: float) -> tuple[float, float]:
        return self._column * (column + 0.5), self._rows[0] + row * (self._rows[1] - self._rows[0])

    def wires(self) -> Iterator[list[tuple[float, float]]]:
        for gate in GATES:
            middle = self._at(gate.column, gate.row)
            for name in gate.takes:
                yield [self._at(*PLACES[name]), middle]
            yield [middle, self._at(*PLACES[gate.gives])]

    def circles(self) -> tuple[list[tuple[float, float]], float]:
        return [self._at(gate.column, gate.row) for gate in GATES], 22.0

    def cards(self) -> Iterator[list[tuple[float, float]]]:
        """A white ground for each value's name and numbers."""
        for name, place in PLACES.items():
            x, y = self._at(*place)
            up, down = (56, 36) if name in _VECTORS else (35, 13)
            yield [(x - 43, y - down), (x + 43, y - down), (x + 43, y + up), (x - 43, y + up)]

    def names(self) -> Iterator[Label]:
        for name, place in PLACES.items():
            x, y = self._at(*place)
            yield Label(x, y + (40 if name in _VECTORS else 19), NAMES[name], 0.5)
        for gate in GATES:
            x, y = self._at(gate.column, gate.row)
            yield Label(x, y - 4.5, gate.sign, 0.5)

    def numbers(self, name: str, values: NDArray[Any], gradients: NDArray[Any]) -> Iterator[Label]:
        x, y = self._at(*PLACES[name])
        top = y + 7.5 * len(values) - 11.5
        for line, pair in enumerate(zip(values, gradients, strict=True)):
            for number, right, color in zip(pair, (x - 2, x + 40), (UP, DOWN), strict=True):
                yield Label(right, top - 15 * line, _number(number), 1.0, color)


class _Standing:
    """From top to bottom, a line for each value; under its numbers, the gradients."""

    _LINE = 36.0

    def __init__(self, width: float) -> None:
        self._width = width
        self.height = self._LINE * len(NAMES) + 40
        self.legend = (4.0, self.height - 12), (4.0, self.height - 27)
        order = list(NAMES)
        self._at = {
            name: (14.0 if name in MAIN else 34.0, self.height - 58 - self._LINE * order.index(name)) for name in NAMES
        }

    def wires(self) -> Iterator[list[tuple[float, float]]]:
        for gate in GATES:
            for name in gate.takes:
                yield [self._at[name], self._at[gate.gives]]

    def circles(self) -> tuple[list[tuple[float, float]], float]:
        return list(self._at.values()), 8.0

    def cards(self) -> Iterator[list[tuple[float, float]]]:
        """None: the numbers stand beside the wires."""
        return iter(())

    def names(self) -> Iterator[Label]:
        for name, (_, y) in self._at.items():
            yield Label(48, y - 4, NAMES[name])

    def numbers(self, name: str, values: NDArray[Any], gradients: NDArray[Any]) -> Iterator[Label]:
        _, y = self._at[name]
        step = min((self._width - 138) / 4, 70.0)
        for place, pair in enumerate(zip(values, gradients, strict=True)):
            for number, lift, color in zip(pair, (3, -11), (UP, DOWN), strict=True):
                yield Label(132 + step * (place + 1), y + lift, _number(number), 1.0, color)


def _circles(canvas: Axes, places: Sequence[tuple[float, float]], diameter: float) -> None:
    canvas.add_collection(
        EllipseCollection(
            [diameter], [diameter], [0], units="xy", offsets=places, offset_transform=canvas.transData,
            facecolor=PANEL, edgecolor=SUBTLE, linewidths=1.2, zorder=3,
        ),
        autolim=False,
    )  # fmt: skip


def _number(value: float) -> str:
    """At most five characters and a sign: 1.23, −0.05, 12.3, 1234."""
    digits = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
    text = f"{value:.{digits}f}" if abs(value) < 99_999 else f"{value:.0e}".replace("e+0", "e")
    return ("0" if float(text) == 0 else text).replace("-", "−")
