"""The predictions of several nets made one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.settings import InvalidSetting, Table
from trainingwheels.engine.softmax import softmax

__all__ = ["COMBINATIONS", "Combination", "combine"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Combination:
    """A way of making one distribution (examples, classes) of those of members, (members, examples, classes)."""

    name: str
    label: str
    rule: Callable[[Floats], Floats]
    formula: str
    source: str


def combine(probabilities: ArrayLike, how: str = "mean") -> Floats:
    """What an ensemble predicts: distributions (examples, classes) from its members', (members, examples, classes).

    ``how`` is one of ``COMBINATIONS``: ``mean`` of the probabilities, as in the lecture; ``vote``, the share of members
    whose most probable class it is; ``geometric`` mean, normalized; or ``logits``, the softmax of the mean logits. A
    net's logits are the logarithms of its probabilities but for a constant, which softmax takes away, so that the last
    two are the same distribution.

    Raises :class:`InvalidSetting` for another ``how``, for fewer than two members, and for what are no distributions.
    """
    rule = COMBINATIONS[how].rule
    try:
        p = np.asarray(probabilities, np.float64)
    except (TypeError, ValueError):
        raise InvalidSetting(
            "probabilities are no array of numbers: choose (members, examples, classes), equally many of each."
        ) from None
    if p.ndim != 3:
        raise InvalidSetting(
            f"probabilities have the shape {p.shape}: choose an array (members, examples, classes) of distributions."
        )
    if len(p) < 2:
        raise InvalidSetting(f"{len(p)} member makes no ensemble: choose the probabilities of at least 2.")
    if not (p >= 0).all() or not np.allclose(p.sum(axis=-1), 1, atol=1e-3):
        raise InvalidSetting(
            "probabilities are not distributions: choose numbers from 0 that add up to 1 over classes."
        )
    return rule(p)


def _mean(p: Floats) -> Floats:
    mean: Floats = p.mean(axis=0)
    return mean


def _vote(p: Floats) -> Floats:
    chosen = p.argmax(axis=-1)  # (members, examples)
    votes: Floats = (chosen[..., None] == np.arange(p.shape[-1])).mean(axis=0)
    return votes


def _geometric(p: Floats) -> Floats:
    """The limit where a probability of 0 is the same tiny number everywhere: classes with the fewest of them remain."""
    zeros = (p == 0).sum(axis=0)
    log_p = np.log(np.where(p > 0, p, 1)).mean(axis=0)
    return softmax(np.where(zeros == zeros.min(axis=-1, keepdims=True), log_p, -np.inf))


COMBINATIONS: Table[Combination] = Table(
    "how",
    (
        Combination("mean", "mean of the probabilities", _mean, r"\frac{1}{K} \sum_k p_k", "the lecture"),
        Combination("vote", "majority vote", _vote, r"\frac{1}{K} \sum_k [c = \arg\max p_k]", "Hansen, Salamon, 1990"),
        Combination("geometric", "geometric mean", _geometric, r"\propto \prod_k p_k^{1/K}", "Hinton, 2002"),
        Combination(
            "logits", "mean of the logits", _geometric, r"softmax(\frac{1}{K} \sum_k s_k)", "Hinton et al., 2015"
        ),
    ),
)
