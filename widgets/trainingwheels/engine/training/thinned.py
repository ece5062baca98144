"""Trained nets to be asked again: whole, with some of their units removed, or several mixed into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.datasets import Data
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.training.devices import using_threads
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.snapshot import POINTS, Snapshot
from trainingwheels.engine.training.train import train_steps

if TYPE_CHECKING:
    from trainingwheels.engine.training.net import Net

__all__ = ["TrainedNet", "mixed", "nets_of", "trained_nets"]

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class TrainedNet:
    """One net after its training, and the data it learned."""

    config: RunConfig
    net: Net
    data: Data

    @property
    def keep(self) -> float:
        """The probability with which a hidden unit stayed in training."""
        return 1 - self.config.dropout

    @property
    def weights(self) -> tuple[Floats, ...]:
        """W1, W2, ..., each (outputs, inputs): a convolution's inputs are what its kernel sees."""
        parameters = self.net.parameters
        return tuple(parameters[name][0].numpy() for name in parameters.shapes if name.startswith("W"))

    @property
    def units(self) -> tuple[int, ...]:
        """How many each hidden layer hands on: a convolution its pixels after pooling, in all channels."""
        return (*map(prod, self.config.maps[1:]), *self.config.hidden)

    def probabilities(self, X: Any, factors: Sequence[Any] = ()) -> Floats:
        """Softmax of the scores, (n, classes), of inputs (n, features) as they are after preprocessing.

        What the first hidden layers hand on is multiplied by their ``factors``, (units,) each; or by several, (masks,
        units), for (masks, n, classes).
        """
        import torch

        net = self.net.pick(0)  # another thread may be asking: layers write to memory that they use again
        several = [torch.tensor(np.atleast_2d(each).T, dtype=torch.float32).contiguous() for each in factors]
        x = torch.tensor(np.asarray(X, np.float32)).t()[None]
        with using_threads(1), torch.inference_mode():
            parts = [torch.softmax(net.thinned(part, several), 1) for part in torch.split(x, POINTS, 2)]
            p: Floats = torch.cat(parts, 2).mT.numpy()  # (masks, n, classes)
        return p if len(factors) and np.ndim(factors[0]) > 1 else p[0]

    def features(self, X: Any) -> Floats:
        """What the last hidden layer makes of inputs (n, features): (n, units)."""
        import torch

        x = torch.tensor(np.asarray(X, np.float32)).t()[None]
        with using_threads(1), torch.inference_mode():
            H: Floats = self.net.pick(0).hidden(x)[-2][0].t().numpy()
        return H

    def accuracy(self, factors: Sequence[Any] = ()) -> float:
        """On the validation set."""
        chosen = self.probabilities(self.data.X_val, factors).argmax(axis=1)
        return float((chosen == self.data.y_val).mean())


def mixed(nets: Sequence[TrainedNet], shares: Sequence[float]) -> TrainedNet:
    """The net each of whose numbers is the sum of those of ``nets``, times their ``shares``; otherwise the last one."""
    net = nets[-1].net.pick(0)
    for name in ("parameters", "running"):
        flat = getattr(net, name).flat.zero_()
        for each, share in zip(nets, shares, strict=True):
            flat.add_(getattr(each.net, name).flat, alpha=share)
    return replace(nets[-1], net=net)


@lru_cache(maxsize=8)
def trained_nets(*configs: RunConfig) -> tuple[TrainedNet, ...]:
    """Train these to their end, together where they can be, and keep their weights. Raises :class:`InvalidSetting` for
    a net with residual blocks, whose units go round what is removed."""
    for config in configs:
        if config.residual:
            raise InvalidSetting("residual = True leads units round those that are removed: choose residual = False.")
    *_, snapshot = train_steps(configs, "cpu", snapshots=1)
    return nets_of(snapshot)


def nets_of(snapshot: Snapshot) -> tuple[TrainedNet, ...]:
    """The nets of a moment, in the order of the runs."""
    found: dict[int, TrainedNet] = {}
    for group in snapshot.frozen:
        for member, place in enumerate(group.places):
            config = snapshot.histories[place].config
            found[place] = TrainedNet(config, group.net.pick(member), group.data[member])
    return tuple(found[place] for place in range(len(snapshot.histories)))
