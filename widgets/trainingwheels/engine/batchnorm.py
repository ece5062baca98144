"""Batch normalization, forward and backward (Ioffe and Szegedy, 2015), and its relatives along other axes.

:func:`normalize` is the quick one for deep nets, without gamma and beta. :func:`forward` keeps every value of the
lecture's graph, and :meth:`Graph.backward` sends a gradient back through it, edge by edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.settings import InvalidSetting, Table

__all__ = [
    "EPSILON",
    "NORMALIZATIONS",
    "RUNNING_SHARE",
    "Graph",
    "Normalization",
    "Normalized",
    "at_test_time",
    "forward",
    "normalize",
    "numeric_gradients",
    "running_average",
]

STEP = 1e-5  # of a difference in float64
EPSILON = 1e-5  # the paper's and torch's default; keeps a unit that never varies finite
RUNNING_SHARE = 0.1  # of the newest batch in the running averages; torch's default
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Normalized:
    """What the backward pass needs to know of the forward one.

    ``values``: ndarray of shape (batch, width), every unit with mean 0 and variance (just under) 1 over the batch;
    ``sigma``: ndarray of shape (width,), what each unit was divided by.
    """

    values: NDArray[np.float32]
    sigma: NDArray[np.float32]

    def backward(self, dy: NDArray[np.float32]) -> NDArray[np.float32]:
        """dL/dx, from dL/dy of the same shape: the mean and the variance are functions of x too."""
        along = np.einsum("nd,nd->d", dy, self.values) / np.float32(len(dy))
        dx: NDArray[np.float32] = dy - dy.mean(axis=0)
        dx -= self.values * along
        dx /= self.sigma
        return dx


def normalize(x: NDArray[np.float32]) -> Normalized:
    """(x - mean) / sqrt(var + 1e-5) for each unit of ``x``, ndarray of shape (batch, width); var is the biased one."""
    centred = x - x.mean(axis=0)
    sigma = np.sqrt(np.einsum("nd,nd->d", centred, centred) / np.float32(len(x)) + np.float32(EPSILON))
    centred /= sigma
    return Normalized(centred, sigma)


@dataclass(frozen=True)
class Normalization:
    """One choice of what is normalized together, for activations of shape (batch, units, positions).

    ``axes`` are those that a mean and a variance are taken over; gamma and beta have one entry along each of
    ``learned``. A fully connected layer has one position. ``over`` says in words what a mean is taken over.
    """

    name: str
    label: str
    axes: tuple[int, ...]
    learned: tuple[int, ...]
    over: str
    source: str


NORMALIZATIONS: Table[Normalization] = Table(
    "normalization",
    (
        Normalization(
            "batch", "batch norm", (0, 2), (1,), "all examples and positions, unit by unit", "Ioffe and Szegedy, 2015"
        ),
        Normalization(
            "layer", "layer norm", (1, 2), (1, 2), "all units and positions, example by example", "Ba et al., 2016"
        ),
        Normalization(
            "instance", "instance norm", (2,), (1,), "all positions, one unit of one example", "Ulyanov et al., 2016"
        ),
    ),
)
"""The same arithmetic along other axes."""


@dataclass(frozen=True)
class Graph:
    """Every value of the lecture's graph, in its order; statistics keep their axes, with length 1.

    ``mu`` is the mean, ``centred`` x - mu, ``squares`` its square, ``var`` the mean of these, ``sigma`` sqrt(var +
    epsilon), ``inverse`` 1 / sigma, ``x_hat`` centred times inverse, ``scaled`` gamma x_hat, ``y`` scaled + beta. The
    same fields of the result of ``backward`` are dL/d of each.
    """

    x: Floats
    mu: Floats
    centred: Floats
    squares: Floats
    var: Floats
    sigma: Floats
    inverse: Floats
    x_hat: Floats
    gamma: Floats
    scaled: Floats
    beta: Floats
    y: Floats

    def backward(self, dy: ArrayLike) -> Graph:
        """dL/d of every value, from dL/dy: each line is the derivative of the line of :func:`forward` beside it."""
        dy = np.broadcast_to(np.asarray(dy, self.y.dtype), self.y.shape)
        m = self.x.size // self.mu.size
        dbeta = _sum_to(self.beta.shape, dy)  # y = scaled + beta
        dscaled = dy
        dgamma = _sum_to(self.gamma.shape, dscaled * self.x_hat)  # scaled = gamma x_hat
        dx_hat = dscaled * self.gamma
        dinverse = _sum_to(self.inverse.shape, dx_hat * self.centred)  # x_hat = centred inverse
        dsigma = -dinverse * self.inverse**2  # inverse = 1 / sigma
        dvar = dsigma * 0.5 * self.inverse  # sigma = sqrt(var + epsilon)
        dsquares = np.broadcast_to(dvar / m, self.x.shape)  # var = mean of squares
        dcentred = dx_hat * self.inverse + dsquares * 2 * self.centred  # x_hat has it, and squares = centred^2
        dmu = -_sum_to(self.mu.shape, dcentred)  # centred = x - mu
        dx = dcentred + dmu / m  # centred has it, and mu = mean of x
        return Graph(dx, dmu, dcentred, dsquares, dvar, dsigma, dinverse, dx_hat, dgamma, dscaled, dbeta, dy)


def forward(
    x: ArrayLike,
    gamma: ArrayLike = 1.0,
    beta: ArrayLike = 0.0,
    *,
    epsilon: float = EPSILON,
    axes: tuple[int, ...] = (0,),
) -> Graph:
    """gamma (x - mu) / sqrt(var + epsilon) + beta, with mu and the biased var of ``x`` over ``axes``.

    ``gamma`` and ``beta`` broadcast against x: (1, units) for batch normalization of (batch, units). Raises
    :class:`InvalidSetting` where there is nothing to normalize over, or a division by zero.
    """
    x, gamma, beta = (np.asarray(each, np.result_type(np.float32, np.asarray(x))) for each in (x, gamma, beta))
    _check_count(x.shape, axes)
    mu = x.mean(axis=axes, keepdims=True)
    centred = x - mu
    squares = centred**2
    var = squares.mean(axis=axes, keepdims=True)
    if not epsilon and not var.all():
        raise InvalidSetting("epsilon = 0 divides by zero, since a feature is constant: choose epsilon above 0.")
    sigma = np.sqrt(var + epsilon)
    inverse = 1 / sigma
    x_hat = centred * inverse
    scaled = gamma * x_hat
    y = scaled + beta
    return Graph(x, mu, centred, squares, var, sigma, inverse, x_hat, gamma, scaled, beta, y)


def numeric_gradients(graph: Graph, dy: Floats, *, epsilon: float) -> tuple[Floats, Floats, Floats]:
    """dL/dx, dL/dgamma and dL/dbeta of batch normalization (axis 0) by central differences, for L = sum(dy y).

    In float64 they agree with :meth:`Graph.backward` to about ten digits.
    """
    values = [graph.x, graph.gamma, graph.beta]
    found = []
    for place, value in enumerate(values):
        numeric = np.empty_like(value)
        for entry in np.ndindex(value.shape):
            losses = []
            for sign in (1, -1):
                moved = value.copy()
                moved[entry] += sign * STEP
                there = [*values[:place], moved, *values[place + 1 :]]
                losses.append(float((forward(*there, epsilon=epsilon).y * dy).sum()))
            numeric[entry] = (losses[0] - losses[1]) / (2 * STEP)
        found.append(numeric)
    return found[0], found[1], found[2]


def _check_count(shape: tuple[int, ...], axes: tuple[int, ...]) -> None:
    """Raise :class:`InvalidSetting` unless each mean is taken over two values or more."""
    count = int(np.prod([shape[axis] for axis in axes]))
    if count < 2:
        raise InvalidSetting(
            f"A mean over {count} value{'s' * (count != 1)} leaves nothing to normalize: it takes at least 2 along the "
            "normalized axes."
        )


def _sum_to(shape: tuple[int, ...], d: Floats) -> Floats:
    """The gradient of what was broadcast from ``shape``: the sum over all its copies."""
    padded = (1,) * (d.ndim - len(shape)) + tuple(shape)
    copied = tuple(axis for axis, length in enumerate(padded) if length == 1 != d.shape[axis])
    total: Floats = np.asarray(d.sum(axis=copied, keepdims=True)).reshape(shape)
    return total


def at_test_time(
    x: ArrayLike,
    mean: ArrayLike,
    var: ArrayLike,
    gamma: ArrayLike = 1.0,
    beta: ArrayLike = 0.0,
    *,
    epsilon: float = EPSILON,
) -> Floats:
    """Batch normalization of x (batch, units) at test time, with fixed statistics (units,): no example depends on the
    others of its batch."""
    x_hat = (np.asarray(x) - np.asarray(mean)) / np.sqrt(np.asarray(var) + epsilon)
    y: Floats = np.asarray(gamma) * x_hat + np.asarray(beta)
    return y


def running_average(start: ArrayLike, batches: ArrayLike, share: float = RUNNING_SHARE) -> Floats:
    """The running average before the first and after each of ``batches``, ndarray (steps, ...): (steps + 1, ...).

    running = (1 - share) running + share batch. ``share`` is what torch calls momentum; others call 1 - share so.
    torch starts the mean at 0 and the variance at 1, and feeds the latter the unbiased variance of each batch.
    """
    batches = np.asarray(batches, np.float64)
    running = np.empty((len(batches) + 1, *batches.shape[1:]))
    running[0] = start
    for step, batch in enumerate(batches):
        running[step + 1] = (1 - share) * running[step] + share * batch
    return running
