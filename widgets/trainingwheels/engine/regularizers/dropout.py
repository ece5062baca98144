"""Dropout as the lecture writes it: vanilla, which scales at test time, and inverted, which scales in training.

``keep`` is the lecture's p: the probability that a unit stays. The ``dropout`` of a :class:`RunConfig`, as torch's p,
is the probability that it goes, 1 - keep. The lecture's slide "at test time, multiply by dropout probability" means
keep.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.settings import InvalidSetting, Table, brief

__all__ = ["KINDS", "Kind", "check_keep", "dropout"]

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Kind:
    """Where one way of dropout scales: ``code_mask`` and ``code_test`` are the lecture's lines on the mask U of a layer
    H in training, and on H at test time."""

    name: str
    label: str
    code_mask: str
    code_test: str
    source: str

    def in_training(self, keep: float) -> float:
        """What a kept unit is multiplied with in training."""
        return 1 / keep if self.name == "inverted" else 1.0

    def at_test_time(self, keep: float) -> float:
        """What every unit is multiplied with at test time."""
        return 1.0 if self.name == "inverted" else keep


KINDS: Table[Kind] = Table(
    "kind",
    (
        Kind(
            name="vanilla",
            label="vanilla: scale at test time",
            code_mask="np.random.rand(*{H}.shape) < p",
            code_test="{H} * p",
            source="Srivastava et al., 2014",
        ),
        Kind(
            name="inverted",
            label="inverted: scale in training",
            code_mask="(np.random.rand(*{H}.shape) < p) / p",
            code_test="{H}",
            source="the lecture, dropout summary",
        ),
    ),
)


def dropout(
    x: ArrayLike, keep: float = 0.5, *, rng: np.random.Generator, kind: str = "inverted"
) -> tuple[Floats, Floats]:
    """``x`` with each entry kept with probability ``keep``, else 0, and the mask: (y, mask), both of x's shape (...,
    units), with y = x * mask.

    The mask of a kept unit is 1 with ``kind`` "vanilla", and 1 / keep with "inverted", whose E[y] is x. From generators
    in equal states, a smaller ``keep`` drops the same units and more. Raises :class:`InvalidSetting` where ``keep`` is
    not above 0 and at most 1, or the kind is not known. Source: the lecture, regularization: dropout.
    """
    scale = KINDS[kind].in_training(check_keep(keep))
    values = np.asarray(x)
    if not np.issubdtype(values.dtype, np.floating):
        values = values.astype(np.float64)
    kept = rng.random(values.shape) < keep
    mask: Floats = kept * values.dtype.type(scale)
    y: Floats = values * mask
    return y, mask


def check_keep(keep: Any, what: str = "unit") -> float:
    """``keep`` as a number: the probability that each ``what`` stays. Raises :class:`InvalidSetting` where it is not
    one above 0."""
    if isinstance(keep, bool) or not isinstance(keep, Real) or math.isnan(float(keep)):
        raise InvalidSetting(f"keep = {brief(keep)} is not a number: choose a number above 0, up to 1.")
    if not 0 < float(keep) <= 1:
        why = f"drops every {what}" if keep == 0 else f"is no probability of keeping a {what}"
        raise InvalidSetting(f"keep = {brief(keep)} {why}: choose a number above 0, up to 1 (1 keeps all).")
    return float(keep)
