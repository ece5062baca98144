"""Functions whose gradient can be checked, each value beside its gradient: activations, losses, layers, small nets.

``value`` and ``gradient`` take ``o``, which holds the pieces by name, and the arrays by theirs. A value also takes
stacks: arrays with one more axis in front, and then gives one value for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.activations import ACTIVATIONS
from trainingwheels.engine.gradients import backprop
from trainingwheels.engine.settings import Table

__all__ = ["CHECKS", "Arrays", "Check"]

Floats = NDArray[Any]
Arrays = dict[str, Floats]
KINKED = ("relu", "leaky_relu", "maxout", "selu")  # their slope jumps


@dataclass(frozen=True)
class Check:
    """One scalar function of some arrays, and its gradient.

    Parameters
    ----------
    name, label : str
        In tables and in drop-downs.
    draw : callable (rng, batch) -> (parameters, constants)
        Arrays by name: those for which the gradient is, and the others.
    value : callable (o, **arrays) -> ndarray
        The function.
    gradient : callable (o, **arrays) -> dict of str to ndarray
        By name, what ``value`` changes by with each parameter.
    pieces : mapping of str to callable
        What ``o`` holds: forward functions, and backward ones, whose names end in _backward.
    kinks : callable (o, **arrays) -> ndarray of bool, optional
        On which side of each kink the arrays stand, the last axis counting the kinks; None if there are none.
    activation : str
        Which entry of :data:`ACTIVATIONS` the piece "activation" is, if there is one.
    """

    name: str
    label: str
    draw: Callable[[np.random.Generator, int], tuple[Arrays, Arrays]]
    value: Callable[..., Floats]
    gradient: Callable[..., Arrays]
    pieces: Mapping[str, Callable[..., Any]] = field(repr=False)
    kinks: Callable[..., NDArray[np.bool_]] | None = None
    activation: str = ""


def _pieces(*names: str, **others: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """Forward and backward functions of these layers of :mod:`.backprop`, and ``others``."""
    both = [word for name in names for word in (name, f"{name}_backward")]
    return {name: getattr(backprop, name) for name in both} | others


def _activation(name: str) -> dict[str, Callable[..., Any]]:
    entry = ACTIVATIONS[name]
    return {"activation": entry.value, "activation_backward": lambda d, x: d * entry.derivative(x)}


def _loss(name: str) -> dict[str, Callable[..., Any]]:
    return {"loss": getattr(backprop, f"{name}_loss"), "loss_backward": getattr(backprop, f"{name}_loss_backward")}


def _flat(sides: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """On which side of its kink each entry is, (..., batch, units), with the last two axes made one."""
    return sides.reshape(*sides.shape[:-2], -1)


# A nonlinearity: the sum of its values, each times a fixed random number, so that every entry has a slope of its own.


def _draw_activation(rng: np.random.Generator, batch: int) -> tuple[Arrays, Arrays]:
    x = 2 * rng.standard_normal((batch, 4))
    r = rng.standard_normal((batch, 4))
    return {"x": x}, {"r": r}


def _activation_value(o: Any, x: Floats, r: Floats) -> Floats:
    L: Floats = (r * o.activation(x)).sum((-2, -1))
    return L


def _activation_gradient(o: Any, x: Floats, r: Floats) -> Arrays:
    return {"x": o.activation_backward(r, x)}


def _sign_of_x(o: Any, x: Floats, r: Floats) -> NDArray[np.bool_]:
    return _flat(x > 0)


def _draw_maxout(rng: np.random.Generator, batch: int) -> tuple[Arrays, Arrays]:
    x = 2 * rng.standard_normal((batch, 8))
    r = rng.standard_normal((batch, 4))
    return {"x": x}, {"r": r}


def _maxout_gradient(o: Any, x: Floats, r: Floats) -> Arrays:
    return {"x": o.maxout_backward(r, x)}


def _maxout_backward(d: Floats, x: Floats) -> Floats:
    first, second = np.split(x, 2, axis=-1)
    wins = first >= second
    dx: Floats = np.concatenate([d * wins, d * ~wins], axis=-1)
    return dx


def _larger_piece(o: Any, x: Floats, r: Floats) -> NDArray[np.bool_]:
    first, second = np.split(x, 2, -1)
    return _flat(first >= second)


def _activation_check(name: str) -> Check:
    label = f"{ACTIVATIONS[name].label} (activation)"
    kinks = _sign_of_x if name in KINKED else None
    if ACTIVATIONS[name].pieces == 2:
        pieces: dict[str, Callable[..., Any]] = {
            "activation": ACTIVATIONS[name].value,
            "maxout_backward": _maxout_backward,
        }
        return Check(name, label, _draw_maxout, _activation_value, _maxout_gradient, pieces, _larger_piece, name)
    return Check(name, label, _draw_activation, _activation_value, _activation_gradient, _activation(name), kinks, name)


# A loss, as a function of the scores.


def _draw_loss(rng: np.random.Generator, batch: int) -> tuple[Arrays, Arrays]:
    scores = rng.standard_normal((batch, 4))
    y = np.eye(4)[rng.integers(4, size=batch)]  # one-hot
    return {"scores": scores}, {"y": y}


def _loss_value(o: Any, scores: Floats, y: Floats) -> Floats:
    L: Floats = o.loss(scores, y)
    return L


def _loss_gradient(o: Any, scores: Floats, y: Floats) -> Arrays:
    return {"scores": o.loss_backward(scores, y)}


def _margins(o: Any, scores: Floats, y: Floats) -> NDArray[np.bool_]:
    return _flat(scores - (y * scores).sum(-1, keepdims=True) + 1 > 0)


# Layers, each below a squared or a plain sum.


def _draw_linear(rng: np.random.Generator, batch: int) -> tuple[Arrays, Arrays]:
    x, y = rng.standard_normal((2, batch, 4))
    W = rng.standard_normal((4, 4))
    b = rng.standard_normal((1, 4))
    return {"x": x, "W": W, "b": b}, {"y": y}


def _linear_value(o: Any, x: Floats, W: Floats, b: Floats, y: Floats) -> Floats:
    L: Floats = o.squared_loss(o.linear(x, W, b), y)
    return L


def _linear_gradient(o: Any, x: Floats, W: Floats, b: Floats, y: Floats) -> Arrays:
    d = o.squared_loss_backward(o.linear(x, W, b), y)
    dx, dW, db = o.linear_backward(d, x, W)
    return {"x": dx, "W": dW, "b": db}


def _draw_batchnorm(rng: np.random.Generator, batch: int) -> tuple[Arrays, Arrays]:
    x, y = rng.standard_normal((2, batch, 4))
    gamma = 1 + 0.2 * rng.standard_normal((1, 4))
    beta = 0.2 * rng.standard_normal((1, 4))
    return {"x": x, "gamma": gamma, "beta": beta}, {"y": y}


def _batchnorm_value(o: Any, x: Floats, gamma: Floats, beta: Floats, y: Floats) -> Floats:
    L: Floats = o.squared_loss(o.batchnorm(x, gamma, beta), y)
    return L


def _batchnorm_gradient(o: Any, x: Floats, gamma: Floats, beta: Floats, y: Floats) -> Arrays:
    d = o.squared_loss_backward(o.batchnorm(x, gamma, beta), y)
    dx, dgamma, dbeta = o.batchnorm_backward(d, x, gamma)
    return {"x": dx, "gamma": dgamma, "beta": dbeta}


def _draw_dropout(rng: np.random.Generator, batch: int) -> tuple[Arrays, Arrays]:
    x, y = rng.standard_normal((2, batch, 4))
    mask = (rng.random((batch, 4)) >= 0.5) / 0.5
    return {"x": x}, {"mask": mask, "y": y}


def _dropout_value(o: Any, x: Floats, mask: Floats, y: Floats) -> Floats:
    L: Floats = o.squared_loss(o.dropout(x, mask), y)
    return L


def _dropout_gradient(o: Any, x: Floats, mask: Floats, y: Floats) -> Arrays:
    d = o.squared_loss_backward(o.dropout(x, mask), y)
    return {"x": o.dropout_backward(d, mask)}


# A whole net: linear, batchnorm, nonlinearity, dropout, linear, loss, and L2. It is square, so that shapes hide bugs.


def _draw_net(rng: np.random.Generator, batch: int) -> tuple[Arrays, Arrays]:
    W1, W2 = rng.standard_normal((2, 4, 4))
    gamma = 1 + 0.2 * rng.standard_normal((1, 4))
    beta = 0.2 * rng.standard_normal((1, 4))
    b2 = 0.2 * rng.standard_normal((1, 4))
    x = rng.standard_normal((batch, 4))
    y = np.eye(4)[rng.integers(4, size=batch)]
    mask = (rng.random((batch, 4)) >= 0.25) / 0.75
    parameters = {"W1": W1, "gamma": gamma, "beta": beta, "W2": W2, "b2": b2}
    return parameters, {"x": x, "y": y, "mask": mask}


def _net_value(
    o: Any, W1: Floats, gamma: Floats, beta: Floats, W2: Floats, b2: Floats, x: Floats, y: Floats, mask: Floats
) -> Floats:
    a = o.batchnorm(o.linear(x, W1, 0), gamma, beta)
    h = o.dropout(o.activation(a), mask)
    scores = o.linear(h, W2, b2)
    L: Floats = o.loss(scores, y) + o.penalty(W1, 0.01) + o.penalty(W2, 0.01)
    return L


def _net_gradient(
    o: Any, W1: Floats, gamma: Floats, beta: Floats, W2: Floats, b2: Floats, x: Floats, y: Floats, mask: Floats
) -> Arrays:
    z = o.linear(x, W1, 0)
    a = o.batchnorm(z, gamma, beta)
    h = o.dropout(o.activation(a), mask)
    scores = o.linear(h, W2, b2)
    d = o.loss_backward(scores, y)
    d, dW2, db2 = o.linear_backward(d, h, W2)
    d = o.dropout_backward(d, mask)
    d = o.activation_backward(d, a)
    d, dgamma, dbeta = o.batchnorm_backward(d, z, gamma)
    _, dW1, _ = o.linear_backward(d, x, W1)
    dW1 = dW1 + o.penalty_backward(W1, 0.01)
    dW2 = dW2 + o.penalty_backward(W2, 0.01)
    return {"W1": dW1, "gamma": dgamma, "beta": dbeta, "W2": dW2, "b2": db2}


def _net_kinks(
    o: Any, W1: Floats, gamma: Floats, beta: Floats, W2: Floats, b2: Floats, x: Floats, y: Floats, mask: Floats
) -> NDArray[np.bool_]:
    a = o.batchnorm(o.linear(x, W1, 0), gamma, beta)
    scores = o.linear(o.dropout(o.activation(a), mask), W2, b2)
    return np.concatenate([_flat((a > 0) & (mask > 0)), _margins(o, scores, y)], -1)


def _net(name: str, label: str, activation: str, loss: str) -> Check:
    pieces = _pieces("linear", "batchnorm", "dropout", "penalty", **_activation(activation), **_loss(loss))
    kinks = _net_kinks if activation in KINKED else None
    return Check(name, label, _draw_net, _net_value, _net_gradient, pieces, kinks, activation)


_layer = partial(_pieces, "squared_loss")

CHECKS: Table[Check] = Table(
    "function",
    (
        _net("net", "net: tanh, softmax", "tanh", "softmax"),
        _net("kinked-net", "net: ReLU, hinge", "relu", "hinge"),
        Check("linear", "linear layer", _draw_linear, _linear_value, _linear_gradient, _layer("linear")),
        Check(
            "batchnorm", "batchnorm", _draw_batchnorm, _batchnorm_value, _batchnorm_gradient, _layer("batchnorm")
        ),
        Check("dropout", "dropout, fixed mask", _draw_dropout, _dropout_value, _dropout_gradient, _layer("dropout")),
        Check("softmax", "softmax (loss)", _draw_loss, _loss_value, _loss_gradient, _loss("softmax")),
        Check("hinge", "hinge (loss)", _draw_loss, _loss_value, _loss_gradient, _loss("hinge"), _margins),
        *(_activation_check(name) for name in ACTIVATIONS),
    ),
)  # fmt: skip
