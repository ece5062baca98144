"""One number per layer, as curves: how the spread, the mean and the share of idle units go with depth."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from trainingwheels.engine import Layer
from trainingwheels.engine.shares import in_percent
from trainingwheels.figures.grid import NARROW
from trainingwheels.figures.labels import short
from trainingwheels.figures.scales import decades, reach
from trainingwheels.figures.theme import MEANING, THEME

__all__ = ["LayerCurves"]

# which panel, which attribute of a layer, in which colour
_CURVES = (
    ("spread", "std", MEANING["activations"]),
    ("spread", "gradient_std", MEANING["gradients"]),
    ("spread", "weight_gradient_rms", MEANING["weight gradients"]),
    ("mean", "mean", MEANING["activations"]),
    ("idle", "saturated", MEANING["saturated"]),
    ("idle", "dead", MEANING["dead"]),
)
_SMALLEST_MEAN = 0.1  # a mean far below the spread is noise; do not magnify it
_LEFT, _HEAD, _FOOT, _BETWEEN = 52.0, 28.0, 38.0, 58.0  # room around a panel, CSS pixels


class LayerCurves:
    """Panels side by side (the first above the others in a narrow picture) at the bottom of ``figure``.

    ``live`` and ``parts`` are what a :class:`.Picture` needs to know, ``heads`` says where each panel's heading begins.
    ``width`` and ``total`` are the figure's size in CSS pixels.
    """

    def __init__(self, figure: Figure, width: float, total: float) -> None:
        places = _places(width)
        self.heads = {name: (x - _LEFT + 10, y + h + 13) for name, (x, y, w, h) in places.items()}
        self._axes = {
            name: figure.add_axes((x / width, y / total, w / width, h / total)) for name, (x, y, w, h) in places.items()
        }
        self.parts = {
            self._axes[name]: (x - _LEFT, y - _FOOT, x + w + 6, y + h + _HEAD - 14)
            for name, (x, y, w, h) in places.items()
        }
        for axes in self._axes.values():
            axes.set_xlabel("layer", labelpad=1)
            axes.grid(axis="y")
            axes.tick_params(labelsize=THEME["font.size"])  # from which matplotlib reckons how many find room
            axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6, min_n_ticks=1))
        self._axes["spread"].set_yscale("log")
        self._axes["spread"].yaxis.set_major_locator(LogLocator(numticks=5))
        self._axes["spread"].yaxis.set_minor_locator(NullLocator())
        self._axes["mean"].yaxis.set_major_locator(MaxNLocator(nbins=4))
        self._axes["mean"].yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
        self._axes["spread"].yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value).replace(".0e", "e")))
        self._axes["idle"].yaxis.set_major_formatter(FuncFormatter(lambda share, _: in_percent(share)))
        self._pinned = {attribute: self._line(panel, color, "--") for panel, attribute, color in _CURVES}
        self._now = {attribute: self._line(panel, color, "-") for panel, attribute, color in _CURVES}
        self.live: list[Artist] = [*self._pinned.values(), *self._now.values()]

    @staticmethod
    def height(width: float) -> float:
        """How much room the panels take in a picture of this width, CSS pixels."""
        return 380.0 if width < NARROW else 190.0

    def _line(self, panel: str, color: str, style: str) -> Line2D:
        line = self._axes[panel].plot([], [], style, color=color, clip_on=False)[0]
        if style == "--":
            line.set(alpha=0.45, markersize=3)
        return line

    def show(self, layers: Sequence[Layer], pinned: Sequence[Layer], *, signed: bool) -> list[Axes]:
        """Move the curves; return the axes whose limits changed with them.

        ``signed`` says that activations, and so their mean, may be negative.
        """
        for lines, shown in ((self._now, layers), (self._pinned, pinned)):
            for attribute, line in lines.items():
                line.set_data(range(1, len(shown) + 1), [getattr(layer, attribute) for layer in shown])
                line.set_marker("o" if len(shown) <= 20 else "")
                line.set_visible(bool(shown))
        every = [*layers, *pinned]
        spread = decades(getattr(layer, name) for layer in every for panel, name, _ in _CURVES if panel == "spread")
        means = [layer.mean for layer in every if math.isfinite(layer.mean)]
        top = reach(max((abs(mean) for mean in means), default=0.0), least=_SMALLEST_MEAN)
        depth = max(len(layers), len(pinned))
        heights = {"spread": spread, "mean": (-top if signed else 0.0, top), "idle": (-0.03, 1.03)}
        return [
            self._axes[name] for name in heights if _set_limits(self._axes[name], (0.5, depth + 0.5), heights[name])
        ]


def _places(width: float) -> dict[str, tuple[float, float, float, float]]:
    """Left, bottom, width and height of each panel."""
    if width < NARROW:
        half = (width - _LEFT - _BETWEEN - 12) / 2
        return {
            "spread": (_LEFT, 190 + _FOOT, width - _LEFT - 12, 190 - _HEAD - _FOOT),
            "mean": (_LEFT, _FOOT, half, 190 - _HEAD - _FOOT),
            "idle": (_LEFT + half + _BETWEEN, _FOOT, half, 190 - _HEAD - _FOOT),
        }
    unit = (width - _LEFT - 2 * _BETWEEN - 12) / 100
    height = 190 - _HEAD - _FOOT
    return {
        "spread": (_LEFT, _FOOT, 42 * unit, height),
        "mean": (_LEFT + 42 * unit + _BETWEEN, _FOOT, 29 * unit, height),
        "idle": (_LEFT + 71 * unit + 2 * _BETWEEN, _FOOT, 29 * unit, height),
    }


def _set_limits(axes: Axes, x: tuple[float, float], y: tuple[float, float]) -> bool:
    """Set the limits; say whether that changed them."""
    if np.allclose(axes.get_xlim(), x) and np.allclose(axes.get_ylim(), y, rtol=1e-6, atol=0):
        return False
    axes.set(xlim=x, ylim=y)
    return True
