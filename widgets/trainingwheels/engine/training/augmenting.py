"""Pictures changed whenever they are seen: a pipeline of transforms before the batches of a population."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainingwheels.engine.augmentation.colours import IMAGENET, ColourComponents, colour_components
from trainingwheels.engine.augmentation.operations import act
from trainingwheels.engine.augmentation.pipelines import Drawn, Draws, Steps, check_pictures
from trainingwheels.engine.data.datasets import Data
from trainingwheels.engine.preprocessing import Fitted
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["Augmenting"]


class Augmenting:
    """What ``config.augment`` makes of the pictures of ``sets``, with a stream of numbers for each block's seed.

    There is one set of data for all blocks, or one for each. ``raw`` are their training inputs as they are before they
    are preprocessed, (sets, examples, features), on the device. Pictures change first and are then preprocessed as all
    inputs were; the directions of colours come from the training set. Blocks of equal seeds and sets see the same
    pictures, and a block sees what it would see alone.
    """

    def __init__(
        self, config: RunConfig, sets: Sequence[Data], seeds: Sequence[int], device: torch.device, dtype: torch.dtype
    ) -> None:
        self.shape = sets[0].dataset.shape
        self.raw = torch.tensor(np.stack([data.raw for data in sets]), device=device, dtype=dtype)
        check_pictures(self.raw.view(-1, *self.shape))
        self.draws = [Draws(config.augment, seed) for seed in seeds]
        self.components = [_components(data.raw, self.shape, config.augment) for data in sets]
        self.prepare = [self._on_device(data.prepare) for data in sets]

    def __call__(self, x: Tensor) -> Tensor:
        """Of raw inputs (blocks, steps, batch, features), what the nets see."""
        count = x.shape[1] * x.shape[2]
        drawn = [draws(count, self.shape) for draws in self.draws]
        blocks = len(x) // len(self.prepare)
        seen = [
            self._seen(rows, drawn[blocks * place : blocks * (place + 1)], place)
            for place, rows in enumerate(torch.split(x, blocks))
        ]
        return torch.cat(seen) if len(seen) > 1 else seen[0]

    def _seen(self, x: Tensor, blocks: Sequence[Sequence[Drawn]], place: int) -> Tensor:
        """The same of the blocks of one set."""
        drawn = [
            (same[0].name, {name: np.concatenate([each.values[name] for each in same]) for name in same[0].values})
            for same in zip(*blocks, strict=True)
        ]
        pictures = act(x.reshape(-1, *self.shape), drawn, self.components[place])
        return _prepared(pictures.reshape(-1, x.shape[3]), *self.prepare[place]).view(x.shape)

    def _on_device(self, learned: Fitted) -> list[Tensor | None]:
        arrays = learned.mean, learned.axes, learned.scale
        return [None if array is None else self.raw.new_tensor(array) for array in arrays]


def _prepared(rows: Tensor, mean: Tensor | None, axes: Tensor | None, scale: Tensor | None) -> Tensor:
    """As :class:`~trainingwheels.engine.preprocessing.Fitted` does it."""
    rows = rows if mean is None else rows - mean
    rows = rows if axes is None else rows @ axes
    return rows if scale is None else rows / scale


def _components(raw: NDArray[np.float32], shape: tuple[int, ...], steps: Steps) -> ColourComponents:
    if all(name != "pca" for name, _ in steps):
        return IMAGENET  # nobody asks
    return colour_components(raw.reshape(-1, *shape).transpose(0, 2, 3, 1))
