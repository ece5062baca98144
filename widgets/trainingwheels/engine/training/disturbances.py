"""What happens to a batch before a training step sees it: mixup, CutMix, cutout, noise, and smoothed labels.

Each acts on examples as rows, (blocks, members of a block, batch, features): one member where all of a block are
disturbed alike. A batch comes in random order, so an example's neighbour in it is a random partner. What is random is
drawn once for a block, so that members of different strength have the same partners, centres and noise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainingwheels.engine.data.datasets import DATASETS
from trainingwheels.engine.regularizers.mixup import beta_quantile
from trainingwheels.engine.signals.noise import Role
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.streams import DeviceNoise, HostNoise

__all__ = ["DISTURBANCES", "Disturbances"]

Batch = tuple[Tensor, Tensor]  # rows as above, and the loss's target (blocks, members or 1, classes, batch)
Floats = NDArray[np.float64]

AHEAD = 16  # steps for which what a few numbers decide is prepared at once: one at a time costs as much as the nets


class Disturbances:
    """All that ``configs`` ask for, in the order of ``DISTURBANCES``; ``starts`` is where their blocks begin."""

    def __init__(
        self, configs: Sequence[RunConfig], starts: Sequence[int], device: torch.device, dtype: torch.dtype
    ) -> None:
        self.blocks = len(starts)
        seeds, shape = [configs[start].seed for start in starts], DATASETS[configs[0].dataset].shape
        self.all = {name: make(seeds, shape, device, dtype) for name, make in DISTURBANCES.items()}
        self.active: list[Disturbance] = []

    def settle(self, configs: Sequence[RunConfig]) -> None:
        """Take every strength from ``configs``, for the next step on."""
        self.active = []
        for name, disturbance in self.all.items():
            strengths = np.array([getattr(config, name) for config in configs], float).reshape(self.blocks, -1)
            if strengths.any():
                alike = (strengths == strengths[:, :1]).all()
                disturbance.settle(strengths[:, :1] if alike else strengths)
                self.active.append(disturbance)

    def __call__(self, x: Tensor, target: Tensor) -> Batch:
        """x (blocks or members, features, batch) and target of one step, from x (blocks, features, batch)."""
        if not self.active:
            return x, target
        rows = x.mT.unsqueeze(1)
        for disturbance in self.active:
            rows, target = disturbance(rows, target)
        return rows.flatten(0, 1).mT, target


class Disturbance:
    """One of them: what it makes of rows and target, with the ``strengths`` of the members, of which one is above 0.

    A subclass says ``numbers`` it needs for a step and block, ``prepare`` makes of them, for many steps at once, what
    ``act`` needs for one: a tensor each, (steps, blocks, members, ...).
    """

    role: Role

    def __init__(self, seeds: Sequence[int], shape: tuple[int, ...], device: torch.device, dtype: torch.dtype) -> None:
        self.shape, self.device, self.dtype = shape, device, dtype
        self.few, self.many = HostNoise(seeds, self.role), DeviceNoise(seeds, self.role, device, dtype, normal=True)
        self.drawn: Floats | None = None  # numbers of the steps ahead, (blocks, steps, ...)
        self.ahead: list[tuple[Tensor, ...]] = []  # what is prepared, the next step last

    def settle(self, strengths: Floats) -> None:
        """From the next step on, act with these strengths, (blocks, members of a block or 1)."""
        self.strengths = strengths
        self.strength = self.tensor(strengths[..., None, None])
        if self.drawn is not None:
            self._prepare_ahead(self.drawn[:, len(self.drawn[0]) - len(self.ahead) :])

    def __call__(self, rows: Tensor, target: Tensor) -> Batch:
        if not self.ahead:
            self.drawn = self.few(AHEAD, *self.numbers(rows.shape[2]))
            self._prepare_ahead(self.drawn)
        return self.act(rows, target, *self.ahead.pop())

    def _prepare_ahead(self, drawn: Floats) -> None:
        prepared = self.prepare(drawn.swapaxes(0, 1))
        self.ahead = list(zip(*(each.unbind(0) for each in prepared), strict=True))[::-1]

    def tensor(self, values: NDArray[Any]) -> Tensor:
        """Where the nets are."""
        return torch.tensor(values, device=self.device, dtype=self.dtype)

    def numbers(self, batch: int) -> tuple[int, ...]:
        """The shape of what a step draws for each block."""
        raise NotImplementedError

    def prepare(self, drawn: Floats) -> tuple[Tensor, ...]:
        raise NotImplementedError

    def act(self, rows: Tensor, target: Tensor, *prepared: Tensor) -> Batch:
        raise NotImplementedError


class Mixup(Disturbance):
    """x = share x + (1 - share) neighbour, the labels alike, with one share a batch (Zhang et al., 2018)."""

    role = Role.MIXUP

    def numbers(self, batch: int) -> tuple[int, ...]:
        return (1,)

    def prepare(self, drawn: Floats) -> tuple[Tensor, ...]:
        return (self.tensor(beta_quantile(drawn, self.strengths)[..., None, None]),)

    def act(self, rows: Tensor, target: Tensor, *prepared: Tensor) -> Batch:
        (share,) = prepared
        return torch.lerp(rows.roll(1, 2), rows, share), torch.lerp(target.roll(1, 3), target, share)


class CutMix(Disturbance):
    """A box, 1 - lambda of the area, shows the neighbour; labels count by the area in sight (Yun et al., 2019)."""

    role = Role.CUTMIX

    def numbers(self, batch: int) -> tuple[int, ...]:
        return (3,)

    def prepare(self, drawn: Floats) -> tuple[Tensor, ...]:
        channels, height, width = self.shape
        side = np.sqrt(1 - beta_quantile(drawn[..., :1], self.strengths))  # (steps, blocks, members)
        tall = _inside(drawn[..., 1:2], np.floor(height * side), height)
        wide = _inside(drawn[..., 2:3], np.floor(width * side), width)
        box = (tall[..., :, None] & wide[..., None, :]).reshape(*side.shape, 1, -1)  # (..., 1, pixels)
        share = 1 - box.mean(axis=-1, keepdims=True)
        return self.tensor(np.tile(box, channels)), self.tensor(share)

    def act(self, rows: Tensor, target: Tensor, *prepared: Tensor) -> Batch:
        box, share = prepared
        return torch.lerp(rows, rows.roll(1, 2), box), torch.lerp(target.roll(1, 3), target, share)


class Cutout(Disturbance):
    """A square of each example is 0, around any pixel and clipped at the border (DeVries and Taylor, 2017)."""

    role = Role.CUTOUT

    def numbers(self, batch: int) -> tuple[int, ...]:
        return batch, 2

    def prepare(self, drawn: Floats) -> tuple[Tensor, ...]:
        _, height, width = self.shape
        centres, side = drawn[:, :, None], self.strengths[..., None]  # (steps, blocks, 1, batch, 2)
        tall = _inside(centres[..., 0], side, height)[..., None, :, None]
        wide = _inside(centres[..., 1], side, width)[..., None, None, :]
        return self.tensor(tall), self.tensor(wide)

    def act(self, rows: Tensor, target: Tensor, *prepared: Tensor) -> Batch:
        tall, wide = prepared
        images = rows.view(*rows.shape[:3], *self.shape)
        return torch.addcmul(images, images, tall * wide, value=-1).flatten(3), target


class InputNoise(Disturbance):
    """x + std n, with n from N(0, 1) for every number of every example."""

    role = Role.INPUT_NOISE

    def __call__(self, rows: Tensor, target: Tensor) -> Batch:
        return torch.addcmul(rows, self.strength, self.many(*rows.shape[2:])), target


class LabelSmoothing(Disturbance):
    """The label's probability is 1 - eps, and eps is spread over all classes, it included (Szegedy et al., 2016)."""

    role = Role.LABELS  # draws nothing

    def __call__(self, rows: Tensor, target: Tensor) -> Batch:
        return rows, torch.lerp(target, target.mean(2, keepdim=True), self.strength)


def _inside(centre: Floats, side: Floats, size: int) -> NDArray[np.bool_]:
    """Which of ``size`` pixels lie within ``side`` pixels around ``centre``, a share of the size: (..., size)."""
    start = np.floor(centre * size) - side // 2
    from_start = np.arange(size) - start[..., None]
    return (from_start >= 0) & (from_start < side[..., None])


DISTURBANCES: dict[str, Callable[..., Disturbance]] = {
    "mixup": Mixup,
    "cutmix": CutMix,
    "cutout": Cutout,
    "input_noise": InputNoise,
    "label_smoothing": LabelSmoothing,
}
