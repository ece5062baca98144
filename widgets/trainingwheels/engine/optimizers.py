"""Update rules: how a gradient becomes a step. Each acts on all parameters of all members at once.

A rate is one number for all members, or a flat tensor with one entry per parameter where the members differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from trainingwheels.engine.settings import Table

if TYPE_CHECKING:
    from torch import Tensor

Rate: TypeAlias = "float | Tensor"

__all__ = ["OPTIMIZERS", "Optimizer", "Rate", "Rates", "descend"]


@dataclass
class Rates:
    """What a rule may read: ``lr``, the schedule's ``factor`` on it, ``momentum``, ``beta2``, the ``step`` from 1."""

    lr: Rate
    momentum: Rate
    beta2: Rate
    factor: float = 1.0
    step: int = 0


Rule = Callable[["Tensor", "Tensor", Sequence["Tensor"], Rates], None]


@dataclass(frozen=True)
class Optimizer:
    """One update rule.

    ``rule(w, g, state, rates)`` changes the flat parameters ``w`` in place, from their gradient ``g`` of the same shape
    and ``moments`` state tensors like it, zero at the start. ``beta2`` is the default of that rate. Where
    ``decoupled``, the L2 penalty shrinks the weights directly instead of adding to the gradient. ``code`` is the
    optimizer in torch, ``formula`` the update in LaTeX.
    """

    name: str
    label: str
    rule: Rule
    moments: int
    formula: str
    code: str
    source: str
    beta2: float = 0.999
    decoupled: bool = False


def descend(w: Tensor, lr: Rate, factor: float, direction: Tensor) -> None:
    """w -= factor lr direction, with one learning rate for all, or one per parameter."""
    if isinstance(lr, float):
        w.add_(direction, alpha=-factor * lr)
    else:
        w.addcmul_(lr, direction, value=-factor)


def _sgd(w: Tensor, g: Tensor, state: Sequence[Tensor], rates: Rates) -> None:
    descend(w, rates.lr, rates.factor, g)


def _momentum(w: Tensor, g: Tensor, state: Sequence[Tensor], rates: Rates) -> None:
    descend(w, rates.lr, rates.factor, _accelerated(g, state, rates.momentum))


def _nesterov(w: Tensor, g: Tensor, state: Sequence[Tensor], rates: Rates) -> None:
    v = _accelerated(g, state, rates.momentum)
    descend(w, rates.lr, rates.factor, (v * rates.momentum).add_(g))


def _accelerated(g: Tensor, state: Sequence[Tensor], momentum: Rate) -> Tensor:
    """v = momentum v + g, in one pass over memory."""
    import torch

    (v,) = state
    if isinstance(momentum, float):
        return torch.add(g, v, alpha=momentum, out=v)
    return torch.addcmul(g, momentum, v, out=v)


def _adagrad(w: Tensor, g: Tensor, state: Sequence[Tensor], rates: Rates) -> None:
    (s,) = state
    s.addcmul_(g, g)
    descend(w, rates.lr, rates.factor, g / s.sqrt().add_(1e-10))


def _rmsprop(w: Tensor, g: Tensor, state: Sequence[Tensor], rates: Rates) -> None:
    (s,) = state
    s.lerp_(g.square(), 1 - rates.beta2)
    descend(w, rates.lr, rates.factor, g / s.sqrt().add_(1e-8))


def _adam(w: Tensor, g: Tensor, state: Sequence[Tensor], rates: Rates) -> None:
    m, v = state
    m.lerp_(g, 1 - rates.momentum)
    v.lerp_(g.square(), 1 - rates.beta2)
    size = v.sqrt().div_((1 - rates.beta2**rates.step) ** 0.5).add_(1e-8)
    size.mul_(1 - rates.momentum**rates.step)
    descend(w, rates.lr, rates.factor, m / size)


OPTIMIZERS: Table[Optimizer] = Table(
    "optimizer",
    (
        Optimizer(
            name="sgd",
            label="SGD",
            rule=_sgd,
            moments=0,
            formula=r"w \leftarrow w - \alpha g",
            code="torch.optim.SGD(groups, lr={lr})",
            source="Robbins and Monro, 1951",
        ),
        Optimizer(
            name="momentum",
            label="SGD + momentum",
            rule=_momentum,
            moments=1,
            formula=r"v \leftarrow \mu v + g, \quad w \leftarrow w - \alpha v",
            code="torch.optim.SGD(groups, lr={lr}, momentum={momentum})",
            source="Polyak, 1964; Sutskever et al., 2013",
        ),
        Optimizer(
            name="nesterov",
            label="Nesterov momentum",
            rule=_nesterov,
            moments=1,
            formula=r"v \leftarrow \mu v + g, \quad w \leftarrow w - \alpha (g + \mu v)",
            code="torch.optim.SGD(groups, lr={lr}, momentum={momentum}, nesterov=True)",
            source="Nesterov, 1983; Sutskever et al., 2013",
        ),
        Optimizer(
            name="adagrad",
            label="AdaGrad",
            rule=_adagrad,
            moments=1,
            formula=r"s \leftarrow s + g^2, \quad w \leftarrow w - \alpha \frac{g}{\sqrt{s} + \epsilon}",
            code="torch.optim.Adagrad(groups, lr={lr})",
            source="Duchi et al., 2011",
        ),
        Optimizer(
            name="rmsprop",
            label="RMSProp",
            rule=_rmsprop,
            moments=1,
            formula=r"s \leftarrow \beta_2 s + (1 - \beta_2) g^2, "
            r"\quad w \leftarrow w - \alpha \frac{g}{\sqrt{s} + \epsilon}",
            code="torch.optim.RMSprop(groups, lr={lr}, alpha={beta2})",
            source="Tieleman and Hinton, 2012, lecture 6.5",
            beta2=0.99,
        ),
        Optimizer(
            name="adam",
            label="Adam",
            rule=_adam,
            moments=2,
            formula=r"m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad v \leftarrow \beta_2 v + (1 - \beta_2) g^2, "
            r"\quad w \leftarrow w - \alpha \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}",
            code="torch.optim.Adam(groups, lr={lr}, betas=({momentum}, {beta2}))",
            source="Kingma and Ba, 2015, algorithm 1",
        ),
        Optimizer(
            name="adamw",
            label="AdamW",
            rule=_adam,
            moments=2,
            formula=r"w \leftarrow w - 2 \alpha \lambda w, \quad \text{then Adam on the loss without its L2 term}",
            code="torch.optim.AdamW(groups, lr={lr}, betas=({momentum}, {beta2}))",
            source="Loshchilov and Hutter, 2019, algorithm 2",
            decoupled=True,
        ),
    ),
)
