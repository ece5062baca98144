"""Random numbers for the steps of a population: one stream for each block of members and purpose, from the seeds.

A purpose has streams of its own, so that turning one on leaves the others as they were. The first draw makes them: a
run that draws nothing needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainingwheels.engine.signals.noise import Role, generator, torch_seed

__all__ = ["DeviceNoise", "HostNoise"]


class DeviceNoise:
    """Many numbers, made where they are used: uniform on [0, 1), or standard ``normal``."""

    def __init__(
        self, seeds: Sequence[int], role: Role, device: torch.device, dtype: torch.dtype, normal: bool = False
    ) -> None:
        self.seeds, self.role, self.normal = seeds, role, normal
        self.like = torch.empty(0, device=device, dtype=dtype)
        self.kept: dict[tuple[int, int], tuple[Tensor, tuple[Tensor, ...]]] = {}

    @cached_property
    def generators(self) -> list[torch.Generator]:
        return [torch.Generator(self.like.device).manual_seed(torch_seed(seed, self.role)) for seed in self.seeds]

    def __call__(self, rows: int, columns: int) -> Tensor:
        """Numbers (blocks, 1, rows, columns), in memory that the next call for so many uses again."""
        if (rows, columns) not in self.kept:
            memory = self.like.new_empty(len(self.seeds), 1, rows, columns)
            self.kept[rows, columns] = memory, memory.unbind(0)
        noise, blocks = self.kept[rows, columns]
        for numbers, source in zip(blocks, self.generators, strict=True):
            if self.normal:
                numbers.normal_(generator=source)
            else:
                numbers.uniform_(generator=source)
        return noise


class HostNoise:
    """A few numbers, uniform on [0, 1)."""

    def __init__(self, seeds: Sequence[int], role: Role) -> None:
        self.seeds, self.role = seeds, role

    @cached_property
    def generators(self) -> list[np.random.Generator]:
        return [generator(seed, 0, self.role) for seed in self.seeds]

    def __call__(self, *shape: int) -> NDArray[np.float64]:
        """Numbers (blocks, *shape)."""
        return np.stack([source.random(shape) for source in self.generators])
