"""Losses of two weights on which update rules differ: each with its gradient beside it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import Table

__all__ = ["REACH", "START", "SURFACES", "Kind", "Surface"]

Floats = NDArray[Any]
STEEP = 100.0  # curvature across the ravine; along it, it is 1
WIDTH = 1.5  # of the well in the plateau, squared
SCALE, SHIFT = 2.25, 1.25  # from w to Rosenbrock's x and y: START is the point from which he began, (-1.2, 1)
REACH = 3.0  # of both weights, up and down
START = -2.7, 1.0  # where a path begins if nothing else is said
NOISE = 4.0  # standard deviation of each entry of a noisy gradient


@dataclass(frozen=True)
class Kind:
    """One form of loss.

    ``loss(x, y)`` and ``gradient(x, y)``, which returns both partial derivatives, take arrays of one shape; the lowest
    loss is 0, at ``best``. Each gradient that a rule is given has Gaussian ``noise`` of this standard deviation in each
    entry. ``code`` and ``code_gradient`` say the same in Python, ``formula`` in LaTeX.
    """

    name: str
    label: str
    loss: Callable[[Floats, Floats], Floats]
    gradient: Callable[[Floats, Floats], tuple[Floats, Floats]]
    formula: str
    code: str
    code_gradient: str
    best: tuple[tuple[float, float], ...]
    source: str
    noise: float = 0.0


def _well(x: Floats, y: Floats) -> Floats:
    return np.asarray(np.exp(-(x**2 + y**2) / WIDTH))


def _rosenbrock(x: Floats, y: Floats) -> Floats:
    u, v = x / SCALE, (y + SHIFT) / SCALE
    return (1 - u) ** 2 + 100 * (v - u**2) ** 2


def _rosenbrock_gradient(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    u, v = x / SCALE, (y + SHIFT) / SCALE
    return (-2 * (1 - u) - 400 * u * (v - u**2)) / SCALE, 200 * (v - u**2) / SCALE


SURFACES: Table[Kind] = Table(
    "surface",
    (
        Kind(
            name="ravine",
            label="ravine",
            loss=lambda x, y: (x**2 + STEEP * y**2) / 2,
            gradient=lambda x, y: (x, STEEP * y),
            formula=r"\frac{1}{2} (x^2 + 100 y^2)",
            code="(x**2 + 100 * y**2) / 2",
            code_gradient="x, 100 * y",
            best=((0.0, 0.0),),
            source="Polyak, 1964",
        ),
        Kind(
            name="saddle",
            label="saddle",
            loss=lambda x, y: x**2 / 2 - y**2 / 2 + y**4 / 8 + 0.5,
            gradient=lambda x, y: (x, -y + y**3 / 2),
            formula=r"\frac{1}{2} (x^2 - y^2) + \frac{1}{8} y^4 + \frac{1}{2}",
            code="x**2 / 2 - y**2 / 2 + y**4 / 8 + 0.5",
            code_gradient="x, -y + y**3 / 2",
            best=((0.0, math.sqrt(2)), (0.0, -math.sqrt(2))),
            source="Dauphin et al., 2014",
        ),
        Kind(
            name="rosenbrock",
            label="Rosenbrock",
            loss=_rosenbrock,
            gradient=_rosenbrock_gradient,
            formula=r"(1 - u)^2 + 100 (v - u^2)^2, \quad u = \frac{x}{2.25}, v = \frac{y + 1.25}{2.25}",
            code="(1 - x / 2.25)**2 + 100 * ((y + 1.25) / 2.25 - (x / 2.25)**2)**2",
            code_gradient="(-2 * (1 - x / 2.25) - 400 * x / 2.25 * ((y + 1.25) / 2.25 - (x / 2.25)**2)) / 2.25, "
            "200 * ((y + 1.25) / 2.25 - (x / 2.25)**2) / 2.25",
            best=((SCALE, SCALE - SHIFT),),
            source="Rosenbrock, 1960",
        ),
        Kind(
            name="plateau",
            label="plateau",
            loss=lambda x, y: 1 - _well(x, y),
            gradient=lambda x, y: (2 / WIDTH * x * _well(x, y), 2 / WIDTH * y * _well(x, y)),
            formula=r"1 - e^{-(x^2 + y^2) / 1.5}",
            code="1 - np.exp(-(x**2 + y**2) / 1.5)",
            code_gradient="x / 0.75 * np.exp(-(x**2 + y**2) / 1.5), y / 0.75 * np.exp(-(x**2 + y**2) / 1.5)",
            best=((0.0, 0.0),),
            source="Hochreiter, 1991",
        ),
        Kind(
            name="noisy",
            label="noisy bowl",
            loss=lambda x, y: (x**2 + 5 * y**2) / 2,
            gradient=lambda x, y: (x, 5 * y),
            formula=r"\frac{1}{2} (x^2 + 5 y^2), \text{ its gradient with noise of standard deviation 4}",
            code="(x**2 + 5 * y**2) / 2",
            code_gradient="x, 5 * y",
            best=((0.0, 0.0),),
            source="Robbins and Monro, 1951",
            noise=NOISE,
        ),
    ),
)


@dataclass(frozen=True)
class Surface:
    """The loss of two weights w: a kind of :data:`SURFACES`, turned by ``angle`` degrees around the origin."""

    name: str
    angle: float = 0.0

    @property
    def kind(self) -> Kind:
        return SURFACES[self.name]

    @property
    def best(self) -> Floats:
        """Where the loss is lowest, (minima, 2)."""
        return np.array(self.kind.best) @ _turn(self.angle).T

    def loss(self, w: Floats) -> Floats:
        """L at points (..., 2)."""
        own = w @ _turn(self.angle)
        return self.kind.loss(own[..., 0], own[..., 1])

    def gradient(self, w: Floats) -> Floats:
        """dL/dw at points (..., 2), without noise."""
        own = w @ _turn(self.angle)
        return np.stack(self.kind.gradient(own[..., 0], own[..., 1]), axis=-1) @ _turn(self.angle).T


@lru_cache(maxsize=64)
def _turn(angle: float) -> Floats:
    """The rotation by ``angle`` degrees."""
    t = math.radians(angle)
    return np.array([[math.cos(t), -math.sin(t)], [math.sin(t), math.cos(t)]])
