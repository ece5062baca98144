"""The integral over all masks of dropout: every one of them, or some that are drawn."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.regularizers.dropout import check_keep
from trainingwheels.engine.settings import InvalidSetting, Option, Table, Whole

__all__ = ["ATOMS", "MEANS", "MOST_UNITS", "all_masks", "average_over_masks", "mask_weights"]

Floats = NDArray[np.float64]
Net = Callable[[Floats], Any]

MOST_UNITS = 20  # a million masks: seconds, and a few hundred megabytes
MOST_SAMPLES = 10_000_000
TOGETHER = 2**13  # masks given to a net at a time, where it takes many: what the processor's cache holds
ATOMS = 82  # powers of ten of atoms in the universe, as the lecture counts them

MEANS = Table("mean", (Option("arithmetic", "arithmetic mean"), Option("geometric", "normalized geometric mean")))


@lru_cache(maxsize=4)
def all_masks(units: int) -> Floats:
    """Every mask of so many units, 1 for a unit that is kept: (2^units, units), read-only; the first drops all.

    Raises :class:`InvalidSetting` for more than ``MOST_UNITS``.
    """
    Whole(1, 2**31, "units").check("units", units)
    if units > MOST_UNITS:
        raise InvalidSetting(
            f"units = {units:,} has 2^{units:,} masks, too many to enumerate: choose at most {MOST_UNITS} units, or "
            "sample = 1000 of its masks."
        )
    masks = (np.arange(2**units)[:, None] >> np.arange(units) & 1).astype(np.float64)
    masks.setflags(write=False)
    return masks


def mask_weights(units: int, keep: float) -> Floats:
    """The probability of each of ``all_masks``: keep^k (1 - keep)^(units - k) where k are kept; (2^units,)."""
    kept = all_masks(units).sum(axis=1).astype(np.intp)
    k = np.arange(units + 1)
    weights: NDArray[np.float64] = (check_keep(keep) ** k * (1.0 - keep) ** (units - k))[kept]
    return weights


def average_over_masks(
    f: Net,
    units: int,
    keep: float = 0.5,
    mean: str = "arithmetic",
    *,
    sample: int | None = None,
    rng: np.random.Generator | None = None,
) -> Floats:
    """The mean of ``f(mask)`` over the masks of dropout, an array of the outputs' shape.

    Parameters
    ----------
    f : callable
        A net with its input: takes a mask, ndarray (units,) of 1 for a unit that is kept and 0 for one that is dropped,
        and returns outputs. What is scaled, and when, is its business. One that also takes many masks at once, (n,
        units), and returns (n, ...) is asked for many at once.
    units : int
        How many units there are to drop; at most ``MOST_UNITS``, unless masks are drawn.
    keep : float
        The lecture's p, the probability of keeping a unit: a mask of k ones counts keep^k (1 - keep)^(units - k).
    mean : str
        "arithmetic", or "geometric": of probabilities along the last axis, made to sum to 1 again.
    sample, rng : int and Generator, optional
        Draw so many masks with this generator, instead of taking all 2^units.

    Raises :class:`InvalidSetting` for a value that is not allowed. Source: the lecture, dropout at test time; Hinton et
    al., 2012, for the geometric mean.
    """
    keep, mean = check_keep(keep), MEANS[mean].name
    if sample is None:
        masks, weights = all_masks(units), mask_weights(units, keep)
    else:
        masks = _drawn(units, keep, sample, rng)
        weights = np.full(len(masks), 1 / len(masks))
    masks, weights = masks[weights > 0], weights[weights > 0]  # keep = 1 has one mask, and 0 log 0 is no number
    outputs = _outputs(f, masks)
    if mean == "arithmetic":
        return np.asarray(np.tensordot(weights, outputs, 1))
    if (outputs < 0).any():
        raise InvalidSetting(
            "mean = geometric is one of probabilities, and f has an output below 0: choose arithmetic."
        )
    with np.errstate(divide="ignore"):
        logs = np.tensordot(weights, np.log(outputs), 1)
    highest = logs.max(axis=-1, keepdims=True)
    if not np.isfinite(highest).all():
        raise InvalidSetting("mean = geometric is 0 everywhere: each output is 0 under some mask. Choose arithmetic.")
    e = np.exp(logs - highest)
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def _drawn(units: int, keep: float, sample: int, rng: np.random.Generator | None) -> Floats:
    units = Whole(1, 2**31, "units").check("units", units)
    sample = Whole(1, MOST_SAMPLES, "masks").check("sample", sample)
    if rng is None:
        raise InvalidSetting(f"sample = {sample:,} needs a generator: give rng = np.random.default_rng(0), say.")
    return (rng.random((sample, units)) < keep).astype(np.float64)


def _outputs(f: Net, masks: Floats) -> Floats:
    """What ``f`` makes of each mask, (masks, ...)."""
    if not _takes_many(f, masks):
        return np.array([f(mask) for mask in masks], np.float64)
    parts = [np.asarray(f(masks[start : start + TOGETHER]), np.float64) for start in range(0, len(masks), TOGETHER)]
    return np.concatenate(parts)


def _takes_many(f: Net, masks: Floats) -> bool:
    """Whether ``f`` makes of several masks at once what it makes of each: tried with a few, neither as many as units
    nor as many as outputs, which could be taken for the other."""
    units = masks.shape[1]
    some = np.linspace(0, len(masks) - 1, 5 if units != 5 else 6).astype(np.intp)
    alone = np.array([f(masks[place]) for place in some], np.float64)
    try:
        together = np.asarray(f(masks[some]), np.float64)
    except Exception:  # noqa: BLE001 - whatever it says, it takes one at a time
        return False
    return together.shape == alone.shape and bool(np.allclose(together, alone, rtol=1e-6, atol=1e-9, equal_nan=True))
