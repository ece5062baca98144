"""The colours of samplers, of scores, and of what has crashed."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from trainingwheels.figures.theme import INK, MEANING

__all__ = ["CRASHED", "SAMPLERS", "TEST", "VALIDATION", "score_colors"]

SAMPLERS = {"grid": INK, "random": "#5B5BD6", "sobol": "#007F5C", "tpe": "#A3457F", "halving": "#7A5200"}
"""Of Okabe and Ito's palette as the runs have it, without those that stand for train and validation."""

VALIDATION, TEST = MEANING["validation"], "#7A5200"
CRASHED = "#111111"

_LOW_TO_HIGH = np.array([to_rgb(color) for color in ("#FFFFFF", "#DDEBF3", "#A9CFE3", "#5FA6CB", "#1D6FA5")])


def score_colors(scores: NDArray[Any], low: float = 0.0, high: float = 1.0) -> NDArray[np.uint8]:
    """Scores as colours, uint8 with a last axis of 4: white is ``low`` or less, dark blue ``high`` or more."""
    share = np.clip((np.nan_to_num(scores) - low) / (high - low), 0, 1) * (len(_LOW_TO_HIGH) - 1)
    below = np.minimum(share.astype(int), len(_LOW_TO_HIGH) - 2)
    colors = _LOW_TO_HIGH[below] + (share - below)[..., None] * (_LOW_TO_HIGH[below + 1] - _LOW_TO_HIGH[below])
    opaque = np.full((*np.shape(scores), 4), 255, np.uint8)
    opaque[..., :3] = np.rint(255 * colors)
    return opaque
