"""Made-up activations of a layer whose mean, spread and shape are known, and how far a batch's statistics are off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.batchnorm import EPSILON, at_test_time
from trainingwheels.engine.settings import Table
from trainingwheels.engine.signals.noise import Role, normals

__all__ = [
    "MEANS",
    "POOL",
    "SCALES",
    "SHAPES",
    "SIZES",
    "UNITS",
    "BatchNoise",
    "Law",
    "Shape",
    "batch_noise",
    "draw_activations",
    "draw_batches",
    "one_example_in_many_batches",
    "spread_of_means",
]

Floats = NDArray[np.floating[Any]]

UNITS = 16  # of the layer: four laws, four times
MEANS = (1.0, -0.5, 0.5, -1.0)  # of units 1 to 4 in terms of the mean asked for; the others repeat them
SCALES = (1.0, 0.5, 1.5, 0.75)  # the same for the standard deviation
POOL = 2**17  # examples on which the noise of batch statistics is measured
SIZES = tuple(2**power for power in range(1, 10))  # of the batches that it is measured for


@dataclass(frozen=True)
class Law:
    """A distribution with mean 0 and variance 1, made of independent standard normal numbers a, b, c, d.

    ``kurtosis`` is E x^4, a Gaussian's is 3; ``code`` is the NumPy of ``draw``.
    """

    name: str
    draw: Callable[[Floats, Floats, Floats, Floats], Floats]
    kurtosis: float
    code: str


GAUSSIAN = Law("Gaussian", lambda a, b, c, d: a, 3.0, "a")
SKEWED = Law("skewed", lambda a, b, c, d: (a**2 + b**2) / 2 - 1, 9.0, "(a**2 + b**2) / 2 - 1")
BIMODAL = Law(
    "bimodal",
    lambda a, b, c, d: np.asarray(0.96 * np.sign(a) + 0.28 * b),
    0.96**4 + 6 * 0.96**2 * 0.28**2 + 3 * 0.28**4,
    "0.96 * np.sign(a) + 0.28 * b",
)
HEAVY = Law(
    "heavy-tailed",
    lambda a, b, c, d: (a**2 + b**2 - c**2 - d**2) / np.float32(8**0.5),
    6.0,
    "(a**2 + b**2 - c**2 - d**2) / 8**0.5",
)


@dataclass(frozen=True)
class Shape:
    """What units 1 to 4 of the layer look like; the others repeat them."""

    name: str
    label: str
    laws: tuple[Law, Law, Law, Law]


SHAPES: Table[Shape] = Table(
    "shape",
    (
        Shape("mixed", "one of each", (GAUSSIAN, SKEWED, BIMODAL, HEAVY)),
        Shape("gaussian", "Gaussian", (GAUSSIAN,) * 4),
        Shape("skewed", "skewed", (SKEWED,) * 4),
        Shape("bimodal", "bimodal", (BIMODAL,) * 4),
        Shape("heavy", "heavy-tailed", (HEAVY,) * 4),
    ),
)


def draw_activations(shape: str, mean: float, scale: float, batch: int, positions: int, seed: int) -> Floats:
    """Activations of shape (batch, UNITS, positions), in float64. A larger batch continues a smaller one."""
    x = np.empty((batch, UNITS, positions))
    for unit, standard in enumerate(_standard(shape, batch, positions, seed)):
        x[:, unit] = mean * MEANS[unit % 4] + scale * SCALES[unit % 4] * standard
    return x


@lru_cache(maxsize=8)
def _standard(shape: str, batch: int, positions: int, seed: int) -> list[Floats]:
    """The noise of each unit, (batch, positions), with mean 0 and variance 1 in law."""
    rows = UNITS * positions
    noise = [normals(seed, 0, Role.DATA, rows, batch, piece) for piece in range(4)]
    laws = SHAPES[shape].laws
    return [
        laws[unit % 4].draw(*(each[unit * positions : (unit + 1) * positions].T for each in noise))
        for unit in range(UNITS)
    ]


@lru_cache(maxsize=8)
def _pool(shape: str, seed: int) -> Floats:
    """POOL examples of unit 1, standardized by their law."""
    noise = [normals(seed, 1, Role.DATA, 2, POOL // 2, piece).ravel() for piece in range(4)]
    pool = SHAPES[shape].laws[0].draw(*noise).astype(np.float64)
    pool.setflags(write=False)
    return pool


def draw_batches(shape: str, mean: float, scale: float, batch: int, steps: int, seed: int) -> Floats:
    """Activations of unit 1 in the batches of ``steps`` steps, (steps, batch). Needs steps x batch up to POOL."""
    return mean + scale * _pool(shape, seed)[: steps * batch].reshape(steps, batch)


def spread_of_means(shape: str, scale: float, batch: int, seed: int) -> float:
    """The standard deviation of the mean of a batch, measured on as many batches as POOL has."""
    count = POOL // batch
    return float(scale * _pool(shape, seed)[: count * batch].reshape(count, batch).mean(axis=1).std())


@dataclass(frozen=True)
class BatchNoise:
    """The standard deviation, over batches, of a batch's mean and of its unbiased variance, against its size.

    In units of the population's standard deviation and of its variance. ``mean`` and ``var`` are measured, the others
    follow from the law: 1 / sqrt(m), and sqrt((kurtosis - (m - 3) / (m - 1)) / m).
    """

    sizes: NDArray[np.int64]
    mean: Floats
    var: Floats
    mean_theory: Floats
    var_theory: Floats


@lru_cache(maxsize=8)
def batch_noise(shape: str, seed: int) -> BatchNoise:
    """The noise of batch statistics for unit 1, from POOL examples dealt into batches of each of SIZES."""
    pool, sizes = _pool(shape, seed), np.array(SIZES)
    batches = [pool.reshape(-1, size) for size in SIZES]
    return BatchNoise(
        sizes,
        np.array([each.mean(axis=1).std() for each in batches]),
        np.array([each.var(axis=1, ddof=1).std() for each in batches]),
        sizes**-0.5,
        np.sqrt((SHAPES[shape].laws[0].kurtosis - (sizes - 3) / (sizes - 1)) / sizes),
    )


def one_example_in_many_batches(
    shape: str, deviation: float, scale: float, batch: int, count: int, seed: int, epsilon: float = EPSILON
) -> Floats:
    """x_hat of one example in ``count`` batches that differ in the others only, (count,).

    The example lies ``deviation`` (in x's unit) from the population's mean. Needs count x (batch - 1) up to POOL.
    """
    others = scale * _pool(shape, seed)[: count * (batch - 1)].reshape(count, batch - 1)
    mean = (others.sum(axis=1) + deviation) / batch
    var = ((others**2).sum(axis=1) + deviation**2) / batch - mean**2
    return at_test_time(deviation, mean, np.maximum(var, 0.0), epsilon=epsilon)
