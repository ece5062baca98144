"""Send a batch through a deep net at its initialization, and the gradient back: what every layer sees.

The setting of the lecture's "activation statistics": x = f(x W) layer by layer, with nothing trained yet.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.activations import ACTIVATIONS, Activation
from trainingwheels.engine.batchnorm import Normalized, normalize
from trainingwheels.engine.initializers import INITIALIZERS
from trainingwheels.engine.signals.deepnet import DeepNet, check_run
from trainingwheels.engine.signals.dense import DenseProduct, Weights
from trainingwheels.engine.signals.matrix_free import MATRIX_FREE, Product
from trainingwheels.engine.signals.noise import Role, normals, uniforms

__all__ = ["Layer", "propagate"]

Floats = NDArray[np.float32]
CACHED_ENTRIES = 2**16  # 512 KiB of float64: what the processor's cache holds

# glibc hands freed memory back to the system, and the next array of the same size pays for fresh pages: 185 us instead
# of 22 us for a product of 16 x 4096 numbers. Once it has freed a block of 16 MiB, it keeps that much for reuse.
np.empty(16 * 2**20, dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class Layer:
    """What one layer saw. Numbers of the backward pass are NaN, and ``gradients`` None, where it was not asked for.

    ``activations``: float32 ndarray of shape (batch, width), read-only: the nonlinearity's output, before dropout.
    ``gradients``: dL/da at these activations, of the same shape.
    ``mean``, ``std``: over all entries of ``activations``; ``preactivation_std``: of the nonlinearity's input.
    ``saturated``: share of inputs where the activation is flat by its own rule (``ACTIVATIONS[...].flat``).
    ``dead``: share of units that are zero for every example; ``zeros``: share of activations that are exactly zero.
    ``finite``: share of activations that are neither infinite nor NaN.
    ``gradient_std``: over all entries of ``gradients``; ``gradient_zeros``: share of them that are exactly zero.
    ``weight_gradient_rms``: root mean square of the entries of dL/dW.
    ``weight_std``: the standard deviation with which each weight was drawn (the weight itself, if constant).
    ``method``: "matrix-free" or "dense", whichever was used.
    """

    activations: Floats
    gradients: Floats | None
    mean: float
    std: float
    preactivation_std: float
    saturated: float
    dead: float
    zeros: float
    finite: float
    gradient_std: float
    gradient_zeros: float
    weight_gradient_rms: float
    weight_std: float
    method: str


def propagate(
    net: DeepNet, batch: int = 16, seed: int = 0, method: str = "matrix-free", backward: bool = True
) -> tuple[Layer, ...]:
    """One :class:`Layer` per layer of ``net``, first to last.

    The input is unit Gaussian, of shape (batch, widths[0]), and so is the gradient dL/da that arrives at the last
    layer. Dropout is inverted and sits between layers. ``batch`` is 1 to 1024 examples. Equal arguments give equal
    numbers, and unequal ones share their noise: raising ``std`` rescales the same weights.

    ``method`` "matrix-free" computes the same distribution as "dense" without forming W; weights drawn from a uniform
    law have no such short cut and use "dense" in any case, which each layer's ``method`` reports.

    Overflow is no error: the layers show it. Raises :class:`InvalidSetting` for arguments out of range, and for nets
    that need too much memory.
    """
    batch, seed, method = check_run(net, batch, seed, method)
    with np.errstate(all="ignore"):  # a signal that overflows is a lesson
        stages = [_Stage(net, index, seed, method) for index in range(net.depth)]
        x = normals(seed, 0, Role.INPUT, batch, net.widths[0])
        for stage in stages:
            x = stage.forward(x)
        if backward:
            upstream = normals(seed, 0, Role.UPSTREAM, batch, net.widths[-1])
            _send_back(stages, upstream)
    return tuple(stage.record for stage in stages)


def _send_back(stages: list[_Stage], upstream: Floats) -> None:
    def arriving() -> Floats:
        return upstream

    for stage in reversed(stages):
        arriving = stage.backward(arriving())  # the first layer's dL/dx, which nobody needs, is never computed


class _Stage:
    """One layer at work: x -> x W -> batchnorm -> activation -> dropout, and back. Leaves its ``record``."""

    def __init__(self, net: DeepNet, index: int, seed: int, method: str) -> None:
        self.net, self.index, self.seed, self.method = net, index, seed, method
        self.activation: Activation = ACTIVATIONS[net.activation]
        fan_in, fan_out = net.widths[index], net.widths[index + 1]
        initializer, pieces = INITIALIZERS[net.initializer], self.activation.pieces
        weights = Weights(initializer, fan_in, fan_out, pieces, net.std, seed, index)
        self.product: Product = DenseProduct(weights) if method == "dense" else MATRIX_FREE[initializer.law](weights)
        self.is_last = index == net.depth - 1

    def forward(self, x: Floats) -> Floats:
        y = self.product.forward(x)
        self.normalized: Normalized | None = normalize(y) if self.net.batchnorm else None
        self.y = self.normalized.values if self.normalized else y
        a = self.activation.value(self.y)
        self.record = self._describe(a)
        return a if self.is_last else self._drop(a)

    def backward(self, da: Floats) -> Callable[[], Floats]:
        if not self.is_last:
            da = self._drop(da)
        dy = self.activation.derivative(self.y)
        dy *= np.concatenate([da] * self.activation.pieces, axis=1) if self.activation.pieces > 1 else da
        if self.normalized:
            dy = self.normalized.backward(dy)
        gradient = self.product.backward(dy)
        self.record = self._describe_gradient(da, gradient.weight_rms)
        return gradient.dx

    def _drop(self, values: Floats) -> Floats:
        """Inverted dropout: zero with probability p, else divided by 1 - p. The same mask forward and backward."""
        p = self.net.dropout
        if p == 0:
            return values
        batch, width = values.shape
        kept = uniforms(self.seed, self.index, Role.DROPOUT, batch, width) >= np.float32(p)
        return np.multiply(values, kept * np.float32(1 / (1 - p)), dtype=np.float32)

    def _describe(self, a: Floats) -> Layer:
        a.setflags(write=False)
        mean, std = _mean_and_std(a)
        zero = a == 0
        return Layer(
            activations=a,
            gradients=None,
            mean=mean,
            std=std,
            preactivation_std=_mean_and_std(self.y)[1],
            saturated=self.activation.saturated(self.y),
            dead=float(np.count_nonzero(zero.all(axis=0))) / a.shape[1],
            zeros=float(np.count_nonzero(zero)) / a.size,
            finite=1.0 if math.isfinite(std) else float(np.count_nonzero(np.isfinite(a))) / a.size,
            gradient_std=math.nan,
            gradient_zeros=math.nan,
            weight_gradient_rms=math.nan,
            weight_std=self.product.weights.std,
            method=self.method,
        )

    def _describe_gradient(self, da: Floats, weight_rms: float) -> Layer:
        da.setflags(write=False)
        return replace(
            self.record,
            gradients=da,
            gradient_std=_mean_and_std(da)[1],
            gradient_zeros=float(np.count_nonzero(da == 0)) / da.size,
            weight_gradient_rms=weight_rms,
        )


def _mean_and_std(values: Floats) -> tuple[float, float]:
    """Over all entries, in float64: squares of float32 numbers neither overflow nor vanish there."""
    flat = values.ravel()
    shift = np.float64(flat[0])  # any of the values keeps the digits of a small spread about a large mean
    total = squares = 0.0
    for start in range(0, flat.size, CACHED_ENTRIES):
        block = flat[start : start + CACHED_ENTRIES].astype(np.float64)
        block -= shift
        total += float(block.sum())
        squares += float(block @ block)
    offset = total / flat.size
    return float(shift) + offset, math.sqrt(max(squares / flat.size - offset**2, 0.0))
