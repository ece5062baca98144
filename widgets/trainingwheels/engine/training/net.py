"""A population of nets of equal structure as one stack of layers: convolutions, if any, then fully connected ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

import torch
from torch import Tensor

from trainingwheels.engine.activations import ACTIVATIONS
from trainingwheels.engine.regularizers.stochastic_depth import survival
from trainingwheels.engine.signals.noise import Role
from trainingwheels.engine.training.buffers import Buffer
from trainingwheels.engine.training.convolution import Convolution, Flatten, MaxPool
from trainingwheels.engine.training.layers import Activation, Layer, Linear, Weighted
from trainingwheels.engine.training.masks import DropConnect, Dropout, Mask, Masks
from trainingwheels.engine.training.nonlinear import NONLINEARITIES
from trainingwheels.engine.training.normalization import BatchNorm, StillBatchNorm, batchnorm_layer
from trainingwheels.engine.training.residual import Residual
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.streams import DeviceNoise

__all__ = ["Dropped", "Net", "Noise", "parameter_shapes", "running_shapes"]

Shapes = dict[str, tuple[int, ...]]


def parameter_shapes(config: RunConfig, features: int, classes: int) -> Shapes:
    """The arrays of one member, weights first: W1, W2, ..., then gamma and beta, or b, of each layer."""
    pieces = ACTIVATIONS[config.activation].pieces
    widths = (prod(config.maps[-1]) if config.conv else features, *config.hidden)
    seen = [channels * prod(config.kernel_extent) for channels, _, _ in config.maps]
    layers = [*zip(seen, config.conv, strict=False), *pairwise(widths)]
    weights: Shapes = {f"W{i}": (pieces * out, inp) for i, (inp, out) in enumerate(layers, 1)}
    others: Shapes = {}
    for name, (out, _) in weights.items():
        others |= {role + name[1:]: (out,) for role in (("gamma", "beta") if config.batchnorm else ("b",))}
    last = config.depth + 1
    return weights | {f"W{last}": (classes, widths[-1])} | others | {f"b{last}": (classes,)}


def running_shapes(config: RunConfig) -> Shapes:
    """Batchnorm's running averages of one member: mean1, var1, mean2, ...; nothing without batchnorm."""
    pieces = ACTIVATIONS[config.activation].pieces
    hidden = enumerate((*config.conv, *config.hidden), 1) if config.batchnorm else ()
    return {role + str(i): (pieces * units,) for i, units in hidden for role in ("mean", "var")}


@dataclass(frozen=True)
class Noise:
    """What decides which units, weights and residual blocks fall in a step."""

    units: Masks
    weights: Masks
    blocks: Masks

    @classmethod
    def of(cls, seeds: Sequence[int], device: torch.device, dtype: torch.dtype) -> Noise:
        """Drawn from the ``seeds``, one of each block of members."""

        def masks(role: Role, grow: bool = True) -> Masks:
            return Masks(DeviceNoise(seeds, role, device, dtype), grow)

        return cls(masks(Role.DROPOUT), masks(Role.DROPCONNECT), masks(Role.DEPTH, grow=False))


@dataclass(frozen=True)
class Dropped:
    """The probability with which each member drops units, weights and each residual block: (members, 1, 1) each.

    None, or no blocks, stands for a kind that no member drops.
    """

    units: Tensor | None = None
    weights: Tensor | None = None
    blocks: Sequence[Tensor] = ()

    @classmethod
    def by(cls, configs: Sequence[RunConfig], like: Tensor) -> Dropped:
        """What ``configs`` ask for, on the device of ``like``."""

        def column(values: Sequence[float]) -> Tensor:
            return like.new_tensor(values)[:, None, None]

        units, weights, last = (
            [getattr(config, name) for config in configs] for name in ("dropout", "dropconnect", "stochastic_depth")
        )
        depth = len(configs[0].blocks)
        falling = [(1 - survival(depth, 1 - rate)).tolist() for rate in last] if any(last) else []
        return cls(
            column(units) if any(units) else None,
            column(weights) if any(weights) else None,
            [column(rates) for rates in zip(*falling, strict=True)],
        )

    def pick(self, member: int) -> Dropped:
        """What one member drops."""
        one = slice(member, member + 1)
        units, weights = (None if rates is None else rates[one] for rates in (self.units, self.weights))
        return Dropped(units, weights, [rates[one] for rates in self.blocks])


