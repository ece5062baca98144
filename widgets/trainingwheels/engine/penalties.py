"""R(W), the term that is added to the loss: L2, L1, and both (elastic net), each beside its gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import InvalidSetting, Real, Table

__all__ = ["BETA", "PENALTIES", "Penalty", "soft_threshold"]

Floats = NDArray[np.floating[Any]]
BETA = 0.5  # of the elastic net, where nothing else is said
_STRENGTH = Real(0.0, float("inf"))


@dataclass(frozen=True)
class Penalty:
    """R(W) = ``squares`` sum W^2 + ``absolutes`` sum |W|; ``squares`` None is the elastic net's beta.

    W is an ndarray of any shape, or a number. Every method takes ``beta``, 0 or more, which only the elastic net reads.
    ``formula`` is R in LaTeX, ``code`` a NumPy expression in ``W`` and ``beta``, ``code_gradient`` its gradient.
    """

    name: str
    label: str
    squares: float | None
    absolutes: float
    formula: str
    code: str
    code_gradient: str
    source: str

    def value(self, W: Any, beta: float = BETA) -> float:
        """R(W). Raises :class:`InvalidSetting` for a beta below 0."""
        squares, absolutes = self.parts(beta)
        W = np.asarray(W)
        return float(squares * np.square(W).sum() + absolutes * np.abs(W).sum())

    def gradient(self, W: Any, beta: float = BETA) -> Floats:
        """dR/dW, of W's shape; that of |W| at 0 is 0. Raises :class:`InvalidSetting` for a beta below 0."""
        squares, absolutes = self.parts(beta)
        W = np.asarray(W)
        found: Floats = 2 * squares * W + absolutes * np.sign(W)
        return found

    def proximal(self, W: Any, strength: float, beta: float = BETA) -> Floats:
        """argmin over V of 1/2 sum (V - W)^2 + strength R(V): a step of the penalty alone.

        Where R has |W|, entries of at most ``strength`` become exactly 0. Raises :class:`InvalidSetting` for a
        strength or beta below 0.
        """
        squares, absolutes = self.parts(beta)
        strength = _STRENGTH.check("strength", strength)
        found: Floats = soft_threshold(np.asarray(W), strength * absolutes) / (1 + 2 * strength * squares)
        return found

    def parts(self, beta: float = BETA) -> tuple[float, float]:
        """The weights of sum W^2 and of sum |W|. Raises :class:`InvalidSetting` for a beta below 0."""
        if not np.isfinite(beta) or beta < 0:
            raise InvalidSetting(f"beta = {beta} is out of range: choose a finite number from 0.")
        return (float(beta) if self.squares is None else self.squares), self.absolutes


def soft_threshold(W: Floats, threshold: Any) -> Floats:
    """W of any shape, each entry moved towards 0 by ``threshold``, and no further than 0."""
    found: Floats = np.sign(W) * np.maximum(np.abs(W) - threshold, 0)
    return found


PENALTIES: Table[Penalty] = Table(
    "penalty",
    (
        Penalty(
            name="l2",
            label="L2",
            squares=1.0,
            absolutes=0.0,
            formula=r"\sum_k \sum_l W_{k,l}^2",
            code="np.sum(W**2)",
            code_gradient="2 * W",
            source="the lecture, regularization: weight decay; Hoerl and Kennard, 1970 (ridge)",
        ),
        Penalty(
            name="l1",
            label="L1",
            squares=0.0,
            absolutes=1.0,
            formula=r"\sum_k \sum_l |W_{k,l}|",
            code="np.sum(np.abs(W))",
            code_gradient="np.sign(W)",
            source="the lecture, regularization; Tibshirani, 1996 (lasso)",
        ),
        Penalty(
            name="elastic",
            label="elastic net",
            squares=None,
            absolutes=1.0,
            formula=r"\sum_k \sum_l \beta W_{k,l}^2 + |W_{k,l}|",
            code="np.sum(beta * W**2 + np.abs(W))",
            code_gradient="2 * beta * W + np.sign(W)",
            source="the lecture, regularization; Zou and Hastie, 2005",
        ),
    ),
)
