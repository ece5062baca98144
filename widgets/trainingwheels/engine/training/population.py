"""Members of equal structure, trained together: one forward, one backward and one update for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from math import prod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainingwheels.engine.activations import ACTIVATIONS
from trainingwheels.engine.initializers import INITIALIZERS
from trainingwheels.engine.losses import LOSSES
from trainingwheels.engine.optimizers import OPTIMIZERS, Rates
from trainingwheels.engine.signals.noise import Role, generator
from trainingwheels.engine.training.buffers import Buffer
from trainingwheels.engine.training.disturbances import Disturbances
from trainingwheels.engine.training.learning_rates import LearningRates
from trainingwheels.engine.training.net import Dropped, Net, Noise, parameter_shapes, running_shapes
from trainingwheels.engine.training.penalized import Penalized
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["Population", "block_starts", "initial_weights", "pairing"]


def pairing(config: RunConfig) -> tuple[int, float, int]:
    """What members must share to see the same examples with the same labels: a population is sorted by it."""
    return config.seed, config.label_noise, config.per_class or 0


def block_starts(configs: Sequence[RunConfig], sources: Sequence[int]) -> list[int]:
    """Where each block of members begins that see the same examples: equal blocks if there are any, else one each.

    ``sources`` says from which of several data sets each member learns.
    """
    seen = [(source, *pairing(config)) for source, config in zip(sources, configs, strict=True)]
    sizes = [len(list(members)) for _, members in groupby(seen)]
    size = sizes[0] if len(set(sizes)) == 1 else 1
    return list(range(0, len(configs), size))


def initial_weights(config: RunConfig, layer: int, fan_in: int, rows: int) -> NDArray[np.float32]:
    """W of layer 1, 2, ..., float32 of shape (rows, fan_in), as the config's initializer draws it from its seed."""
    pieces = ACTIVATIONS[config.activation].pieces if layer <= config.depth else 1
    initializer = INITIALIZERS[config.initializer]
    blocks = [
        initializer.draw(generator(config.seed, layer, Role.WEIGHTS, piece), fan_in, rows // pieces, config.std)
        for piece in range(pieces)
    ]
    return np.concatenate(blocks, axis=1).T


class Population:
    """The nets of ``configs`` and their optimizer, for a run of ``steps`` steps.

    The configs share their structure and are sorted by what they learn from, ``sources`` (None: all from one set), and
    :func:`pairing`. ``features`` and ``classes`` are the data's. ``begins`` has for each member the arrays that it
    begins with instead of its own, by name, or nothing.
    """

    def __init__(
        self,
        configs: Sequence[RunConfig],
        features: int,
        classes: int,
        steps: int,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
        sources: Sequence[int] | None = None,
        begins: Sequence[Mapping[str, NDArray[np.float32]]] = (),
    ) -> None:
        self.configs, self.taken = list(configs), 0
        self.starts = block_starts(configs, sources or [0] * len(configs))
        shapes = parameter_shapes(configs[0], features, classes)
        self.parameters = Buffer(shapes, len(configs), device, dtype)
        self.gradients = self.parameters.empty_like()
        self.running = Buffer(running_shapes(configs[0]), len(configs), device, dtype)
        seeds = [configs[start].seed for start in self.starts]
        noise = Noise.of(seeds, device, dtype)
        self.disturbances = Disturbances(configs, self.starts, device, dtype)
        self.net = Net(configs[0], self.parameters, self.gradients, self.running, noise)
        self.loss, self.optimizer = LOSSES[configs[0].loss], OPTIMIZERS[configs[0].optimizer]
        self.state = [torch.zeros_like(self.parameters.flat) for _ in range(self.optimizer.moments)]
        self.learning_rates = LearningRates(configs, steps)
        self._initialize()
        self._begin_with(begins)
        self._settle()

    def _begin_with(self, begins: Sequence[Mapping[str, NDArray[np.float32]]]) -> None:
        for member, arrays in enumerate(begins):
            for name, array in arrays.items():
                buffer = self.running if name in self.running.shapes else self.parameters
                buffer[name][member].copy_(torch.from_numpy(array))

    def _initialize(self) -> None:
        """Weights as the initializers draw them, gamma and running variance 1, everything else 0."""
        for name, shape in self.parameters.shapes.items():
            if name.startswith("W"):
                drawn = np.stack([initial_weights(config, int(name[1:]), *shape[::-1]) for config in self.configs])
                self.parameters[name].copy_(torch.from_numpy(drawn))
            elif name.startswith("gamma"):
                self.parameters[name].fill_(1)
        for name in self.running.shapes:
            self.running[name].fill_(1 if name.startswith("var") else 0)

    def _settle(self) -> None:
        """Take every rate from ``configs``, for the next step on."""
        spread, configs = self.parameters.spread, self.configs
        W, dW = self.weights_of(self.parameters), self.weights_of(self.gradients)
        default = self.optimizer.beta2
        self.shares = self._shares_of_rate()
        self.rates = Rates(
            lr=self._by_layer([config.lr for config in configs]),
            momentum=spread([config.momentum for config in configs]),
            beta2=spread([default if config.beta2 is None else config.beta2 for config in configs]),
        )
        l1, l2 = spread([config.l1 for config in configs]), spread([config.l2 for config in configs])
        first = slice(len(W))
        self.penalty = Penalized(W, dW, _part(l1, first), _part(l2, first), self.optimizer.decoupled)
        self.learning_rates.base = np.array([config.lr for config in configs])
        self.net.drop(Dropped.by(configs, W))
        self.disturbances.settle(configs)

    def _shares_of_rate(self) -> Tensor | None:
        """What each parameter learns with, as a share of its member's rate, flat; None if that is all for all."""
        depth = self.configs[0].depth + 1
        shares = {layer: [config.share_of_rate(layer) for config in self.configs] for layer in range(1, depth + 1)}
        if all(share == 1 for each in shares.values() for share in each):
            return None
        buffer = self.parameters.empty_like()
        for name in buffer.shapes:
            column = buffer.flat.new_tensor(shares[int(name.lstrip("Wbgamet"))])
            buffer[name].view(buffer.members, -1).copy_(column[:, None])
        return buffer.flat

    def _by_layer(self, rates: Sequence[float]) -> float | Tensor:
        """A learning rate for each member as an optimizer wants it, with the shares of its layers."""
        spread = self.parameters.spread(rates)
        return spread if self.shares is None else self.shares * spread

    def weights_of(self, buffer: Buffer) -> Tensor:
        """The part of a buffer that belongs to weights, not biases: the first."""
        return buffer.flat[: sum(buffer[name].numel() for name in buffer.shapes if name.startswith("W"))]

    @property
    def multiplications(self) -> int:
        """About how many one step takes: forward, for the weights, and for the inputs."""
        config, shapes = self.configs[0], self.parameters.shapes
        pixels = [height * width for _, height, width in config.maps[:-1]]  # at which a convolution's weights are used
        weights = sum(
            prod(shape) * (pixels[int(name[1:]) - 1] if int(name[1:]) <= len(pixels) else 1)
            for name, shape in shapes.items()
            if name.startswith("W")
        )
        return 3 * len(self.configs) * weights * config.batch_size

    def keep(self, members: Sequence[int]) -> Population:
        """These members of the only block, to train on from where they are as if they had been alone."""
        kept = object.__new__(Population)
        kept.configs, kept.starts, kept.taken = [self.configs[member] for member in members], [0], self.taken
        for batchnorm in self.net.batchnorms:
            batchnorm.running.settle()
        kept.parameters, kept.running = self.parameters.pick(*members), self.running.pick(*members)
        kept.gradients = kept.parameters.empty_like()
        kept.disturbances, kept.loss, kept.optimizer = self.disturbances, self.loss, self.optimizer
        kept.net = Net(kept.configs[0], kept.parameters, kept.gradients, kept.running, self.net.noise)
        kept.state = [self.parameters.look_at(each).pick(*members).flat for each in self.state]
        kept.learning_rates = LearningRates(kept.configs, self.learning_rates.curves.shape[1])
        kept._settle()
        return kept

    def change(self, members: Sequence[int], **values: Any) -> None:
        """Set rates, by the names of ``LIVE_RATES``, of these members, for the next step on."""
        for member in members:
            self.configs[member] = replace(self.configs[member], **values)
        self._settle()

    def step(self, x: Tensor, target: Tensor, losses: Tensor) -> None:
        """One step of every member; ``losses``, (blocks, members of a block), takes the losses before it.

        ``x`` is (blocks, features, batch), ``target`` what the loss wants to know of the labels.
        """
        x, target = self.disturbances(x, target)
        scores = self.net.forward(x, train=True)
        self.seen = scores, target
        kept = self.loss.forward(self.in_blocks(scores), target, losses)
        self.net.backward(self.loss.backward(kept, target).view(scores.shape))
        self._update()

    @property
    def is_noisy(self) -> bool:
        """Whether a step sees other nets, examples or labels than an evaluation does."""
        dropped = self.net.dropped
        return bool(self.disturbances.active or dropped.blocks or self.configs[0].augment) or any(
            rates is not None for rates in (dropped.units, dropped.weights)
        )

    def batch_accuracy(self) -> Tensor:
        """The share of the latest batch, as the step saw it, that got its label, the heavier of two: (members,)."""
        scores, target = self.seen
        label = target.abs().max(2).indices  # a target is a multiple of the labels
        return (self.in_blocks(scores).max(2).indices == label).to(scores.dtype).mean(2).flatten()

    def in_blocks(self, scores: Tensor) -> Tensor:
        """Scores (members, classes, batch) as a loss wants them, (blocks, members of a block, classes, batch)."""
        return scores.view(len(self.starts), -1, *scores.shape[1:])

    @property
    def blocked_shape(self) -> tuple[int, int]:
        """The number of blocks, and of the members of each."""
        return len(self.starts), len(self.configs) // len(self.starts)

    def _update(self) -> None:
        rates = self.rates
        if self.learning_rates.one_schedule:
            rates.factor = self.learning_rates.factor(self.taken)
        else:
            rates.lr = self._by_layer(self.learning_rates.at(self.taken).tolist())
        self.taken += 1
        rates.step = self.taken
        self.penalty.add_gradient()
        if self.penalty.decoupled:
            self.penalty.shrink(_part(rates.lr, slice(len(self.penalty.W))), rates.factor)
        self.optimizer.rule(self.parameters.flat, self.gradients.flat, self.state, rates)


def _part(rate: float | Tensor, entries: slice) -> float | Tensor:
    """The ``entries`` of a rate that is one per entry; a rate for all as it is."""
    return rate if isinstance(rate, float) else rate[entries]
