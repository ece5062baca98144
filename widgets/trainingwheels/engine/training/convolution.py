"""Layers that look at neighbourhoods: convolutions, and the pooling that makes their pictures smaller.

A picture's pixels and the batch lie side by side: a layer of all members is (members, channels, height width batch).
What is done to each unit over the batch elsewhere, as by batchnorm, is then done to each channel over all pixels of the
batch, as it should be.

A convolution is a product with columns (im2col), made in parts that fit the cache. For 16 members, batch 64, 3 x 3 seen
of 4 x 4 pixels, forward and backward take 4.7 ms from 8 to 16 channels (6.8 with all columns at once, 5.8 by torch's
grouped convolution with copies to its layout and back), and 11 ms from 16 to 32 (15.5 and 11.3). In torch's layout
batchnorm takes four times as long and pooling ten times; where members share their input, as in the first layer, a
grouped convolution takes five times as long as the one product.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import torch
from torch import Tensor

from trainingwheels.engine.training.layers import Scratch
from trainingwheels.engine.training.maps import Map
from trainingwheels.engine.training.products import product

__all__ = ["PART_NUMBERS", "Columns", "Convolution", "Flatten", "MaxPool"]

aten = torch.ops.aten

# Numbers in the columns that are made at a time: what the processor's own cache holds. All at once they are as many as
# the kernel has places times more than the pictures, and making them takes longer than multiplying.
PART_NUMBERS = 2**18


class Columns:
    """What a kernel sees from each pixel as a column (im2col), a part of ``picture`` after the other.

    ``kernel`` is its height and width, both odd; beyond the border there are zeros.
    """

    def __init__(self, picture: Map, kernel: tuple[int, int]) -> None:
        self.picture, self.kernel = picture, kernel
        self.padded, self.columns = Scratch(torch.zeros), Scratch()

    def __call__(self, x: Tensor) -> Iterator[tuple[int, slice, Tensor]]:
        """A member, which of its pixels, and their columns, (channels kernel, pixels), of x (members, channels height
        width batch): a few rows of pixels of one member at a time."""
        (channels, height, width), (tall, wide) = self.picture, self.kernel
        x = x.view(len(x), channels, height, width, -1)
        batch = x.shape[4]
        padded = self.padded(x, len(x), channels, height + tall - 1, width + wide - 1, batch)
        padded[:, :, tall // 2 : tall // 2 + height, wide // 2 : wide // 2 + width] = x
        seen = padded.unfold(2, tall, 1).unfold(3, wide, 1).permute(0, 1, 5, 6, 2, 3, 4)
        inputs, row = channels * tall * wide, width * batch
        rows = min(max(PART_NUMBERS // (inputs * row), 1), height)
        for member in range(len(x)):
            for start in range(0, height, rows):
                part = seen[member, :, :, :, start : start + rows]
                columns = self.columns(x, *part.shape).copy_(part)
                yield member, slice(start * row, (start + rows) * row), columns.view(inputs, -1)


class Convolution:
    """y = W * x + b: at each pixel the same linear layer, whose inputs are what a kernel sees from there.

    x is (members, channels, height width batch). W is (members, outputs, channels kernel), so that ``W.view(members,
    outputs, channels, *kernel)`` are the filters, in torch's order. The first layer's x is (blocks, channels height
    width, batch): for the members of a block, who see the same pictures, their weights act as those of one, and
    ``first`` leaves out dL/dx.
    """

    def __init__(
        self,
        W: Tensor,
        dW: Tensor,
        b: Tensor | None,
        db: Tensor | None,
        picture: Map,
        kernel: tuple[int, int],
        first: bool = False,
    ) -> None:
        self.W, self.dW, self.biases, self.first = W, dW, (b, db), first
        self.b, self.db = None if b is None else b.unsqueeze(2), db
        self.picture, self.kernel = picture, kernel
        self.of_x = Columns(picture, kernel)
        self.of_d = Columns((W.shape[1], *picture[1:]), kernel)
        self.y, self.dx, self.dWT = Scratch(), Scratch(), Scratch()

    def over(self, W: Tensor) -> Convolution:
        """The same layer with other weights."""
        return Convolution(W, self.dW, *self.biases, self.picture, self.kernel, self.first)

    def forward(self, x: Tensor, train: bool) -> Tensor:
        if train:
            self.x = x
        members, outputs, inputs = self.W.shape
        y = self.y(x, members, outputs, x[0].numel() // self.picture[0])
        _correlate(self.W.view(len(x), -1, inputs), self.of_x(x), y.view(len(x), -1, y.shape[2]))
        return y if self.b is None else y.add_(self.b)

    def backward(self, d: Tensor) -> Tensor | None:
        """dW = d x^T over all columns x, db = the sum of d; dx = W * d with W turned round, from outputs to inputs."""
        if self.db is not None:
            torch.sum(d, 2, out=self.db)
        self._gradient(d.view(len(self.x), -1, d.shape[2]))
        if self.first:
            return None
        filters = self.W.view(*self.W.shape[:2], self.picture[0], *self.kernel)
        turned = filters.flip(3, 4).transpose(1, 2).flatten(2)  # (members, channels, outputs kernel)
        dx = self.dx(d, *self.x.shape)
        _correlate(turned, self.of_d(d), dx)
        return dx

    def _gradient(self, d: Tensor) -> None:
        """x d^T, which takes half as long as d x^T."""
        dWT = self.dWT(d, len(d), self.W.shape[2], d.shape[1]).zero_()
        for member, pixels, columns in self.of_x(self.x):
            dWT[member].addmm_(columns, d[member, :, pixels].t())
        self.dW.view(len(d), d.shape[1], -1).copy_(dWT.mT)


def _correlate(W: Tensor, columns: Iterator[tuple[int, slice, Tensor]], y: Tensor) -> None:
    for member, pixels, seen in columns:
        product(W[member], seen, y[member, :, pixels])


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
    return x.view(-1, *size, x.shape[2] // prod(size)).permute(0, 3, 1, 2)
