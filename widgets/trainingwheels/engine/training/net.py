"""A population of fully connected nets of equal structure as one stack of layers."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor

from trainingwheels.engine.activations import ACTIVATIONS
from trainingwheels.engine.training.buffers import Buffer
from trainingwheels.engine.training.layers import Activation, Dropout, Layer, Linear, Uniforms
from trainingwheels.engine.training.nonlinear import NONLINEARITIES
from trainingwheels.engine.training.normalization import BatchNorm, batchnorm_layer
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["Net", "parameter_shapes", "running_shapes"]

Shapes = dict[str, tuple[int, ...]]


def parameter_shapes(config: RunConfig, features: int, classes: int) -> Shapes:
    """The arrays of one member, weights first: W1, W2, ..., then gamma and beta, or b, of each layer."""
    pieces = ACTIVATIONS[config.activation].pieces
    widths = (features, *config.hidden)
    weights: Shapes = {f"W{i}": (pieces * out, inp) for i, (inp, out) in enumerate(pairwise(widths), 1)}
    others: Shapes = {}
    for name, (out, _) in weights.items():
        others |= {role + name[1:]: (out,) for role in (("gamma", "beta") if config.batchnorm else ("b",))}
    last = len(widths)
    return weights | {f"W{last}": (classes, widths[-1])} | others | {f"b{last}": (classes,)}


def running_shapes(config: RunConfig) -> Shapes:
    """Batchnorm's running averages of one member: mean1, var1, mean2, ...; nothing without batchnorm."""
    pieces = ACTIVATIONS[config.activation].pieces
    hidden = enumerate(config.hidden, 1) if config.batchnorm else ()
    return {role + str(i): (pieces * units,) for i, units in hidden for role in ("mean", "var")}


class Net:
    """Layers over the arrays in ``parameters``, ``gradients`` and ``running``, which they read and write in place."""

    def __init__(
        self, config: RunConfig, parameters: Buffer, gradients: Buffer, running: Buffer, uniforms: Uniforms
    ) -> None:
        self.config, self.parameters, self.gradients, self.running = config, parameters, gradients, running
        self.uniforms = uniforms
        self.layers: list[Layer] = []
        self.batchnorms: list[BatchNorm] = []
        self.activations: list[Activation] = []
        self.dropouts: list[Dropout] = []
        depth = len(config.hidden)
        for i in range(1, depth + 1):
            self._add_hidden(i)
        self.layers.append(self._linear(depth + 1, bias=True))

    def _add_hidden(self, i: int) -> None:
        p, g = self.parameters, self.gradients
        self.layers.append(self._linear(i, bias=not self.config.batchnorm))  # beta does what a bias would
        if self.config.batchnorm:
            gamma, beta, mean, var = f"gamma{i}", f"beta{i}", f"mean{i}", f"var{i}"
            running = self.running[mean], self.running[var]
            self.batchnorms.append(batchnorm_layer(p[gamma], g[gamma], p[beta], g[beta], *running))
            self.layers.append(self.batchnorms[-1])
        self.activations.append(Activation(NONLINEARITIES[self.config.activation]))
        self.dropouts.append(Dropout(self.uniforms))
        self.layers += [self.activations[-1], self.dropouts[-1]]

    def _linear(self, i: int, bias: bool) -> Linear:
        W, b = f"W{i}", f"b{i}"
        p, g = self.parameters, self.gradients
        return Linear(p[W], g[W], p[b] if bias else None, g[b] if bias else None, first=i == 1)

    def forward(self, x: Tensor, train: bool) -> Tensor:
        """Scores (members, classes, batch) of ``x``, (blocks, features, batch)."""
        for layer in self.layers:
            x = layer.forward(x, train)
        return x

    def backward(self, d: Tensor) -> None:
        """Leave in ``gradients`` what ``d``, dL/d(scores), says of every parameter, after a forward in training."""
        flowing: Tensor | None = d
        for layer in reversed(self.layers):
            assert flowing is not None  # only the first layer returns None
            flowing = layer.backward(flowing)

    def hidden(self, x: Tensor) -> list[Tensor]:
        """What each hidden layer's units make of ``x`` in evaluation, (members, units, batch), then the scores."""
        found = []
        for layer in self.layers:
            x = layer.forward(x, False)
            if layer in self.activations:
                found.append(x)
        return [*found, x]

    def twin(self) -> Net:
        """The nets as they are now, to evaluate later; training goes on without touching them."""
        for batchnorm in self.batchnorms:
            batchnorm.running.settle()
        parameters = self.parameters.copy()
        return Net(self.config, parameters, parameters, self.running.copy(), self.uniforms)

    def pick(self, member: int) -> Net:
        """One of the nets, as it is now, to evaluate."""
        parameters = self.parameters.pick(member)
        return Net(self.config, parameters, parameters, self.running.pick(member), self.uniforms)

    def set_dropout(self, rates: Tensor | None) -> None:
        """Drop hidden units with each member's rate, (members, 1, 1), from the next step on; None drops none."""
        for dropout in self.dropouts:
            dropout.rates = rates
