"""Layers that are random in training: units, or weights, that a step leaves out."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import torch
from torch import Tensor

from trainingwheels.engine.training.layers import Scratch, Weighted

__all__ = ["DropConnect", "Dropout", "Mask", "Uniforms"]


class Mask:
    """0 with the member's probability p, else 1 / (1 - p), so that what it multiplies keeps its expectation.

    ``uniforms(rows, columns)`` draws numbers on [0, 1) for each block of members, (blocks, 1, rows, columns); ``rates``
    is p, (members, 1, 1), or None while no member drops anything. Members of a block share the numbers: at equal p the
    same entries fall, at a larger p those and more.
    """

    def __init__(self, uniforms: Uniforms) -> None:
        self.uniforms = uniforms
        self.rates = None
        self.scratch = Scratch()

    @property
    def rates(self) -> Tensor | None:
        return self._rates

    @rates.setter
    def rates(self, rates: Tensor | None) -> None:
        self._rates = rates
        if rates is not None:
            self.scale = 1 / (1 - rates)

    def draw(self, like: Tensor) -> Tensor | None:
        """A new one of the shape of ``like``, (members, rows, columns)."""
        return None if self.rates is None else self.kept(like, self.rates).mul_(self.scale)

    def kept(self, like: Tensor, rates: Tensor) -> Tensor:
        """1 where it stays and 0 where it falls."""
        noise = self.uniforms(*like.shape[1:])
        blocks = len(noise)
        mask = self.scratch(like, *like.shape)
        kept = mask.view(blocks, -1, *like.shape[1:])  # (blocks, members of a block, rows, columns)
        torch.ge(noise, rates.view(blocks, -1, 1, 1), out=kept)  # as bools it would take 8 times as long
        return mask


class Dropout:
    """Inverted dropout: each unit of each example is zeroed with probability p, the others grow by 1 / (1 - p)."""

    def __init__(self, uniforms: Uniforms) -> None:
        self.masks, self.y = Mask(uniforms), Scratch()
        self.mask: Tensor | None = None

    def forward(self, x: Tensor, train: bool) -> Tensor:
        if train:
            self.mask = self.masks.draw(x)
        return torch.mul(x, self.mask, out=self.y(x, *x.shape)) if train and self.mask is not None else x

    def backward(self, d: Tensor) -> Tensor:
        return d if self.mask is None else d.mul_(self.mask)


class DropConnect:
    """A layer of whose weights each is zeroed with probability p, for one batch; the others grow by 1 / (1 - p).

    After Wan et al., 2013, who draw a mask for each example. In evaluation the weights are whole.
    """

    def __init__(self, whole: Weighted, uniforms: Uniforms) -> None:
        self.whole, self.masks = whole, Mask(uniforms)
        self.mask: Tensor | None = None

    @cached_property
    def thinned(self) -> Weighted:
        """The same layer with weights of its own, which a mask makes of the whole ones."""
        return self.whole.over(torch.empty_like(self.whole.W))

    def forward(self, x: Tensor, train: bool) -> Tensor:
        if not train:
            return self.whole.forward(x, train)
        self.mask = self.masks.draw(self.whole.W)
        if self.mask is None:
            return self.whole.forward(x, train)
        torch.mul(self.whole.W, self.mask, out=self.thinned.W)
        return self.thinned.forward(x, train)

    def backward(self, d: Tensor) -> Tensor | None:
        """d/dW = mask * d/d(thinned W)."""
        if self.mask is None:
            return self.whole.backward(d)
        dx = self.thinned.backward(d)
        self.whole.dW.mul_(self.mask)
        return dx


class Uniforms(Protocol):
    """Where a mask's numbers come from."""

    def __call__(self, rows: int, columns: int) -> Tensor: ...
