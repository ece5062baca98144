"""Circles of any size and colour in one artist, on axes of CSS pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import IdentityTransform

from trainingwheels.figures.theme import CSS_DPI

__all__ = ["Dot", "Dots"]


class Dot(NamedTuple):
    """A circle ``size`` CSS pixels wide around a place; ``face`` or ``edge`` may be "none"."""

    x: float
    y: float
    size: float
    face: Any
    edge: Any = "white"


class Dots(PathCollection):
    """Any number of them, the last ones on top."""

    def __init__(self, axes: Axes) -> None:
        circle = MarkerStyle("o").get_path().transformed(MarkerStyle("o").get_transform())
        super().__init__([circle], (1.0,), offset_transform=axes.transData, linewidths=1.0, clip_on=False)
        self.set_transform(IdentityTransform())
        axes.add_collection(self, autolim=False)

    def set_dots(self, dots: Sequence[Dot]) -> None:
        """Show these instead of the present ones."""
        self.set_offsets([dot[:2] for dot in dots] or np.empty((0, 2)))
        self.set_sizes(np.array([(dot.size * 72 / CSS_DPI) ** 2 for dot in dots]))  # points, squared
        self.set_facecolor([dot.face for dot in dots])
        self.set_edgecolor([dot.edge for dot in dots])
        self.set_visible(bool(dots))
