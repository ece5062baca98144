"""Layers that are random in training: units, or weights, that a step leaves out."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from math import prod
from typing import Protocol

import torch
from torch import Tensor

from trainingwheels.engine.training.layers import Scratch, Weighted

__all__ = ["DropConnect", "Dropout", "Mask", "Masks", "Uniforms"]

# In the masks that are made at once, where those of one step have fewer: a megabyte, which caches hold.
AHEAD_NUMBERS, AHEAD_STEPS = 2**18, 64


class Masks:
    """What the layers of a net multiply by, each at its ``place``: 0 with the member's probability p, else 1 / (1 - p),
    so that what it multiplies keeps its expectation; or 1, where it does not ``grow``.

    Members of a block share the numbers that decide it: at equal p the same entries fall, at a larger p those and more.
    ``uniforms`` gives them in the order in which a step asks. Small masks are made for many steps at once: one after
    the other they cost half as much as a net.
    """

    def __init__(self, uniforms: Uniforms, grow: bool = True) -> None:
        self.uniforms, self.grow = uniforms, grow
        self.shapes: dict[int, tuple[int, ...]] = {}  # (rows, columns) of each place, in the order of a step
        self.noise: dict[int, Tensor] = {}  # of the steps ahead, (steps, blocks, 1, rows, columns)
        self.left: dict[int, int] = {}  # how many of these steps are still to come
        self.made: dict[int, list[Tensor]] = {}  # the masks of these, the next step's last
        self.rates: dict[int, tuple[Tensor, Tensor]] = {}  # p that they are made with, and 1 / (1 - p)
        self.scratch: defaultdict[int, Scratch] = defaultdict(Scratch)

    def __call__(self, place: int, like: Tensor, rates: Tensor) -> Tensor:
        """The next one of the shape of ``like``, (members, rows, columns); ``rates`` is p, (members, 1, 1)."""
        shape = tuple(like.shape[1:])
        if self.shapes.get(place) != shape:  # in a first step, what else it will ask for is not known
            self.shapes[place], self.noise[place] = shape, self.uniforms(*shape).unsqueeze(0)
            self.left, self.made = {place: 1}, {}
        elif not self.left.get(place):
            self._draw_ahead(len(rates))
        if place not in self.made or self.rates[place][0] is not rates:
            self.made[place] = self._make(place, rates)
        self.left[place] -= 1
        return self.made[place].pop()

    def _draw_ahead(self, members: int) -> None:
        counts = [prod(shape) for shape in self.shapes.values()]
        steps = min(max(AHEAD_NUMBERS // (members * sum(counts)), 1), AHEAD_STEPS)
        numbers = self.uniforms(steps, sum(counts))  # (blocks, 1, steps, numbers of a step)
        for (place, shape), noise in zip(self.shapes.items(), torch.split(numbers, counts, 3), strict=True):
            self.noise[place] = noise.view(*noise.shape[:3], *shape).permute(2, 0, 1, 3, 4)
        self.left, self.made = dict.fromkeys(self.shapes, steps), {}

    def _make(self, place: int, rates: Tensor) -> list[Tensor]:
        """The masks of the steps to come, (members, rows, columns) each, the next step's last."""
        noise = self.noise[place]
        steps, blocks, _, *shape = noise.shape
        masks = self.scratch[place](rates, steps, blocks, len(rates) // blocks, *shape)
        if place not in self.rates or self.rates[place][0] is not rates:
            self.rates[place] = rates, 1 / (1 - rates)
        p, growth = (each.view(blocks, -1, 1, 1) for each in self.rates[place])
        torch.ge(noise, p, out=masks)  # as bools it would take 8 times as long
        if self.grow:
            masks.mul_(growth)
        return list(masks.view(steps, -1, *shape).unbind(0))[::-1][: self.left[place]]


class Mask:
    """The mask of the layer at a ``place``. ``rates`` is p, (members, 1, 1), or None while no member drops anything."""

    def __init__(self, masks: Masks, place: int) -> None:
        self.masks, self.place = masks, place
        self.rates: Tensor | None = None

    def draw(self, like: Tensor) -> Tensor | None:
        """A new one of the shape of ``like``, (members, rows, columns)."""
        return None if self.rates is None else self.masks(self.place, like, self.rates)


class Dropout:
    """Inverted dropout: each unit of each example is zeroed with probability p, the others grow by 1 / (1 - p)."""

    def __init__(self, masks: Masks, place: int = 0) -> None:
        self.masks, self.y = Mask(masks, place), Scratch()
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

    def __init__(self, whole: Weighted, masks: Masks, place: int = 0) -> None:
        self.whole, self.masks = whole, Mask(masks, place)
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
    """Where masks' numbers come from: uniform on [0, 1), for each block of members, (blocks, 1, rows, columns)."""

    def __call__(self, rows: int, columns: int) -> Tensor: ...
