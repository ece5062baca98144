"""The nonlinearities of :data:`ACTIVATIONS` on tensors of shape (members, units, batch): value and derivative."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from trainingwheels.engine.activations import SELU_ALPHA, SELU_SCALE

__all__ = ["NONLINEARITIES", "Nonlinearity", "by_autograd"]

aten = torch.ops.aten  # a name alone, without .grad_input, takes three times as long: it looks for the overload


@dataclass(frozen=True)
class Nonlinearity:
    """``value(x, out)`` writes y to ``out``; ``backward(d, x, y)`` is dL/dx from d = dL/dy, and may overwrite d.

    Where ``in_place``, y takes the place of x: both its slope and where it is flat can be told from y alone.
    """

    value: Callable[[Tensor, Tensor], Tensor]
    backward: Callable[[Tensor, Tensor, Tensor], Tensor]
    pieces: int = 1
    in_place: bool = False


def by_autograd(f: Callable[[Tensor], Tensor], pieces: int = 1) -> Nonlinearity:
    """Any function of x, its derivative asked of autograd: slower than a backward of its own, and always right."""

    def backward(d: Tensor, x: Tensor, y: Tensor) -> Tensor:
        with torch.inference_mode(False), torch.enable_grad():
            x = x.clone().requires_grad_()
            return torch.autograd.grad(f(x), x, d.clone())[0]

    return Nonlinearity(lambda x, out: out.copy_(f(x)), backward, pieces)


def _maxout(x: Tensor, out: Tensor) -> Tensor:
    first, second = x.chunk(2, 1)
    return torch.maximum(first, second, out=out)


def _maxout_backward(d: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The larger piece takes all of d; equal pieces take half of it each, as autograd has it."""
    first, second = x.chunk(2, 1)
    gradient = torch.empty_like(x)
    to_first, to_second = gradient.chunk(2, 1)
    torch.sub(first, second, out=to_first)
    to_first.sign_().add_(1).mul_(0.5).mul_(d)
    torch.sub(d, to_first, out=to_second)
    return gradient


NONLINEARITIES: dict[str, Nonlinearity] = {
    "sigmoid": Nonlinearity(
        lambda x, out: torch.sigmoid(x, out=out),
        lambda d, x, y: aten.sigmoid_backward.grad_input(d, y, grad_input=d),
    ),
    "tanh": Nonlinearity(
        lambda x, out: torch.tanh(x, out=out),
        lambda d, x, y: aten.tanh_backward.grad_input(d, y, grad_input=d),
    ),
    "relu": Nonlinearity(
        lambda x, out: x.relu_(),
        lambda d, x, y: aten.threshold_backward.grad_input(d, y, 0, grad_input=d),
        in_place=True,
    ),
    "leaky_relu": Nonlinearity(
        lambda x, out: aten.leaky_relu.out(x, 0.1, out=out),
        lambda d, x, y: aten.leaky_relu_backward.grad_input(d, x, 0.1, False, grad_input=d),
    ),
    "maxout": Nonlinearity(_maxout, _maxout_backward, pieces=2),
    "elu": Nonlinearity(
        lambda x, out: aten.elu.out(x, out=out),
        lambda d, x, y: aten.elu_backward.grad_input(d, 1, 1, 1, False, x, grad_input=d),
    ),
    "selu": Nonlinearity(
        lambda x, out: aten.elu.out(x, SELU_ALPHA, SELU_SCALE, out=out),
        lambda d, x, y: aten.elu_backward.grad_input(d, SELU_ALPHA, SELU_SCALE, 1, False, x, grad_input=d),
    ),
    "gelu": Nonlinearity(
        lambda x, out: aten.gelu.out(x, out=out),
        lambda d, x, y: aten.gelu_backward.grad_input(d, x, grad_input=d),
    ),
    "silu": Nonlinearity(
        lambda x, out: aten.silu.out(x, out=out),
        lambda d, x, y: aten.silu_backward.grad_input(d, x, grad_input=d),
    ),
}
