"""Blocks around which the signal may go, and which may blink out while a net trains."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from trainingwheels.engine.training.layers import Layer, Scratch
from trainingwheels.engine.training.masks import Mask, Masks

__all__ = ["Residual"]


class Residual:
    """y = x + f(x), f being ``layers`` (He et al., 2016); with stochastic depth y = x + b f(x) (Huang et al., 2016).

    b is 0 with the member's probability of dropping this block, else 1; in evaluation it is its expectation.
    """

    def __init__(self, layers: Sequence[Layer], masks: Masks, place: int = 0) -> None:
        self.layers, self.masks = layers, Mask(masks, place)
        self.y, self.d = Scratch(), Scratch()
        self.b: Tensor | None = None

    def forward(self, x: Tensor, train: bool) -> Tensor:
        f = x
        for layer in self.layers:
            f = layer.forward(f, train)
        rates = self.masks.rates
        b = None if rates is None else self.masks.draw(rates) if train else 1 - rates
        if train:
            self.b = b
        y = self.y(x, *x.shape)
        return torch.add(x, f, out=y) if b is None else torch.addcmul(x, b, f, out=y)

    def backward(self, d: Tensor) -> Tensor:
        flowing: Tensor | None = torch.mul(d, 1 if self.b is None else self.b, out=self.d(d, *d.shape))
        for layer in reversed(self.layers):
            assert flowing is not None  # the first layer of a net is not in a block
            flowing = layer.backward(flowing)
        assert flowing is not None
        return d.add_(flowing)
