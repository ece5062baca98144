"""How the activations of a layer are spread, in so few numbers that every moment of a training can keep its own."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["BINS", "densities"]

BINS = 24
SAMPLE = 2048  # values per member and layer: a bin of a bell curve then misses its share by less than a tenth
REACH = 2.5  # standard deviations: what lies further out is left out


def densities(y: Tensor, mean: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    """Histograms of ``y``, (members, units, batch), whose ``mean`` and ``std`` are (members,).

    Returns the extent of each member's, (members, 2), and its bins as shares of the fullest, (members, BINS). Values
    that are exactly zero are left out: what ReLU switches off would dwarf the rest. Nothing here waits for a GPU.
    """
    rows = y.flatten(1)
    rows = rows[:, :: rows.shape[1] // SAMPLE | 1]  # odd, so that it does not keep to the same examples of every unit
    low, high = torch.maximum(rows.amin(1), mean - REACH * std), torch.minimum(rows.amax(1), mean + REACH * std)
    scale = BINS / (high - low).clamp(min=torch.finfo(rows.dtype).tiny)
    places = ((rows - low[:, None]) * scale[:, None]).nan_to_num(0).clamp(0, BINS - 1).long()
    counted = (rows != 0) & (rows >= low[:, None]) & (rows <= high[:, None])
    counts = rows.new_zeros(len(rows), BINS).scatter_add_(1, places, counted.to(rows.dtype))
    return torch.stack([low, high], 1), counts / counts.amax(1, keepdim=True).clamp(min=1)
