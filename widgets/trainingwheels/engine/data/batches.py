"""Which examples a step sees: the same for equal seeds, whatever else differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainingwheels.engine.signals.noise import Role, generator

__all__ = ["Batches", "epoch_order", "labelled", "noisy_labels"]

AHEAD_BYTES = 2**20  # of inputs gathered at a time: many steps of a few nets, and still in the cache when they are used
CHANGED_BYTES = 2**18  # of inputs changed at a time: 16 steps of digits, so that a live picture does not wait for it

Batch = tuple[Tensor, Tensor]  # x (blocks, features, batch) and the loss's target (blocks, 1, classes, batch)


def epoch_order(seed: int, epoch: int, examples: int) -> NDArray[np.int64]:
    """The order in which epoch 0, 1, ... of a run with this seed visits its examples: their places, (examples,)."""
    return generator(seed, epoch, Role.BATCHES).permutation(examples)


def labelled(y: NDArray[np.int64], classes: int, per_class: int, seed: int) -> NDArray[np.int64]:
    """The places of ``per_class`` examples of each class, drawn by the seed: (per_class * classes,), the classes in
    turn. A larger draw begins with a smaller one."""
    drawn = [
        generator(seed, label, Role.DATA).permutation(np.flatnonzero(y == label))[:per_class]
        for label in range(classes)
    ]
    return np.stack(drawn, axis=1).ravel()


def again_and_again(seed: int, epoch: int, examples: int, count: int) -> NDArray[np.int64]:
    """``count`` places of a few examples: all of them in one order, then in another, and so on."""
    passes = np.tile(np.arange(examples), (-(-count // examples), 1))
    return generator(seed, epoch, Role.BATCHES).permuted(passes, axis=1).ravel()[:count]


def noisy_labels(y: NDArray[np.int64], classes: int, share: float, seed: int) -> NDArray[np.int64]:
    """``y`` (n,) with about ``share`` of the labels replaced by another class; a larger share flips these and more."""
    rng = generator(seed, 0, Role.LABELS)
    flipped = rng.random(len(y)) < share
    return np.where(flipped, (y + rng.integers(1, classes, len(y))) % classes, y)


class Batches:
    """The batches of ``blocks`` of members, one seed per block, epoch after epoch; a last partial batch is left out.

    ``X`` is (1, examples, features), or (blocks, ...) where each block has examples of its own; ``labels`` are (blocks,
    examples), both on the device; ``target`` is the loss's. ``change`` makes of the inputs of some steps, (blocks,
    steps, batch, features), what the nets see. ``chosen`` has for each block the places of the examples that it may
    see; None are all, each once an epoch. A few are seen again and again, for as many steps as all would take.
    """

    def __init__(
        self,
        X: Tensor,
        labels: Tensor,
        classes: int,
        seeds: Sequence[int],
        batch_size: int,
        target: Callable[[Tensor], Tensor],
        change: Callable[[Tensor], Tensor] | None,
        chosen: Sequence[NDArray[np.int64] | None],
    ) -> None:
        self.seeds, self.batch_size, self.target, self.change = seeds, batch_size, target, change
        self.chosen = chosen
        self.examples = labels.shape[1]
        self.X = X.flatten(0, 1)
        self.firsts = torch.arange(len(X), device=X.device)[:, None] * self.examples  # of each block, in X
        self.labels, self.kinds = labels, torch.arange(classes, device=X.device)[:, None]
        self.steps_per_epoch = self.examples // batch_size
        ahead = AHEAD_BYTES if change is None else CHANGED_BYTES
        step_bytes = len(seeds) * batch_size * X.shape[2] * X.element_size()
        self.steps_ahead = max(1, ahead // step_bytes)

    def epochs(self, count: int) -> Iterator[Batch]:
        """The batches of the first ``count`` epochs."""
        for epoch in range(count):
            used = np.stack([self._order(block, epoch) for block in range(len(self.seeds))])
            steps = used.reshape(len(self.seeds), -1, self.batch_size).transpose(1, 0, 2)  # (steps, blocks, batch)
            for start in range(0, len(steps), self.steps_ahead):
                yield from self._gather(steps[start : start + self.steps_ahead])

    def _order(self, block: int, epoch: int) -> NDArray[np.int64]:
        """The places of the examples that a block sees in one epoch."""
        seed, chosen, used = self.seeds[block], self.chosen[block], self.steps_per_epoch * self.batch_size
        if chosen is None:
            return epoch_order(seed, epoch, self.examples)[:used]
        return chosen[again_and_again(seed, epoch, len(chosen), used)]

    def _gather(self, chosen: NDArray[np.int64]) -> Iterator[Batch]:
        index = torch.from_numpy(np.ascontiguousarray(chosen)).to(self.X.device)  # (steps, blocks, batch)
        x = self._inputs(index + self.firsts).transpose(2, 3)
        block = torch.arange(len(self.seeds), device=self.X.device)[:, None]
        label = self.labels[block, index][:, :, None, None]  # (steps, blocks, 1, 1, batch)
        onehot = (label == self.kinds).to(x.dtype)
        yield from zip(x.unbind(0), self.target(onehot).unbind(0), strict=True)

    def _inputs(self, index: Tensor) -> Tensor:
        """Those of ``index`` (steps, blocks, batch), as the nets see them: (steps, blocks, batch, features)."""
        if self.change is None:
            return self.X.index_select(0, index.view(-1)).view(*index.shape, -1)
        by_block = index.transpose(0, 1)
        x = self.X.index_select(0, by_block.reshape(-1)).view(*by_block.shape, -1)
        return self.change(x).transpose(0, 1)
