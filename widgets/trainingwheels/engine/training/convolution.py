"""Layers that look at neighbourhoods: convolutions, and the pooling that makes their pictures smaller.

A picture's pixels and the batch lie side by side: a layer of all members is (members, channels, height width batch).
What is done to each unit over the batch elsewhere, as by batchnorm, is then done to each channel over all pixels of the
batch, as it should be.
"""

from __future__ import annotations

import torch
from torch import Tensor

from trainingwheels.engine.training.layers import Linear, Scratch
from trainingwheels.engine.training.maps import Map

__all__ = ["Columns", "Convolution", "Flatten", "MaxPool"]

aten = torch.ops.aten


class Columns:
    """Beside each pixel, all that a kernel sees from there: (members, channels kernel, height width batch).

    ``picture`` is what comes in, ``kernel`` height and width of what is seen, both odd; beyond the border there is 0.
    """

    def __init__(self, picture: Map, kernel: tuple[int, int]) -> None:
        self.picture, self.kernel = picture, kernel
        self.padded: dict[tuple[int, ...], Tensor] = {}
        self.columns, self.dx = Scratch(), Scratch()

    def forward(self, x: Tensor) -> Tensor:
        (channels, height, width), (tall, wide) = self.picture, self.kernel
        up, left = tall // 2, wide // 2
        pixels = x.view(len(x), channels, height, width, -1)
        padded = self._padded(pixels, len(x), channels, height + 2 * up, width + 2 * left, pixels.shape[4])
        padded[:, :, up : up + height, left : left + width] = pixels
        seen = padded.unfold(2, tall, 1).unfold(3, wide, 1)  # (members, channels, height, width, batch, tall, wide)
        columns = self.columns(x, len(x), channels, tall, wide, height, width, pixels.shape[4])
        columns.copy_(seen.permute(0, 1, 5, 6, 2, 3, 4))
        return columns.view(len(x), channels * tall * wide, -1)

    def backward(self, d: Tensor) -> Tensor:
        """A pixel's gradient is the sum over all columns that it is in."""
        (channels, height, width), (tall, wide) = self.picture, self.kernel
        d = d.view(len(d), channels, tall, wide, height, width, -1)
        dx = self.dx(d, len(d), channels, height, width, d.shape[6])
        dx.copy_(d[:, :, tall // 2, wide // 2])
        for i in range(tall):
            for j in range(wide):
                down, right = i - tall // 2, j - wide // 2
                if down or right:
                    (rows, from_rows), (columns, from_columns) = _overlap(down, height), _overlap(right, width)
                    dx[:, :, rows, columns] += d[:, :, i, j, from_rows, from_columns]
        return dx.view(len(d), channels, -1)

    def _padded(self, like: Tensor, *shape: int) -> Tensor:
        """Zeros at the border, handed out again at every call: nobody writes there."""
        if shape not in self.padded:
            self.padded[shape] = like.new_zeros(shape)
        return self.padded[shape]


def _overlap(shift: int, size: int) -> tuple[slice, slice]:
    """Which pixels are seen by a kernel's part that looks ``shift`` pixels ahead, and from where."""
    shift = max(-size, min(shift, size))
    return slice(max(shift, 0), size + min(shift, 0)), slice(max(-shift, 0), size - max(shift, 0))


class Convolution:
    """y = W * x + b: at each pixel the same linear layer, whose inputs are what a kernel sees from there.

    W is (members, outputs, channels kernel), so that ``W.view(members, outputs, channels, *kernel)`` are the filters.
    """

    def __init__(self, linear: Linear, columns: Columns) -> None:
        self.linear, self.columns = linear, columns
        self.W, self.dW = linear.W, linear.dW

    def over(self, W: Tensor) -> Convolution:
        """The same layer with other weights."""
        return Convolution(self.linear.over(W), self.columns)

    def forward(self, x: Tensor, train: bool) -> Tensor:
        return self.linear.forward(self.columns.forward(x), train)

    def backward(self, d: Tensor) -> Tensor | None:
        dx = self.linear.backward(d)
        return None if dx is None else self.columns.backward(dx)


class MaxPool:
    """The largest of each ``pool``, height and width, of pixels, out of ``size`` of them; the first of equals takes d.

    To torch's kernel the batch is what the channels are in its layout with channels last, the one that it is fast in.
    """

    def __init__(self, size: tuple[int, int], pool: tuple[int, int]) -> None:
        self.size, self.pool = size, list(pool)
        self.left = size[0] // pool[0], size[1] // pool[1]

    def forward(self, x: Tensor, train: bool) -> Tensor:
        last = _batch_as_channels(x, self.size)
        y: Tensor
        y, indices = aten.max_pool2d_with_indices.default(last, self.pool, self.pool)
        if train:
            self.x, self.indices = last, indices
        return y.permute(0, 2, 3, 1).reshape(*x.shape[:2], -1)

    def backward(self, d: Tensor) -> Tensor:
        last = _batch_as_channels(d, self.left)
        dx: Tensor = aten.max_pool2d_with_indices_backward.default(
            last, self.x, self.pool, self.pool, [0, 0], [1, 1], False, self.indices
        )
        return dx.permute(0, 2, 3, 1).reshape(*d.shape[:2], -1)


class Flatten:
    """Every pixel of every channel becomes a unit: (members, channels height width, batch)."""

    def __init__(self, units: int) -> None:
        self.units = units

    def forward(self, x: Tensor, train: bool) -> Tensor:
        self.channels = x.shape[1]
        return x.view(len(x), self.units, -1)

    def backward(self, d: Tensor) -> Tensor:
        return d.view(len(d), self.channels, -1)


def _batch_as_channels(x: Tensor, size: tuple[int, int]) -> Tensor:
    """(members channels, batch, height, width), the batch last in memory."""
    return x.view(-1, *size, x.shape[2] // (size[0] * size[1])).permute(0, 3, 1, 2)
