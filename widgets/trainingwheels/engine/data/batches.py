"""Which examples a step sees: the same for equal seeds, whatever else differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainingwheels.engine.signals.noise import Role, generator

__all__ = ["Batches", "epoch_order", "noisy_labels"]

AHEAD_BYTES = 8 * 2**20  # of inputs gathered at a time: enough to make one gather of many steps, small beside a model

Batch = tuple[Tensor, Tensor]  # x (blocks, features, batch) and the loss's target (blocks, 1, classes, batch)


def epoch_order(seed: int, epoch: int, examples: int) -> NDArray[np.int64]:
    """The order in which epoch 0, 1, ... of a run with this seed visits its examples."""
    return generator(seed, epoch, Role.BATCHES).permutation(examples)


def noisy_labels(y: NDArray[np.int64], classes: int, share: float, seed: int) -> NDArray[np.int64]:
    """``y`` with about ``share`` of the labels replaced by another class; a larger share flips these and more."""
    rng = generator(seed, 0, Role.LABELS)
    flipped = rng.random(len(y)) < share
    return np.where(flipped, (y + rng.integers(1, classes, len(y))) % classes, y)


class Batches:
    """The batches of ``blocks`` of members, one seed per block, epoch after epoch; a last partial batch is left out.

    ``X`` is (1, examples, features), or (blocks, ...) where each block has examples of its own; ``labels`` are (blocks,
    examples), both on the device; ``target`` is the loss's.
    """

    def __init__(
        self,
        X: Tensor,
        labels: Tensor,
        classes: int,
        seeds: Sequence[int],
        batch_size: int,
        target: Callable[[Tensor], Tensor],
    ) -> None:
        self.seeds, self.batch_size, self.target = seeds, batch_size, target
        self.examples = labels.shape[1]
        self.X = X.flatten(0, 1)
        self.firsts = torch.arange(len(X), device=X.device)[:, None] * self.examples  # of each block, in X
        self.onehot = torch.nn.functional.one_hot(labels, classes).to(X.dtype)  # (blocks, examples, classes)
        self.steps_per_epoch = self.examples // batch_size
        step_bytes = len(seeds) * batch_size * X.shape[2] * X.element_size()
        self.steps_ahead = max(1, AHEAD_BYTES // step_bytes)

    def epochs(self, count: int) -> Iterator[Batch]:
        """The batches of the first ``count`` epochs."""
        for epoch in range(count):
            order = np.stack([epoch_order(seed, epoch, self.examples) for seed in self.seeds])
            used = order[:, : self.steps_per_epoch * self.batch_size]
            steps = used.reshape(len(self.seeds), -1, self.batch_size).transpose(1, 0, 2)  # (steps, blocks, batch)
            for start in range(0, len(steps), self.steps_ahead):
                yield from self._gather(steps[start : start + self.steps_ahead])

    def _gather(self, chosen: NDArray[np.int64]) -> Iterator[Batch]:
        index = torch.from_numpy(np.ascontiguousarray(chosen)).to(self.X.device)  # (steps, blocks, batch)
        x = self.X.index_select(0, (index + self.firsts).view(-1)).view(*index.shape, -1).transpose(2, 3)
        block = torch.arange(len(self.seeds), device=self.X.device)[:, None]
        onehot = self.onehot[block, index].transpose(2, 3).contiguous().unsqueeze(2)
        yield from zip(x.unbind(0), self.target(onehot).unbind(0), strict=True)
