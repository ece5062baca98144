"""The layers of a population of nets: what each computes, and beside it how a gradient goes back through it.

A tensor holds the same layer of all members: activations are (members, units, batch), weights (members, outputs,
inputs). The batch comes last, so that everything a member does to a unit runs along memory. d stands for dL/d(output);
``backward(d)`` returns dL/d(input), may overwrite d, and writes the gradients of the layer's own parameters where it
was told to. Results go to memory that the next step uses again: copy what is to be kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

from trainingwheels.engine.training.nonlinear import Nonlinearity
from trainingwheels.engine.training.products import product

__all__ = ["Activation", "Layer", "Linear", "Scratch", "Weighted"]

NOTHING = torch.empty(0)
SMALL = 2**12  # weights of a layer, below which what goes on around a product takes longer than it does


class Layer(Protocol):
    """``forward`` in training keeps what ``backward`` needs; in evaluation it changes nothing of that."""

    def forward(self, x: Tensor, train: bool) -> Tensor: ...
    def backward(self, d: Tensor) -> Tensor | None: ...


class Weighted(Layer, Protocol):
    """A layer with weights ``W``, (members, outputs, inputs); ``over`` is the same layer with others."""

    W: Tensor
    dW: Tensor

    def over(self, W: Tensor) -> Weighted: ...


class Scratch:
    """One tensor per shape, handed out again at every call: fresh memory costs more than most of what is done in it.

    ``make`` is torch.empty, or torch.zeros for one of which a part is never written.
    """

    def __init__(self, make: Callable[..., Tensor] = torch.empty) -> None:
        self._kept: dict[tuple[int, ...], Tensor] = {}
        self._make = make

    def __call__(self, like: Tensor, *shape: int) -> Tensor:
        found = self._kept.get(shape)
        if found is None:
            found = self._kept[shape] = self._make(shape, device=like.device, dtype=like.dtype)
        return found


class Linear:
    """y = W x + b, with W (members, outputs, inputs) and b (members, outputs) or None.

    The first layer's x is (blocks, inputs, batch): the members of a block see the same examples, so their weights act
    as one tall matrix; those of a single small net are one as they are. ``dW`` and ``db`` take the gradients. ``first``
    leaves out dL/dx, which nobody asks for.
    """

    def __init__(self, W: Tensor, dW: Tensor, b: Tensor | None, db: Tensor | None, first: bool = False) -> None:
        self.W, self.dW, self.first, self.biases = W, dW, first, (b, db)
        self.members, self.outputs = W.shape[:2]
        self.shared = first and not (self.members == 1 and W.numel() < SMALL)
        self.x = NOTHING
        self.WT, self.tall_W, self.tall_dW = W.mT, W.view(-1, W.shape[2]), dW.view(-1, W.shape[2])
        self.b, self.db = None if b is None else b.unsqueeze(2), db
        self._y, self._dx = Scratch(), Scratch()

    def over(self, W: Tensor) -> Linear:
        """The same layer with other weights."""
        return Linear(W, self.dW, *self.biases, self.first)

    def forward(self, x: Tensor, train: bool) -> Tensor:
        if train and x is not self.x:
            self._keep(x)
        if self.shared:
            y = self._shared_forward(x).view(self.members, self.outputs, -1)
        else:
            y = torch.bmm(self.W, x, out=self.y if train else self._output(x))
        return y if self.b is None else y.add_(self.b)

    def _keep(self, x: Tensor) -> None:
        """Where the step reads and writes. All layers hand on the same tensor step after step: only the first one's x
        is new in each."""
        self.x, self.xT = x, x.mT
        if not self.shared:
            self.y = self._output(x)
        if not self.first:
            self.dx = self._dx(x, *x.shape)

    def _output(self, x: Tensor) -> Tensor:
        return self._y(x, self.members, self.outputs, x.shape[2])

    def backward(self, d: Tensor) -> Tensor | None:
        """dW = d x^T, db = the sum of d over the batch, dx = W^T d."""
        if self.db is not None:
            torch.sum(d, 2, out=self.db)
        if self.shared:
            self._shared_backward(d)
        else:
            torch.bmm(d, self.xT, out=self.dW)
        return None if self.first else torch.bmm(self.WT, d, out=self.dx)

    def _shared_forward(self, x: Tensor) -> Tensor:
        """W x, with the weights of a block as one tall matrix."""
        blocks, inputs, _ = x.shape
        if blocks == 1:
            return product(self.tall_W, x.squeeze(0))
        return torch.bmm(self.W.view(blocks, -1, inputs), x)

    def _shared_backward(self, d: Tensor) -> None:
        blocks, inputs, batch = self.x.shape
        if blocks == 1:
            product(d.view(-1, batch), self.xT.squeeze(0), self.tall_dW)
        else:
            torch.bmm(d.view(blocks, -1, batch), self.xT, out=self.dW.view(blocks, -1, inputs))


class Activation:
    """y = f(x), entry by entry; with two pieces (maxout), x has twice the units of y. It may overwrite x."""

    def __init__(self, f: Nonlinearity) -> None:
        self.f, self.x = f, NOTHING
        self.scratch = Scratch()

    def forward(self, x: Tensor, train: bool) -> Tensor:
        if not train:
            return self.f.value(x, self._output(x))
        if x is not self.x:
            self.x, self.y = x, self._output(x)
        return self.f.value(x, self.y)

    def backward(self, d: Tensor) -> Tensor:
        return self.f.backward(d, self.x, self.y)

    def _output(self, x: Tensor) -> Tensor:
        members, units, batch = x.shape
        return x if self.f.in_place else self.scratch(x, members, units // self.f.pieces, batch)
