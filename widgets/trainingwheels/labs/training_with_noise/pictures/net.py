"""Small drawings of what falls: units and weights of a net, blocks of a residual net, and an example in its batch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.figures.theme import MEANING, PINNED, SUBTLE
from trainingwheels.labs.training_with_noise.pictures.pattern import Segment, Spot

__all__ = ["WIDTHS", "drawn_batch", "drawn_blocks", "drawn_net"]

Mask = NDArray[Any]
WIDTHS = (5, 8, 8, 4)  # units of each layer of the net
PALE, ALIVE, TOUCHED = "#DDE3E9", MEANING["positive"], MEANING["negative"]
REACH = 4.0  # standard deviations that a batch is drawn over


def _x(layer: int) -> float:
    return 0.06 + 0.88 * layer / (len(WIDTHS) - 1)


def _y(layer: int, unit: int) -> float:
    return 0.5 + 0.92 * ((unit + 0.5) / WIDTHS[layer] - 0.5)


def drawn_net(units: Mask | None = None, weights: Sequence[Mask] = ()) -> dict[str, Any]:
    """A fully connected net. ``units`` says which of its hidden units stay, ``weights``, (outputs, inputs) for each
    hidden layer, which of its weights; by default all."""
    kept = np.ones(WIDTHS[1] + WIDTHS[2], bool) if units is None else units
    stay = [np.ones(WIDTHS[0], bool), kept[: WIDTHS[1]], kept[WIDTHS[1] :], np.ones(WIDTHS[3], bool)]
    segments = []
    for layer, (inputs, outputs) in enumerate(pairwise(stay)):
        mask = np.outer(outputs, inputs)
        if layer < len(weights):
            mask = mask & weights[layer]
        segments += [
            Segment((_x(layer), _y(layer, source)), (_x(layer + 1), _y(layer + 1, target)), PINNED, 0.7)
            for target, source in np.argwhere(mask)
        ]
    spots = [
        Spot(_x(layer), _y(layer, unit), ALIVE if up else PALE, 8.0)
        for layer, alive in enumerate(stay)
        for unit, up in enumerate(alive)
    ]
    return {"segments": segments, "spots": spots}


def drawn_blocks(alive: Mask) -> dict[str, Any]:
    """The blocks of a residual net, the first at the bottom, each as wide as it is alive, from 0 to 1."""
    count = len(alive)
    high = min(0.7 / count, 0.05)
    rectangles = []
    for place, width in enumerate(alive):
        y = 0.02 + 0.96 * (place + 0.5) / count - high / 2
        rectangles.append((0.2, y, 0.76, high, PALE))
        if width:
            rectangles.append((0.2, y, 0.76 * float(width), high, ALIVE))
    way = Segment((0.08, 0.0), (0.08, 1.0), SUBTLE, 2.0)
    return {"segments": [way], "rectangles": rectangles}


def drawn_batch(values: Mask, fixed: bool = False) -> dict[str, Any]:
    """The values of a batch by their height, the first one large; its mean as a line and one standard deviation to
    either side as a band. If ``fixed``, mean and standard deviation are 0 and 1."""
    mean, std = (0.0, 1.0) if fixed else (float(values.mean()), float(values.std()))

    def height(value: float) -> float:
        return float(np.clip(0.5 + value / (2 * REACH), 0.0, 1.0))

    low, high = height(mean - std), height(mean + std)
    places = 0.5 + 0.42 * np.sin(2.4 * np.arange(1, len(values)))  # beside each other, evenly enough
    spots = [Spot(float(x), height(float(y)), PINNED, 4.0) for x, y in zip(places, values[1:], strict=True)]
    spots.append(Spot(0.5, height(float(values[0])), TOUCHED, 10.0))
    line = Segment((0.0, height(mean)), (1.0, height(mean)), SUBTLE, 1.6)
    return {"rectangles": [(0.0, low, 1.0, high - low, PALE)], "segments": [line], "spots": spots}
