"""Scores made probabilities, in NumPy."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["softmax"]

Scores = TypeVar("Scores", bound=np.floating[Any])


def softmax(scores: NDArray[Scores]) -> NDArray[Scores]:
    """e^s / sum of e^s over the classes, of scores (..., classes), in their own precision: (..., classes)."""
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))  # the largest score is 0 then: nothing overflows
    p: NDArray[Scores] = e / e.sum(axis=-1, keepdims=True)
    return p
