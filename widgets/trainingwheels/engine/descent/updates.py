"""Update rules in NumPy, taken apart: what each makes of a gradient, in the order in which it does.

They are those of :data:`.OPTIMIZERS`, which does the same to all weights of a population at once, and shows nothing of
it; here a step has parts, and nothing needs torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.optimizers import OPTIMIZERS

__all__ = ["Hyper", "State", "Update", "update"]

Floats = NDArray[Any]
ADAGRAD_EPSILON, EPSILON = 1e-10, 1e-8  # torch's defaults


@dataclass(frozen=True)
class Hyper:
    """What a rule is told: the learning rate ``lr`` (a number, or an array that goes with the weights), ``momentum``
    (Adam's beta1), ``beta2`` (None is the rule's own default), and the weight ``l2`` of sum w^2."""

    lr: Any
    momentum: float = 0.9
    beta2: float | None = None
    l2: float = 0.0


class State:
    """What a rule remembers of earlier gradients: a first moment ``v``, a second ``s``, and the step ``t``."""

    def __init__(self, w: Floats) -> None:
        self.v, self.s, self.t = np.zeros_like(w), np.zeros_like(w), 0


class Update(NamedTuple):
    """One step, taken apart, each an array like w: ``step`` = -lr direction / size - shrink.

    ``gradient`` is what the rule is given, with the L2 term unless it is decoupled; ``velocity`` the first moment (the
    gradient, where the rule keeps none), of which ``kept`` is what earlier gradients left; ``direction`` what is
    divided by ``size``, the root of the second moment (1 where it keeps none); ``shrink`` the decoupled weight decay.
    Adam's moments are corrected for their bias.
    """

    gradient: Floats
    kept: Floats
    velocity: Floats
    direction: Floats
    size: Floats
    shrink: Floats
    step: Floats


Parts = tuple[Floats, Floats, Floats, Floats]  # kept, velocity, direction, size


def _sgd(g: Floats, state: State, mu: float, beta2: float) -> Parts:
    return np.zeros_like(g), g, g, np.ones_like(g)


def _momentum(g: Floats, state: State, mu: float, beta2: float) -> Parts:
    kept = mu * state.v
    state.v = kept + g
    return kept, state.v, state.v, np.ones_like(g)


def _nesterov(g: Floats, state: State, mu: float, beta2: float) -> Parts:
    kept = mu * state.v
    state.v = kept + g
    return kept, state.v, g + mu * state.v, np.ones_like(g)


def _adagrad(g: Floats, state: State, mu: float, beta2: float) -> Parts:
    state.s = state.s + g**2
    return np.zeros_like(g), g, g, np.sqrt(state.s) + ADAGRAD_EPSILON


def _rmsprop(g: Floats, state: State, mu: float, beta2: float) -> Parts:
    state.s = beta2 * state.s + (1 - beta2) * g**2
    return np.zeros_like(g), g, g, np.sqrt(state.s) + EPSILON


def _adam(g: Floats, state: State, mu: float, beta2: float) -> Parts:
    kept, correction = mu * state.v, 1 - mu**state.t
    state.v = kept + (1 - mu) * g
    state.s = beta2 * state.s + (1 - beta2) * g**2
    m = state.v / correction
    return kept / correction, m, m, np.sqrt(state.s / (1 - beta2**state.t)) + EPSILON


RULES: Mapping[str, Callable[[Floats, State, float, float], Parts]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adam,
}


def update(name: str, w: Floats, gradient: Floats, state: State, hyper: Hyper) -> Update:
    """The next step of the rule ``name`` of :data:`.OPTIMIZERS` from ``w``, whose loss has this gradient.

    It changes the ``state``, not ``w``: the caller adds ``step``.
    """
    rule = OPTIMIZERS[name]
    state.t += 1
    decay = 2 * hyper.l2 * w
    g = gradient if rule.decoupled else gradient + decay
    beta2 = rule.beta2 if hyper.beta2 is None else hyper.beta2
    kept, velocity, direction, size = RULES[name](g, state, hyper.momentum, beta2)
    shrink = hyper.lr * decay if rule.decoupled else np.zeros_like(w)
    return Update(g, kept, velocity, direction, size, shrink, -hyper.lr * direction / size - shrink)
