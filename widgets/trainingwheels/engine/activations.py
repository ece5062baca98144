"""The lecture's nonlinearities and the ones that came after, each value beside its own derivative."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import Table

__all__ = ["ACTIVATIONS", "SELU_ALPHA", "SELU_SCALE", "Activation", "Flat", "elu", "gain_of", "leaky_relu"]

Floats = NDArray[Any]
LECTURE = "the lecture, activation functions"
SELU_SCALE = 1.0507009873554805  # lambda of Klambauer et al., 2017, eq. 14
SELU_ALPHA = 1.6732632423543772  # alpha, the same
# Coefficients of P, highest power first, in erfc(z) = t P(t) exp(-z^2), t = 1 / (1 + 0.4 z): least relative error on
# z >= 0, fitted to SciPy's erfcx; it is below 7e-9, a tenth of float32's own rounding.
ERFC = (
    -0.0280700792, 0.134172428, -0.220642786, 0.117530881, -0.0300622552, 0.0747521112,
    0.122253713, 0.171008647, 0.207712592, 0.2256687, 0.225676043,
)  # fmt: skip


@dataclass(frozen=True)
class Flat:
    """Where a nonlinearity is flat, so that it lets (almost) no gradient through.

    ``word`` names the state ("saturated", or "off" for ReLU), ``rule`` states the threshold in one sentence; flat is
    every input x with x <= ``below`` or x >= ``above``.
    """

    word: str
    rule: str
    below: float = -math.inf
    above: float = math.inf

    def share(self, x: Floats) -> float:
        """The share (0 to 1) of the inputs ``x`` of the nonlinearity at which it is flat; NaN counts as not flat."""
        low = np.count_nonzero(x <= self.below) if self.below > -math.inf else 0
        high = np.count_nonzero(x >= self.above) if self.above < math.inf else 0
        return float(low + high) / x.size


OFF = Flat("off", "off: its slope is exactly zero (x <= 0)", below=0.0)


@dataclass(frozen=True)
class Activation:
    """One nonlinearity.

    ``value(x)`` and ``derivative(x)`` take an array of any shape and keep its dtype. With two ``pieces`` (maxout), the
    last axis of x holds the first piece's inputs and then the second's, (..., 2 width): ``value`` is (..., width), and
    ``derivative`` keeps the shape of x.

    ``formula`` is LaTeX; ``written`` and ``written_derivative`` say the same and its derivative in one line of text;
    ``range`` the limits of the values.
    ``gain`` is the factor on 1/sqrt(D_in) that keeps the signal's size: what ``torch.nn.init.calculate_gain`` says
    where it knows the activation, and otherwise 1/sqrt(E f(z)^2) for z ~ N(0, 1), the argument of He et al., 2015.
    ``flat`` tells where it saturates, or is None. ``code`` and ``code_derivative`` are NumPy expressions in ``x``, and
    ``code_setup`` the lines they need first. ``source`` is the paper or the lecture.
    """

    name: str
    label: str
    value: Callable[[Floats], Floats]
    derivative: Callable[[Floats], Floats]
    formula: str
    written: str
    written_derivative: str
    range: tuple[float, float]
    gain: float
    flat: Flat | None
    code: str
    code_derivative: str
    source: str
    code_setup: str = ""
    pieces: int = 1

    @property
    def zero_centered(self) -> bool:
        """Whether values of both signs come out in earnest, down to -1 or beyond."""
        return self.range[0] <= -1

    def saturated(self, x: Floats) -> float:
        """The share (0 to 1) of the inputs ``x`` at which this nonlinearity is flat; 0 if it never is."""
        return self.flat.share(x) if self.flat else 0.0


def gain_of(value: Callable[[Floats], Floats]) -> float:
    """1/sqrt(E f(z)^2) for z ~ N(0, 1), by the trapezoid rule; infinite for f = 0. See ``Activation.gain``."""
    z = np.linspace(-12.0, 12.0, 24_001)
    density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    power = float(np.sum(value(z) ** 2 * density) * (z[1] - z[0]))
    return 1 / math.sqrt(power) if power else math.inf


def _five_percent(below: float, above: float = math.inf, where: str = "") -> Flat:
    rule = f"saturated: its slope is below 5 % of its largest value ({where})"
    return Flat("saturated", rule, below, above)


def _sigmoid(x: Floats) -> Floats:
    e: Floats = np.exp(-np.abs(x))  # at most 1: no overflow, and small values keep their digits
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def _sigmoid_derivative(x: Floats) -> Floats:
    e = np.exp(-np.abs(x))
    slope: Floats = e / (1 + e) ** 2
    return slope


def _tanh_derivative(x: Floats) -> Floats:
    e = np.exp(-2 * np.abs(x))  # 1 - tanh(x)^2 has lost all its digits by x = 19
    slope: Floats = 4 * e / (1 + e) ** 2
    return slope


def _relu(x: Floats) -> Floats:
    return np.maximum(0, x)


def _relu_derivative(x: Floats) -> Floats:
    return np.greater(x, 0).astype(x.dtype)


def leaky_relu(slope: float = 0.1) -> Activation:
    """Leaky ReLU with this ``slope`` left of zero, 0 to 1; the lecture has 0.1."""

    def value(x: Floats) -> Floats:
        return np.maximum(slope * x, x)

    def derivative(x: Floats) -> Floats:
        return np.where(x > 0, np.ones((), x.dtype), np.asarray(slope, x.dtype))

    return Activation(
        name="leaky_relu",
        label="Leaky ReLU",
        value=value,
        derivative=derivative,
        formula=rf"\max({slope:g}\,x,\ x)",
        written=f"max({slope:g}x, x)",
        written_derivative=f"1 if x > 0, else {slope:g}",
        range=(-math.inf if slope else 0.0, math.inf),
        gain=math.sqrt(2 / (1 + slope**2)),
        flat=None if slope else OFF,
        code=f"np.maximum({slope:g} * x, x)",
        code_derivative=f"np.where(x > 0, 1, {slope:g})",
        source=f"Maas et al., 2013; He et al., 2015; {LECTURE}",
    )


def _maxout(x: Floats) -> Floats:
    first, second = np.split(x, 2, axis=-1)
    larger: Floats = np.maximum(first, second)
    return larger


def _maxout_derivative(x: Floats) -> Floats:
    first, second = np.split(x, 2, axis=-1)
    wins = first >= second
    return np.concatenate([wins, ~wins], axis=-1).astype(x.dtype)


def elu(alpha: float = 1.0) -> Activation:
    """ELU that falls to -``alpha`` (0 or more) left of zero; flat is a slope below 5 % of the larger of 1 and alpha."""
    times = "" if alpha == 1 else f"{alpha:g}"
    left = (f"{times}(", ")") if times else ("", "")
    star = times and f"{times} * "
    below = min(0.0, math.log(0.05 * max(1.0, alpha) / alpha)) if alpha else 0.0

    def value(x: Floats) -> Floats:
        return np.where(x > 0, x, np.asarray(alpha, x.dtype) * np.expm1(np.minimum(x, 0)))

    def derivative(x: Floats) -> Floats:
        return np.where(x > 0, np.ones((), x.dtype), np.asarray(alpha, x.dtype) * np.exp(np.minimum(x, 0)))

    return Activation(
        name="elu",
        label="ELU",
        value=value,
        derivative=derivative,
        formula=r"\begin{cases} x & x > 0 \\ " + "e^x - 1".join(left) + r" & x \leq 0 \end{cases}",
        written="x if x > 0, else " + "eˣ − 1".join(left),
        written_derivative=f"1 if x > 0, else {times}eˣ",
        range=(-alpha, math.inf),
        gain=gain_of(value),
        flat=_five_percent(below, where=f"x < {below:.2f}".replace("-", "−")) if alpha else OFF,
        code=f"np.where(x > 0, x, {star}np.expm1(np.minimum(x, 0)))",
        code_derivative=f"np.where(x > 0, 1, {star}np.exp(np.minimum(x, 0)))",
        source=f"Clevert et al., 2016; {LECTURE}",
    )


def _selu(x: Floats) -> Floats:
    return SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0)))


def _selu_derivative(x: Floats) -> Floats:
    return SELU_SCALE * np.where(x > 0, 1, SELU_ALPHA * np.exp(np.minimum(x, 0)))


def _normal_cdf(x: Floats) -> Floats:
    """Phi(x), the share of a unit Gaussian below x, to 7e-9 of its value."""
    z = np.minimum(np.abs(x), 38.0) / math.sqrt(2)  # beyond 38, Phi is below float64's smallest number
    t = 1 / (1 + 0.4 * z)
    polynomial = np.full_like(t, ERFC[0])
    for coefficient in ERFC[1:]:
        polynomial *= t
        polynomial += coefficient
    tail = 0.5 * t * polynomial * np.exp(-z * z)
    return np.where(x > 0, 1 - tail, tail)


def _gelu(x: Floats) -> Floats:
    return x * _normal_cdf(x)


def _gelu_derivative(x: Floats) -> Floats:
    near = np.clip(x, -38.0, 38.0)
    density = np.exp(-near * near / 2) / math.sqrt(2 * math.pi)
    slope: Floats = _normal_cdf(x) + near * density
    return slope


def _silu(x: Floats) -> Floats:
    return x * _sigmoid(x)


def _silu_derivative(x: Floats) -> Floats:
    s = _sigmoid(x)
    slope: Floats = s * (1 + x * (1 - s))
    return slope


ERF_SETUP = "from math import erf, pi\n\nPhi = np.vectorize(lambda x: (1 + erf(x / 2**0.5)) / 2)"

ACTIVATIONS: Table[Activation] = Table(
    "activation",
    (
        Activation(
            name="sigmoid",
            label="Sigmoid",
            value=_sigmoid,
            derivative=_sigmoid_derivative,
            formula=r"\sigma(x) = \frac{1}{1 + e^{-x}}",
            written="1 / (1 + e⁻ˣ)",
            written_derivative="f(x) (1 − f(x))",
            range=(0.0, 1.0),
            gain=1.0,
            flat=_five_percent(-4.356544, 4.356544, where="|x| > 4.36"),
            code="1 / (1 + np.exp(-x))",
            code_derivative="np.exp(-x) / (1 + np.exp(-x)) ** 2",
            source=LECTURE,
        ),
        Activation(
            name="tanh",
            label="tanh",
            value=np.tanh,
            derivative=_tanh_derivative,
            formula=r"\tanh(x)",
            written="tanh(x)",
            written_derivative="1 − tanh²(x)",
            range=(-1.0, 1.0),
            gain=5 / 3,
            flat=_five_percent(-2.178272, 2.178272, where="|x| > 2.18, |tanh x| > 0.975"),
            code="np.tanh(x)",
            code_derivative="1 / np.cosh(x) ** 2",
            source=f"LeCun et al., 1991; {LECTURE}",
        ),
        Activation(
            name="relu",
            label="ReLU",
            value=_relu,
            derivative=_relu_derivative,
            formula=r"\max(0,\ x)",
            written="max(0, x)",
            written_derivative="1 if x > 0, else 0",
            range=(0.0, math.inf),
            gain=math.sqrt(2),
            flat=OFF,
            code="np.maximum(0, x)",
            code_derivative="(x > 0)",
            source=f"Krizhevsky et al., 2012; {LECTURE}",
        ),
        leaky_relu(),
        Activation(
            name="maxout",
            label="Maxout",
            value=_maxout,
            derivative=_maxout_derivative,
            formula=r"\max(w_1^T x + b_1,\ w_2^T x + b_2)",
            written="max(w₁x + b₁, w₂x + b₂)",
            written_derivative="w of the line on top",
            range=(-math.inf, math.inf),
            gain=1.0,
            flat=None,
            code="np.maximum(*np.split(x, 2, axis=1))",
            code_derivative="(lambda a, b: np.hstack([a >= b, a < b]))(*np.split(x, 2, axis=1))",
            source=f"Goodfellow et al., 2013; {LECTURE}",
            pieces=2,
        ),
        elu(),
        Activation(
            name="selu",
            label="SELU",
            value=_selu,
            derivative=_selu_derivative,
            formula=r"\begin{cases} 1.0507\,x & x > 0 \\ 1.7581\,(e^x - 1) & x \leq 0 \end{cases}",
            written="1.0507x if x > 0, else 1.7581(eˣ − 1)",
            written_derivative="1.0507 if x > 0, else 1.7581eˣ",
            range=(-SELU_SCALE * SELU_ALPHA, math.inf),
            gain=0.75,
            flat=_five_percent(-2.995732, where="x < −3.00"),
            code="np.where(x > 0, 1.0507010 * x, 1.7580993 * np.expm1(np.minimum(x, 0)))",
            code_derivative="np.where(x > 0, 1.0507010, 1.7580993 * np.exp(np.minimum(x, 0)))",
            source=f"Klambauer et al., 2017; {LECTURE}",
        ),
        Activation(
            name="gelu",
            label="GELU",
            value=_gelu,
            derivative=_gelu_derivative,
            formula=r"x\,\Phi(x)",
            written="x Φ(x)",
            written_derivative="Φ(x) + x φ(x)",
            range=(-0.16997, math.inf),
            gain=1.5335304412,
            flat=_five_percent(-2.278561, where="x < −2.28"),
            code="x * Phi(x)",
            code_derivative="Phi(x) + x * np.exp(-(x**2) / 2) / np.sqrt(2 * pi)",
            code_setup=ERF_SETUP,
            source="Hendrycks and Gimpel, 2016",
        ),
        Activation(
            name="silu",
            label="SiLU (Swish)",
            value=_silu,
            derivative=_silu_derivative,
            formula=r"x\,\sigma(x)",
            written="x σ(x)",
            written_derivative="σ(x) (1 + x (1 − σ(x)))",
            range=(-0.27846, math.inf),
            gain=1.6765324703,
            flat=_five_percent(-3.929897, where="x < −3.93"),
            code="x / (1 + np.exp(-x))",
            code_derivative="(1 + np.exp(-x) * (1 + x)) / (1 + np.exp(-x)) ** 2",
            source="Elfwing et al., 2018; Ramachandran et al., 2017",
        ),
    ),
)
