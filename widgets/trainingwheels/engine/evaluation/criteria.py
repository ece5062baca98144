"""When to stop, as L. Prechelt's criteria have it: "Early stopping, but when?", 1998, section 1.2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.settings import InvalidSetting, Table

__all__ = ["CRITERIA", "STRIP", "Criterion", "generalization_loss", "progress", "stops_at"]

Floats = NDArray[np.floating[Any]]
STRIP = 5  # epochs, as in the paper


@dataclass(frozen=True)
class Criterion:
    """A class of criteria. ``quantity(val, train)`` is what it compares with alpha, (epochs,), NaN at epochs at which
    it does not ask; it stops above alpha, or, if ``inclusive``, at alpha too. ``alphas`` are some of its members, from
    impatient to patient."""

    name: str
    label: str
    quantity: Callable[[Floats, Floats], Floats]
    alphas: tuple[float, ...]
    words: str
    formula: str
    source: str
    inclusive: bool = False


def generalization_loss(val: ArrayLike) -> Floats:
    """By how many per cent the validation error is above the lowest so far, (epochs,)."""
    errors = np.asarray(val, np.float64)
    loss: Floats = 100 * (errors / np.minimum.accumulate(errors) - 1)
    return loss


def progress(train: ArrayLike, strip: int = STRIP) -> Floats:
    """By how many per mille the mean training error of the last ``strip`` epochs is above their lowest, (epochs,);
    infinite before there are as many. Large while errors fall, or while they jump about."""
    errors = np.asarray(train, np.float64)
    found = np.full(len(errors), np.inf)
    if len(errors) >= strip:
        windows = np.lib.stride_tricks.sliding_window_view(errors, strip)
        found[strip - 1 :] = 1000 * (windows.mean(axis=1) / windows.min(axis=1) - 1)
    return found


def stops_at(criterion: str, val: ArrayLike, train: ArrayLike, alpha: float) -> int | None:
    """The epoch, from 0, at which the criterion stops; None if it never does.

    ``val`` and ``train`` are the validation and training error after each epoch, both positive, (epochs,). Raises
    :class:`InvalidSetting` for errors that are not.
    """
    errors = np.asarray(val, np.float64), np.asarray(train, np.float64)
    if errors[0].shape != errors[1].shape or errors[0].ndim != 1 or not errors[0].size:
        raise InvalidSetting("val and train are not errors of the same epochs: choose two lists of equal length.")
    if not all((each > 0).all() for each in errors):
        raise InvalidSetting("an error is not above 0, and cannot be compared with others: choose a loss.")
    chosen = CRITERIA[criterion]
    quantity = chosen.quantity(*errors)
    stops = np.flatnonzero(quantity >= alpha if chosen.inclusive else quantity > alpha)
    return int(stops[0]) if stops.size else None


def _loss(val: Floats, train: Floats) -> Floats:
    return generalization_loss(val)


def _quotient(val: Floats, train: Floats) -> Floats:
    """GL against progress, at the end of each strip. Without any progress, any loss is too much."""
    loss, made = generalization_loss(val), progress(train)
    quotient = np.divide(loss, made, out=np.where(loss > 0, np.inf, 0.0), where=made > 0)
    return np.where(_ends(len(val)), quotient, np.nan)


def _increases(val: Floats, train: Floats) -> Floats:
    """How many strips in a row have ended with a higher error than the one before."""
    found, row = np.full(len(val), np.nan), 0
    for end in range(2 * STRIP - 1, len(val), STRIP):
        row = row + 1 if val[end] > val[end - STRIP] else 0
        found[end] = row
    return found


def _ends(count: int) -> NDArray[np.bool_]:
    """Which epochs are the end of a strip."""
    ends: NDArray[np.bool_] = np.arange(1, count + 1) % STRIP == 0
    return ends


CRITERIA: Table[Criterion] = Table(
    "criterion",
    (
        Criterion(
            "GL", "generalization loss", _loss, (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
            "per cent above the lowest error so far", r"100 (E_{va}(t) / E_{opt}(t) - 1) > \alpha",
            "Prechelt, 1998, GL",
        ),
        Criterion(
            "PQ", "progress quotient", _quotient, (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0),
            "generalization loss over training progress", r"GL(t) / P_5(t) > \alpha",
            "Prechelt, 1998, PQ",
        ),
        Criterion(
            "UP", "increases in a row", _increases, (1.0, 2.0, 3.0, 4.0, 6.0),
            "strips of 5 epochs in a row at whose end the error is higher", r"E_{va}(t) > E_{va}(t - 5), s times",
            "Prechelt, 1998, UP", inclusive=True,
        ),
    ),
)  # fmt: skip