class Net:
    """Layers over the arrays in ``parameters``, ``gradients`` and ``running``, which they read and write in place.

    ``still`` layers of batchnorm, from the inputs, keep their statistics in training; None: as ``config`` has it.
    """

    def __init__(
        self,
        config: RunConfig,
        parameters: Buffer,
        gradients: Buffer,
        running: Buffer,
        noise: Noise,
        still: int | None = None,
    ) -> None:
        self.config, self.parameters, self.gradients, self.running = config, parameters, gradients, running
        self.noise = noise
        self._still = config.still_statistics if still is None else still
        self.layers: list[Layer] = []
        self.batchnorms: list[BatchNorm] = []
        self.activations: list[Activation] = []
        self.unit_masks: list[Mask] = []
        self.weight_masks: list[Mask] = []
        self.block_masks: list[Mask] = []
        self.dropped = Dropped()
        self.ends: list[Layer] = []  # after which it is known what a hidden layer's units make of an input
        convolutions = len(config.conv)
        for i in range(1, convolutions + 1):
            self._add_hidden(i, self._convolution(i), self._pools(i))
        self.layers += [Flatten(prod(config.maps[-1]))] if convolutions else []
        for i in range(convolutions + 1, config.depth + 1):
            self._add_hidden(i, self._linear(i))
        self.layers.append(self._linear(config.depth + 1, bias=True))
        self.met = [*self.layers]  # those that do something

    def _add_hidden(self, i: int, whole: Weighted, pools: Sequence[Layer] = ()) -> None:
        linear = DropConnect(whole, self.noise.weights, i)
        activation = Activation(NONLINEARITIES[self.config.activation])
        dropout = Dropout(self.noise.units, i)
        normalized = [self._batchnorm(i)] if self.config.batchnorm else []
        self.batchnorms += normalized
        self.activations.append(activation)
        self.weight_masks.append(linear.masks)
        self.unit_masks.append(dropout.masks)
        layers: list[Layer] = [linear, *normalized, activation, *pools, dropout]
        if i - len(self.config.conv) in self.config.blocks:
            block = Residual(layers, self.noise.blocks, i)
            self.block_masks.append(block.masks)
            layers = [block]
        self.layers += layers
        self.ends.append(layers[0] if len(layers) == 1 else activation)

    def _batchnorm(self, i: int) -> BatchNorm:
        p, g = self.parameters, self.gradients
        gamma, beta, mean, var = f"gamma{i}", f"beta{i}", f"mean{i}", f"var{i}"
        arrays = p[gamma], g[gamma], p[beta], g[beta], self.running[mean], self.running[var]
        return StillBatchNorm(*arrays) if i <= self._still else batchnorm_layer(*arrays)

    def _convolution(self, i: int) -> Convolution:
        picture, kernel = self.config.maps[i - 1], self.config.kernel_extent
        return Convolution(*self._arrays(i, bias=not self.config.batchnorm), picture, kernel, first=i == 1)

    def _pools(self, i: int) -> list[Layer]:
        _, *size = self.config.maps[i - 1]
        return [MaxPool((size[0], size[1]), self.config.pool_extent)] if self.config.pool > 1 else []

    def _linear(self, i: int, bias: bool | None = None) -> Linear:
        return Linear(*self._arrays(i, not self.config.batchnorm if bias is None else bias), first=i == 1)

    def _arrays(self, i: int, bias: bool) -> tuple[Tensor, Tensor, Tensor | None, Tensor | None]:
        """W and its gradient, and b and its gradient where beta is not the ``bias``."""
        p, g = self.parameters, self.gradients
        W, b = f"W{i}", f"b{i}"
        return p[W], g[W], p[b] if bias else None, g[b] if bias else None

    def forward(self, x: Tensor, train: bool) -> Tensor:
        """Scores (members, classes, batch) of ``x``, (blocks, features, batch)."""
        for layer in self.met:
            x = layer.forward(x, train)
        return x

    def backward(self, d: Tensor) -> None:
        """Leave in ``gradients`` what ``d``, dL/d(scores), says of every parameter, after a forward in training."""
        flowing: Tensor | None = d
        for layer in reversed(self.met):
            assert flowing is not None  # only the first layer returns None
            flowing = layer.backward(flowing)

    def hidden(self, x: Tensor) -> list[Tensor]:
        """What each hidden layer's units make of ``x`` in evaluation, (members, units, batch), then the scores.

        A unit of a convolution is one pixel of one channel, before pooling.
        """
        found, batch = [], x.shape[2]
        for layer in self.layers:
            x = layer.forward(x, False)
            if layer in self.ends:
                found.append(x.view(len(x), -1, batch))
        return [*found, x]

    def thinned(self, x: Tensor, factors: Sequence[Tensor] = ()) -> Tensor:
        """Scores in evaluation of a net that is alone, with no residual blocks: (masks, classes, batch) of ``x``, (1,
        features, batch).

        What its first hidden layers hand on is multiplied by their ``factors``, (units, masks); without any, masks is
        1. The masks lie beside the batch: to the layers they are more examples.
        """
        batch, left = x.shape[2], iter(factors)
        for layer in self.layers:
            x = layer.forward(x, False)
            factor = next(left, None) if isinstance(layer, Dropout) else None
            if factor is not None:
                units = x.view(len(factor), -1, batch) * factor.unsqueeze(2)  # (units, masks, batch)
                x = units.view(1, x.shape[1], -1)
        return x.view(x.shape[1], -1, batch).transpose(0, 1)

    def twin(self) -> Net:
        """The nets as they are now, to evaluate later; training goes on without touching them."""
        for batchnorm in self.batchnorms:
            batchnorm.running.settle()
        parameters = self.parameters.copy()
        twin = Net(self.config, parameters, parameters, self.running.copy(), self.noise)
        twin.drop(self.dropped)
        return twin

    def pick(self, member: int) -> Net:
        """One of the nets, as it is now, to evaluate."""
        parameters = self.parameters.pick(member)
        picked = Net(self.config, parameters, parameters, self.running.pick(member), self.noise)
        picked.drop(self.dropped.pick(member))
        return picked

    def drop(self, dropped: Dropped) -> None:
        """Drop units, weights and blocks with these probabilities, from the next step on."""
        self.dropped = dropped
        for mask in self.unit_masks:
            mask.rates = dropped.units
        for mask in self.weight_masks:
            mask.rates = dropped.weights
        for place, mask in enumerate(self.block_masks):
            mask.rates = dropped.blocks[place] if dropped.blocks else None
        self.met = [met for met in map(_met, self.layers) if met]


def _met(layer: Layer) -> Layer | None:
    """What of a layer does something: of one that leaves out units or weights, only what it is when it leaves out none,
    as long as no member does."""
    if not isinstance(layer, Dropout | DropConnect) or layer.masks.rates is not None:
        return layer
    return layer.whole if isinstance(layer, DropConnect) else None
