"""How the entries of a weight matrix W of shape (D_in, D_out) are drawn before training."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import Table

__all__ = ["DEFAULT_STD", "INITIALIZERS", "Initializer", "own_initializer"]

XAVIER = frozenset({"sigmoid", "tanh", "maxout", "selu"})  # the others are, for most inputs, half off, as ReLU is
DEFAULT_STD = 0.01  # the lecture's first idea: small random numbers

Draw = Callable[[np.random.Generator, int, int, float], NDArray[np.float32]]


@dataclass(frozen=True)
class Initializer:
    """One way to draw the weights of a layer with ``fan_in`` inputs and ``fan_out`` outputs.

    ``law`` names the distribution: "gaussian", "uniform", "orthogonal" or "constant". ``scale(fan_in, fan_out,
    chosen)`` is the standard deviation of one weight, for the constant law the weight itself; ``chosen`` is what the
    user asks for, and counts where ``needs_std``. ``formula`` is the scale in LaTeX. ``code`` is a NumPy expression for
    W in ``Din`` and ``Dout``, with ``{std}`` where the chosen number goes, and ``code_setup`` the lines it needs first.
    """

    name: str
    label: str
    law: str
    scale: Callable[[int, int, float], float]
    formula: str
    code: str
    source: str
    needs_std: bool = False
    code_setup: str = ""

    def std(self, fan_in: int, fan_out: int, std: float | None = None) -> float:
        """The standard deviation of one weight (the weight itself, if constant); ``std`` None stands for 0.01."""
        return self.scale(fan_in, fan_out, DEFAULT_STD if std is None else std)

    def draw(
        self, rng: np.random.Generator, fan_in: int, fan_out: int, std: float | None = None
    ) -> NDArray[np.float32]:
        """W, float32 of shape (fan_in, fan_out)."""
        return LAWS[self.law](rng, fan_in, fan_out, self.std(fan_in, fan_out, std))


def own_initializer(activation: str) -> str:
    """The initializer that suits a nonlinearity: Xavier for sigmoid, tanh, maxout, SELU; Kaiming for the others."""
    return "xavier" if activation in XAVIER else "kaiming"


def _gaussian(rng: np.random.Generator, fan_in: int, fan_out: int, std: float) -> NDArray[np.float32]:
    W = rng.standard_normal((fan_in, fan_out), dtype=np.float32)
    W *= np.float32(std)
    return W


def _uniform(rng: np.random.Generator, fan_in: int, fan_out: int, std: float) -> NDArray[np.float32]:
    limit = math.sqrt(3) * std  # the variance of U(-limit, limit) is limit^2 / 3
    W = rng.random((fan_in, fan_out), dtype=np.float32)
    W -= np.float32(0.5)
    W *= np.float32(2 * limit)
    return W


def _orthogonal(rng: np.random.Generator, fan_in: int, fan_out: int, std: float) -> NDArray[np.float32]:
    """The leading block of a uniformly drawn rotation or reflection: Q of a Gaussian matrix, with R's signs undone."""
    tall = rng.standard_normal((max(fan_in, fan_out), min(fan_in, fan_out)), dtype=np.float32)
    Q, R = np.linalg.qr(tall)
    Q *= np.where(np.diag(R) < 0, -1, 1).astype(np.float32)
    return Q if fan_in >= fan_out else np.ascontiguousarray(Q.T)


def _constant(rng: np.random.Generator, fan_in: int, fan_out: int, std: float) -> NDArray[np.float32]:
    return np.full((fan_in, fan_out), std, dtype=np.float32)


LAWS: dict[str, Draw] = {
    "gaussian": _gaussian,
    "uniform": _uniform,
    "orthogonal": _orthogonal,
    "constant": _constant,
}

ORTHOGONAL_SETUP = """\
def orthogonal(Din, Dout):
    Q, R = np.linalg.qr(np.random.randn(max(Din, Dout), min(Din, Dout)))
    Q = Q * np.sign(np.diag(R))
    return Q if Din >= Dout else Q.T"""

INITIALIZERS: Table[Initializer] = Table(
    "initializer",
    (
        Initializer(
            name="gaussian",
            label="Gaussian, chosen std",
            law="gaussian",
            scale=lambda fan_in, fan_out, chosen: chosen,
            formula=r"\mathrm{std}",
            code="{std} * np.random.randn(Din, Dout)",
            source="the lecture, weight initialization",
            needs_std=True,
        ),
        Initializer(
            name="xavier",
            label="Xavier",
            law="gaussian",
            scale=lambda fan_in, fan_out, chosen: 1 / math.sqrt(fan_in),
            formula=r"\frac{1}{\sqrt{D_{in}}}",
            code="np.random.randn(Din, Dout) / np.sqrt(Din)",
            source="the lecture, after Glorot and Bengio, 2010",
        ),
        Initializer(
            name="glorot_uniform",
            label="Glorot, uniform",
            law="uniform",
            scale=lambda fan_in, fan_out, chosen: math.sqrt(2 / (fan_in + fan_out)),
            formula=r"\sqrt{\frac{2}{D_{in} + D_{out}}}",
            code="np.random.uniform(-1, 1, (Din, Dout)) * np.sqrt(6 / (Din + Dout))",
            source="Glorot and Bengio, 2010, eq. 16",
        ),
        Initializer(
            name="glorot_normal",
            label="Glorot, Gaussian",
            law="gaussian",
            scale=lambda fan_in, fan_out, chosen: math.sqrt(2 / (fan_in + fan_out)),
            formula=r"\sqrt{\frac{2}{D_{in} + D_{out}}}",
            code="np.random.randn(Din, Dout) * np.sqrt(2 / (Din + Dout))",
            source="Glorot and Bengio, 2010, eq. 12",
        ),
        Initializer(
            name="kaiming",
            label="Kaiming (He)",
            law="gaussian",
            scale=lambda fan_in, fan_out, chosen: math.sqrt(2 / fan_in),
            formula=r"\sqrt{\frac{2}{D_{in}}}",
            code="np.random.randn(Din, Dout) * np.sqrt(2 / Din)",
            source="He et al., 2015, eq. 10; the lecture, weight initialization",
        ),
        Initializer(
            name="kaiming_uniform",
            label="Kaiming (He), uniform",
            law="uniform",
            scale=lambda fan_in, fan_out, chosen: math.sqrt(2 / fan_in),
            formula=r"\sqrt{\frac{2}{D_{in}}}",
            code="np.random.uniform(-1, 1, (Din, Dout)) * np.sqrt(6 / Din)",
            source="He et al., 2015, eq. 10, with a uniform law",
        ),
        Initializer(
            name="orthogonal",
            label="Orthogonal",
            law="orthogonal",
            scale=lambda fan_in, fan_out, chosen: 1 / math.sqrt(max(fan_in, fan_out)),
            formula=r"\frac{1}{\sqrt{\max(D_{in}, D_{out})}}",
            code="orthogonal(Din, Dout)",
            code_setup=ORTHOGONAL_SETUP,
            source="Saxe et al., 2014",
        ),
        Initializer(
            name="constant",
            label="Constant, chosen value",
            law="constant",
            scale=lambda fan_in, fan_out, chosen: chosen,
            formula=r"W_{ij} = \mathrm{std}",
            code="np.full((Din, Dout), {std})",
            source="the classroom question: what happens if all weights are equal?",
            needs_std=True,
        ),
    ),
)
