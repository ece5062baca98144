"""Colours of things that are many: runs, classes, layers, and the outputs of units."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from numpy.typing import NDArray

from trainingwheels.engine import ACTIVATIONS
from trainingwheels.figures.theme import MEANING, SUBTLE

__all__ = ["CLASSES", "CLASS_MARKERS", "RUNS", "activation_color", "layer_color", "run_color", "signed_colors"]

# Okabe and Ito (2008), with the light ones darkened until text of them can be read (contrast 4.5), and the dark ones
# kept apart in lightness.
RUNS = ("#0072B2", "#C25400", "#007F5C", "#A3457F", "#7A5200", "#1F2933", "#5B5BD6", "#5F6F00")
"""One colour per run, in the order of the runs; beyond eight they repeat."""

# The four of Okabe and Ito that stand neither for train nor for validation, then the others, for areas and dots.
CLASSES = ("#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#F0E442", "#D55E00", "#0072B2", "#6B7580")
CLASS_MARKERS = "os^DvP*X"

# First to last layer: the middle of the colour map "plasma" (Smith and van der Walt, 2015), which grows evenly
# lighter; its dark and its yellow end cannot be told from ink and seen on white.
_DEPTH = np.array([to_rgb(color) for color in ("#43039E", "#8A09A5", "#BF3984", "#DE6164", "#E8872F")])


def run_color(run: int) -> str:
    """The colour of the run at this place."""
    return RUNS[run % len(RUNS)]


def activation_color(name: str) -> str:
    """The colour of a nonlinearity where several are laid over each other: by its place in the table."""
    place = ACTIVATIONS.keys().index(name)
    return run_color(place) if place < len(RUNS) else SUBTLE


@lru_cache(maxsize=1024)
def layer_color(layer: int, layers: int) -> str:
    """The colour of layer 0, ..., ``layers`` - 1 in a net: one sequential scale, dark at the input."""
    place = (len(_DEPTH) - 1) * (layer / (layers - 1) if layers > 1 else 0.0)
    below = min(int(place), len(_DEPTH) - 2)
    return str(to_hex(_DEPTH[below] + (place - below) * (_DEPTH[below + 1] - _DEPTH[below])))


@lru_cache(maxsize=1)
def _signed() -> NDArray[np.uint8]:
    """255 colours, ndarray (255, 4): negative to positive, white in the middle."""
    share = np.linspace(-1, 1, 255)[:, None]
    ends = np.where(share < 0, to_rgb(MEANING["negative"]), to_rgb(MEANING["positive"]))
    colors = 1 - np.abs(share) * (1 - ends)
    return np.column_stack([np.rint(255 * colors), np.full(255, 255)]).astype(np.uint8)


def signed_colors(values: NDArray[np.floating], largest: float) -> NDArray[np.uint8]:
    """Colours of ``values`` from -``largest`` to ``largest``, the last axis red, green, blue, alpha."""
    scale = 127 / largest if 0 < largest < np.inf else 0.0
    places = np.nan_to_num(np.clip(values * scale, -127, 127)).astype(np.int16) + 127
    colors: NDArray[np.uint8] = _signed()[places]
    return colors
