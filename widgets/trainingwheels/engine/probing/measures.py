"""The numbers that are taken from a layer's values."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from trainingwheels.engine.activations import Activation

__all__ = ["KEPT", "MEASURED", "dead_share", "measure_input", "moments", "no_measures", "sample"]

KEPT = 2**15
"""Values per layer that are kept for histograms: more would not change what the eye sees."""
MEASURED = 2**18
"""Values per layer from which mean, std and shares are taken: of more, evenly spaced ones, which miss the std of all by
about 0.1 %."""


def moments(values: Tensor) -> Tensor:
    """mean, std, and the shares of exact zeros and of finite numbers."""
    entries = _entries(values)
    std, mean = torch.std_mean(entries.to(_wide(values)), correction=0)
    return torch.stack([mean, std, _share(entries == 0), _share(torch.isfinite(entries))])


def dead_share(values: Tensor, axis: int) -> Tensor:
    """The share of units that are zero in all examples, of which none is left out."""
    others = tuple(place for place in range(values.ndim) if place != axis % values.ndim)
    zero = values == 0
    return _share(zero.all(dim=others) if others else zero)


def _share(true: Tensor) -> Tensor:
    return true.to(_wide(true)).mean()


def measure_input(values: Tensor, activation: Activation | None) -> Tensor:
    """The nonlinearity's input: its std, and the share of it where the nonlinearity is flat (NaN without a rule)."""
    entries = _entries(values)
    std = entries.to(_wide(values)).std(correction=0)
    if activation is None or activation.flat is None:
        return torch.stack([std, torch.full_like(std, math.nan)])
    flat = (entries <= activation.flat.below) | (entries >= activation.flat.above)
    return torch.stack([std, _share(flat)])


def no_measures(values: Tensor) -> Tensor:
    """In place of :func:`measure_input` where a layer has no such input."""
    return values.new_full((2,), math.nan, dtype=_wide(values))


def _wide(values: Tensor) -> torch.dtype:
    """float64, in which squares of float32 numbers neither overflow nor vanish, where the device has it."""
    return torch.float32 if values.device.type == "mps" else torch.float64


def _entries(values: Tensor) -> Tensor:
    """All entries, or about MEASURED of them."""
    flat = values.reshape(-1)
    return flat[:: _stride(flat.numel(), MEASURED)]


def sample(values: Tensor, axis: int) -> Tensor:
    """About KEPT entries at most, as float32 (examples, units), units from ``axis``; positions count as examples."""
    values = values.detach()
    rows = values[None] if values.ndim == 1 else values.movedim(axis, -1)
    lengths, units = rows.shape[:-1], rows.shape[-1]
    examples = math.prod(lengths)
    row_stride = _stride(examples, max(KEPT // units, 64))
    unit_stride = -(-units * (examples // row_stride) // KEPT)
    if row_stride == unit_stride == 1:
        return rows.reshape(examples, units).float().clone()
    chosen = torch.arange(0, examples, row_stride, device=values.device)
    return rows[torch.unravel_index(chosen, lengths)][:, ::unit_stride].float()


def _stride(total: int, most: int) -> int:
    """The step with which to take about ``most`` of ``total`` things. Without a common divisor, it meets every channel
    and every column of an image equally often."""
    stride = -(-total // most)
    while stride > 1 and math.gcd(stride, total) > 1:
        stride += 1
    return stride
