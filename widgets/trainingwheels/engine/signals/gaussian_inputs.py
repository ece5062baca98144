"""What a nonlinearity makes of Gaussian inputs: exact averages, not a sample."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.activations import Activation

__all__ = ["CENTRED", "Outputs", "outputs"]

Floats = NDArray[np.float64]
CENTRED = 0.1  # outputs whose mean is below a tenth of their spread are called zero-centred

# Nodes of the trapezoid rule on N(0, 1): beyond 7 there is less than 3e-12 of it.
_Z = np.linspace(-7.0, 7.0, 5601)
_WEIGHTS = np.exp(-_Z * _Z / 2)
_WEIGHTS /= _WEIGHTS.sum()


@dataclass(frozen=True)
class Outputs:
    """Values f(x) and slopes f'(x) of inputs x ~ N(m, s^2).

    ``mean`` and ``std`` are those of the values, ``slope`` is the mean of the slopes, ``flat`` the share (0 to 1) of
    inputs at which f is flat, by its own rule. ``values`` and ``slopes`` are those at nodes with ``weights``.
    """

    mean: float
    std: float
    slope: float
    flat: float
    values: Floats
    slopes: Floats
    weights: Floats

    @property
    def centred(self) -> bool:
        """Whether the mean is below a tenth of the spread; a constant is not, unless it is zero."""
        return abs(self.mean) <= CENTRED * self.std


def outputs(activation: Activation, mean: float = 0.0, std: float = 1.0) -> Outputs:
    """Averages over inputs with this mean and standard deviation. ``activation`` must have one piece."""
    x = mean + std * _Z
    values = activation.value(x)
    slopes = activation.derivative(x).astype(np.float64)
    centre = round(float(_WEIGHTS @ values), 6)  # no more digits than the rule has at a kink
    spread = math.sqrt(float(_WEIGHTS @ (values - centre) ** 2))
    return Outputs(
        centre, spread, float(_WEIGHTS @ slopes), _flat_share(activation, mean, std), values, slopes, _WEIGHTS
    )


def _flat_share(activation: Activation, mean: float, std: float) -> float:
    flat = activation.flat
    if flat is None:
        return 0.0
    return _below((flat.below - mean) / std) + _below((mean - flat.above) / std)


def _below(z: float) -> float:
    """The share of a unit Gaussian below z."""
    return math.erfc(-z / math.sqrt(2)) / 2
