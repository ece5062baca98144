"""Several nets for one training: snapshots of a cyclic rate, a moving average of weights, and masks of dropout."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.evaluation.averaging import COMBINATIONS
from trainingwheels.engine.evaluation.ensembles import independent
from trainingwheels.engine.training.mask_ensembles import masked_probabilities
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.thinned import TrainedNet, mixed, nets_of, trained_nets
from trainingwheels.engine.training.train import train_steps

__all__ = ["DROPOUT", "MASKS", "NETS", "Way", "moving_average", "snapshots", "ways"]

NETS = 8
PIECES = 8  # of a cycle, in each of which the rate stays
DROPOUT, MASKS = 0.1, 32
DECAY, MOMENTS = 0.9, 40  # of the moving average, and how often it is taken


@dataclass(frozen=True)
class Way:
    """A way to one prediction of several: what its members say, ``p`` (members, examples, classes), and its cost in
    ``trainings``, forward ``passes`` for an example, and ``nets`` that are kept."""

    name: str
    label: str
    p: NDArray[np.float32]
    trainings: int
    passes: int
    nets: int

    @property
    def together(self) -> NDArray[np.float64]:
        """The mean distributions, (examples, classes)."""
        return COMBINATIONS["mean"].rule(self.p.astype(np.float64))

    def accuracies(self, labels: NDArray[np.int64]) -> NDArray[np.float64]:
        """Of each member."""
        found: NDArray[np.float64] = (self.p.argmax(axis=-1) == labels).mean(axis=1)
        return found

    def accuracy(self, labels: NDArray[np.int64]) -> float:
        """Of the mean."""
        return float((self.together.argmax(axis=1) == labels).mean())


@lru_cache(maxsize=4)
def ways(config: RunConfig, members: int = NETS, of: int = NETS) -> tuple[Way, ...]:
    """One net of ``config``; ``members`` that differ by their seed, the first ``of`` so many; and what one training of
    the same length gives: snapshots of as many cycles, a moving average of its weights, and a net with dropout."""
    apart = independent(config, of).probabilities[:members]
    X = trained_nets(config)[0].data.X_val
    cycles = np.stack([net.probabilities(X) for net in snapshots(config, members)])
    (dropped,) = trained_nets(replace(config, dropout=DROPOUT))
    masks = masked_probabilities(dropped, X, MASKS, config.seed)
    return (
        Way("one", "one net", apart[:1], 1, 1, 1),
        Way("apart", f"{members} nets", apart, members, members, members),
        Way("snapshots", "snapshots", cycles, 1, members, members),
        Way("average", "weights", moving_average(config).probabilities(X)[None], 1, 1, 2),
        Way("masks", "masks", masks, 1, MASKS, 1),
    )


def snapshots(config: RunConfig, cycles: int) -> tuple[TrainedNet, ...]:
    """The nets at the end of each cycle of one run, whose rate falls from ``config.lr`` to almost 0 by a cosine and
    begins anew (Huang et al., 2017, eq. 2)."""
    training = train_steps([config], "cpu", snapshots=cycles * PIECES)
    next(training)  # untrained
    found: list[TrainedNet] = []
    for piece in range(cycles * PIECES):
        share = (piece % PIECES + 0.5) / PIECES
        training.change(lr=config.lr * 0.5 * (1 + math.cos(math.pi * share)))
        snapshot = next(training)
        if (piece + 1) % PIECES == 0:
            found += nets_of(snapshot)
    return tuple(found)


def moving_average(config: RunConfig, decay: float = DECAY) -> TrainedNet:
    """The net of the exponential moving average of a run's weights, taken MOMENTS times; ``decay`` is the share that
    stays each time (after Polyak and Juditsky, 1992)."""
    found: TrainedNet | None = None
    for snapshot in train_steps([config], "cpu", snapshots=MOMENTS):
        (net,) = nets_of(snapshot)
        found = net if found is None or not snapshot.taken[0] else mixed((found, net), (decay, 1 - decay))
    assert found is not None
    return found
