"""The full loss of one example, term by term: margins or probabilities, and lambda R(W)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.penalties import BETA, PENALTIES

__all__ = ["INPUTS", "MARGIN", "FullLoss", "spread_weights"]

Floats = NDArray[np.floating[Any]]
INPUTS = 4  # of the example: each is 1, so that a score is the sum of its class's weights
MARGIN = 1.0  # the lecture's delta


def spread_weights(scores: Sequence[float], spread: float) -> Floats:
    """Weights W (classes, 4) that give the example (1, 1, 1, 1) these scores.

    Each score comes from one weight (``spread`` 0), from all four alike (1), or from something between.
    """
    one, alike = np.eye(INPUTS)[0], np.full(INPUTS, 1 / INPUTS)
    return np.outer(scores, (1 - spread) * one + spread * alike)


@dataclass(frozen=True)
class FullLoss:
    """L = L_i + lambda R(W) for an example whose classes have ``scores`` and whose true class is the first.

    ``loss`` is "hinge" or "softmax", ``penalty`` one of ``PENALTIES``; ``spread`` is that of :func:`spread_weights`.
    """

    scores: tuple[float, ...]
    loss: str = "hinge"
    penalty: str = "l2"
    lam: float = 0.1
    beta: float = BETA
    spread: float = 0.0

    @property
    def weights(self) -> Floats:
        """The weights, (classes, 4)."""
        return spread_weights(self.scores, self.spread)

    @property
    def terms(self) -> Floats:
        """What each class adds to the hinge loss: max(0, s_j - s_y + 1), 0 for the true class."""
        s = np.array(self.scores)
        terms: Floats = np.maximum(0, s - s[0] + MARGIN)
        terms[0] = 0
        return terms

    @property
    def probabilities(self) -> Floats:
        """The softmax of the scores."""
        e = np.exp(np.array(self.scores) - max(self.scores))
        p: Floats = e / e.sum()
        return p

    @property
    def data_loss(self) -> float:
        """L_i: the sum of the terms, or -log p of the true class."""
        if self.loss == "hinge":
            return float(self.terms.sum())
        s = np.array(self.scores)
        return float(np.log(np.exp(s - s.max()).sum()) + s.max() - s[0])

    @property
    def score_gradient(self) -> Floats:
        """dL_i/ds: 1 for each class above the margin and minus their number for the true one; or p - 1 and p."""
        d: Floats = (self.terms > 0).astype(float) if self.loss == "hinge" else self.probabilities
        d[0] -= d.sum() if self.loss == "hinge" else 1.0
        return d

    @property
    def penalty_value(self) -> float:
        """R(W)."""
        return PENALTIES[self.penalty].value(self.weights, self.beta)

    @property
    def total(self) -> float:
        """L_i + lambda R(W)."""
        return self.data_loss + self.lam * self.penalty_value

    @property
    def gradient(self) -> Floats:
        """dL/dW, (classes, 4): dL_i/ds times the example, plus lambda dR/dW."""
        dR = PENALTIES[self.penalty].gradient(self.weights, self.beta)
        gradient: Floats = np.outer(self.score_gradient, np.ones(INPUTS)) + self.lam * dR
        return gradient
