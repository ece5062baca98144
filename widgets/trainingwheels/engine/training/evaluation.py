"""How good the nets of a population are, on examples that are looked at again and again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainingwheels.engine.training.population import Population
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["Examples", "columns", "on_host"]

# Numbers in one layer's activations, all members together: 16 MB. Fewer examples at a time save memory, not time.
MOST_NUMBERS = 2**22
FEWEST_COLUMNS, MOST_COLUMNS = 256, 1024
FEWEST_PICTURES = 16  # of a net with convolutions, whose layers have many pixels for each example


def columns(configs: Sequence[RunConfig]) -> int:
    """How many examples to evaluate at a time."""
    config = configs[0]
    widest, fewest = max([1, *config.convolved, *config.hidden]), FEWEST_PICTURES if config.conv else FEWEST_COLUMNS
    return min(max(MOST_NUMBERS // (len(configs) * widest), fewest), MOST_COLUMNS)


class Examples:
    """Examples to evaluate ``population`` on: X (blocks, n, features), and labels (blocks, n).

    One block where all members share them. A label of -1 marks an example that does not count, in a block with fewer
    than others.
    """

    def __init__(self, X: Tensor, labels: Tensor, classes: int, population: Population) -> None:
        self.population, self.count = population, labels.shape[1]
        self.size = size = columns(population.configs)
        onehot = torch.nn.functional.one_hot(labels.clamp(min=0), classes).to(X.dtype)  # (blocks, n, classes)
        self.x = torch.split(X.mT, size, 2)  # each (blocks, features, columns)
        self.labels = torch.split(labels[:, None], size, 2)  # each (blocks, 1, columns)
        self.targets = [population.loss.target(piece) for piece in torch.split(onehot.mT[:, None], size, 3)]

    def loss_and_accuracy(self) -> tuple[Tensor, Tensor]:
        """Of each member, both (members,)."""
        population = self.population
        losses, rights = population.parameters.flat.new_zeros(2, *population.blocked_shape)
        loss = torch.empty_like(losses)
        for scores, labels, target in zip(self._scores(), self.labels, self.targets, strict=True):
            population.loss.forward(scores, target, loss)
            losses += loss * (labels.shape[2] / self.count)
            rights += (_chosen(scores) == labels).sum(2)
        return losses.flatten(), rights.flatten() / self.count

    def accuracies(self, *kinds: Tensor) -> list[Tensor]:
        """Of each member, (members,), by each kind of labels, (blocks, n) or (1, n)."""
        rights = self.population.parameters.flat.new_zeros(len(kinds), *self.population.blocked_shape)
        pieces = [torch.split(labels[:, None], self.size, 2) for labels in kinds]
        for scores, *labels in zip(self._scores(), *pieces, strict=True):
            chosen = _chosen(scores)
            rights += torch.stack([(chosen == each).sum(2) for each in labels])
        counts = [(labels >= 0).sum(1, keepdim=True) for labels in kinds]  # (blocks, 1) each
        return [(right / count).flatten() for right, count in zip(rights, counts, strict=True)]

    def _scores(self) -> Iterator[Tensor]:
        """Scores (blocks, members of a block, classes, columns), piece by piece."""
        return (self.population.in_blocks(self.population.net.forward(x, train=False)) for x in self.x)


def _chosen(scores: Tensor) -> Tensor:
    """The class with the highest score, (blocks, members of a block, columns)."""
    return scores.max(2).indices  # argmax takes 8 times as long


def on_host(tensor: Tensor) -> NDArray[np.float32]:
    """A tensor as an array, on its own."""
    array: NDArray[np.float32] = tensor.float().cpu().numpy()
    return array
