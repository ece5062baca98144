"""The inside of a net over training, layer by layer: is the signal alive, and are the steps of a good size?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from trainingwheels.engine import ACTIVATIONS, History
from trainingwheels.figures.labels import Label
from trainingwheels.figures.palettes import layer_color
from trainingwheels.figures.panels import Box, Panel, Stroke, percent, plain
from trainingwheels.figures.scales import decades, reach
from trainingwheels.figures.texts import Texts
from trainingwheels.figures.theme import INK, SUBTLE
from trainingwheels.figures.traces import stride

__all__ = ["HEALTHY", "Inside"]

HEALTHY = (3e-4, 3e-3)  # update-to-weight ratio "somewhere around 0.001 or so" (CS231n), half a decade each way
USUAL = (1e-5, 1e-1)  # what the axis shows at least, so that it rarely moves
_DOTTED = (0, (1, 1.2))
_MOST_NAMED = 6  # layers with a mark and a number at the end of their lines


class Inside:
    """Three panels in ``boxes``: std of the activations, idle units, and the length of a step per length of W."""

    def __init__(
        self, figure: Figure, boxes: Sequence[Box], size: tuple[float, float], texts: Texts, rooms: Sequence[float]
    ) -> None:
        numbers = (plain, percent, _power)
        panels = [Panel(figure, box, size, number) for box, number in zip(boxes, numbers, strict=True)]
        self.std, self.idle, self.ratio = panels
        self.ratio.axes.axhspan(*HEALTHY, facecolor="#DDEFE6", zorder=0)
        self._texts, self._rooms = texts, rooms
        self.parts = {panel.axes: panel.rectangle for panel in panels}
        self.live = [artist for panel in panels for artist in panel.live]

    def show(self, history: History | None, x: tuple[float, float]) -> list[Axes]:
        """Show the layers of a run over steps ``x``, with labels; return the axes whose limits changed."""
        curves = history.layers if history else None
        none = np.empty((0, 0))
        std, dead, flat, ratio = (
            none if curves is None else getattr(curves, name) for name in ("std", "dead", "saturated", "update_ratio")
        )
        layers = history.config.depth + 1 if history else 1
        largest = float(np.max(std, where=np.isfinite(std), initial=0.0))
        limits = (
            (self.std, (0.0, reach(largest, 1.0)), "", None),
            (self.idle, (0.0, 1.03), "", (0.0, 0.5, 1.0)),
            (self.ratio, _ratio_limits(ratio), "y", None),
        )
        changed = [panel.axes for panel, y, log, marks in limits if panel.limit(x, y, log, marks)]
        steps = np.empty(0) if curves is None else curves.steps
        self._draw(self.std, steps, [(std, "-")], layers, self._rooms[0])
        self._draw(self.idle, steps, [(flat, _DOTTED), (dead, "-")], layers, self._rooms[1])
        self._draw(self.ratio, steps, [(ratio, "-")], layers, self._rooms[2])
        self._write_headings(history, layers)
        return changed

    def _draw(
        self,
        panel: Panel,
        steps: NDArray[Any],
        kinds: Sequence[tuple[NDArray[np.floating[Any]], Any]],
        layers: int,
        room: float,
    ) -> None:
        """A line per layer and kind, the input's layer on top; the label at the end of each is the layer's number."""
        kept = np.arange(0, len(steps), stride(len(steps), int(panel.box.width)))
        low, high = panel.axes.get_ylim()
        strokes, marks, ends = [], [], []
        for values, style in kinds:
            for layer in reversed(range(values.shape[1])):
                color = layer_color(layer, layers)
                y = np.clip(values[kept, layer], low, high)
                strokes.append(Stroke(steps[kept], y, color, style, 1.6))
                if layers <= _MOST_NAMED and style == "-" and len(steps) and np.isfinite(values[-1, layer]):
                    at, value = float(steps[-1]), float(np.clip(values[-1, layer], low, high))
                    marks.append((at, value, color, True))
                    x, y_pixel = panel.pixels(at, value)
                    name = "out" if layer == layers - 1 else str(layer + 1)
                    ends.append(Label(x + 6, y_pixel - 3.5, name, color=color))
        panel.draw(strokes)
        panel.mark(marks)
        self._texts.beside_lines(panel, ends, room)

    def _write_headings(self, history: History | None, layers: int) -> None:
        flat = ACTIVATIONS[history.config.activation].flat if history else None
        words = (
            [("std of activations", INK), ("" if layers > 1 else "no hidden layer", SUBTLE)],
            [("silent units", INK), (f"dotted: {flat.word}" if flat and layers > 1 else "", SUBTLE)],
            [("update / weight", INK), ("healthy: 0.001", "#00664A")],
        )
        for panel, parts, room in zip((self.std, self.idle, self.ratio), words, self._rooms, strict=True):
            self._texts.over(panel, room, *parts)


def _ratio_limits(ratio: NDArray[np.floating[Any]]) -> tuple[float, float]:
    """Whole decades around the usual ones and, within reason, around these."""
    values = ratio[np.isfinite(ratio)]
    low, high = decades([*USUAL, *np.clip(values, 1.001e-7, 99).tolist()] if values.size else USUAL)
    return low, high


def _power(value: float) -> str:
    """0.001 as 1e−3."""
    return f"{value:.0e}".replace("e-0", "e−").replace("e+0", "e")
