"""What a lab shows of the inside of a net, measured on the tensors that a step leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainingwheels.engine.activations import ACTIVATIONS, Flat
from trainingwheels.engine.training.densities import BINS, densities
from trainingwheels.engine.training.net import Net

__all__ = ["LayerStatistics", "measure_layers"]

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class LayerStatistics:
    """Per member and hidden layer, over one training batch, ndarrays of shape (members, layers).

    ``mean`` and ``std`` of the activations; ``saturated``, the share of them at which the nonlinearity is flat, by the
    rule of its :class:`Flat`; ``dead``, the share of units that are flat on the whole batch. With the output layer, so
    one column more: ``gradient_norm``, the length of dL/dW, and ``update_ratio``, the length of the step's change of
    W as a share of the length of W. ``extent``, (members, layers, 2), and ``density``, uint8 of shape (members, layers,
    BINS) up to 255, are histograms of the activations: see :func:`densities`.
    """

    mean: Floats
    std: Floats
    saturated: Floats
    dead: Floats
    gradient_norm: Floats
    update_ratio: Floats
    extent: Floats
    density: NDArray[Any]


def measure_layers(net: Net, before: Tensor, watched: bool) -> LayerStatistics:
    """The statistics of the step that ``net`` has just taken; ``before`` is a copy of its flat parameters before it.

    The histograms, which cost as much as all the rest, are made only if the net is ``watched``; else of no layer.
    """
    flat = ACTIVATIONS[net.config.activation].flat
    none = before.new_zeros(net.parameters.members, 0, BINS)
    moments, spreads = [], []
    for layer in net.activations:
        moments.append(_moments(layer.x, layer.y, flat))
        if watched:
            spreads.append(densities(layer.y, *moments[-1][:2]))
    columns = _by_layer(moments) if moments else [none[:, :, 0]] * 4
    extent, density = _by_layer(spreads) if spreads else (none[:, :, :2], none)
    floats = [column.float().cpu().numpy() for column in [*columns, *_lengths(net, before), extent]]
    floats.append((255 * density).to(torch.uint8).cpu().numpy())
    return LayerStatistics(*floats)


def _by_layer(layers: Sequence[Sequence[Tensor]]) -> list[Tensor]:
    """Each kind of number, (members, layers, ...), from what each layer has of all kinds, (members, ...)."""
    return [torch.stack(kind, 1) for kind in zip(*layers, strict=True)]


def _moments(x: Tensor, y: Tensor, flat: Flat | None) -> list[Tensor]:
    """mean, std, saturated and dead of one layer, each (members,), for x and y (members, units, batch)."""
    rows = y.flatten(1)
    mean = rows.mean(1)
    std = torch.linalg.vector_norm(rows - mean[:, None], dim=1) / rows.shape[1] ** 0.5
    if flat is None:
        return [mean, std, torch.zeros_like(mean), torch.zeros_like(mean)]
    flat_share = ((x <= flat.below) | (x >= flat.above)).to(y.dtype).mean(2)  # of a unit's batch, (members, units)
    return [mean, std, flat_share.mean(1), (flat_share == 1).to(y.dtype).mean(1)]


def _lengths(net: Net, before: Tensor) -> list[Tensor]:
    """gradient_norm and update_ratio, (members, layers)."""
    old = net.parameters.look_at(before)
    norms, ratios = [], []
    for name in net.parameters.shapes:
        if name.startswith("W"):
            norms.append(_length(net.gradients[name]))
            ratios.append(_length(net.parameters[name] - old[name]) / _length(old[name]))
    return [torch.stack(norms, 1), torch.stack(ratios, 1)]


def _length(W: Tensor) -> Tensor:
    norms: Tensor = torch.linalg.vector_norm(W.flatten(1), dim=1)
    return norms
