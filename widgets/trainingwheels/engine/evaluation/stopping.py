"""Early stopping as a rule over scores: it can be replayed on a run that has long been finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.settings import InvalidSetting, Real, Whole, brief

__all__ = ["Stop", "smoothed", "stop_early"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stop:
    """What a rule of early stopping does with a run.

    ``stopped_at`` is the index of the score at which patience ran out; None where the run ends before it does.
    ``best_at`` is the index of the best score up to there, whose snapshot is kept and restored in both cases.
    ``waited`` (scores up to there,) is the patience counter: how many in a row had not improved, 0 where one did.
    """

    stopped_at: int | None
    best_at: int
    waited: tuple[int, ...]


def stop_early(
    val: Sequence[float] | NDArray[Any], patience: int = 5, min_delta: float = 0.0, smoothing: float = 0.0
) -> Stop:
    """Stop once ``patience`` scores in a row have not improved, as Keras and Lightning do.

    ``val`` (scores,) are those on validation data, the higher the better, one for each evaluation. An improvement is
    more than ``min_delta`` above the best so far, and is the best from then on. ``smoothing``, from 0 to below 1, is
    the share of the running mean that each score leaves: the rule looks at m = smoothing * m + (1 - smoothing) * score,
    begun at the first score. A score that is no number improves nothing.

    Raises :class:`InvalidSetting` without scores, for what are none, for a patience below 1, a min_delta below 0, and
    another smoothing.
    """
    patience = Whole(1, 1_000_000, "scores").check("patience", patience)
    min_delta = Real(0, 1e6).check("min_delta", min_delta)
    scores = smoothed(val, smoothing)
    best_at, best = 0, -np.inf
    waited: list[int] = []
    for index, score in enumerate(scores):
        if score > best + min_delta:
            best_at, best = index, score
        waited.append(index - best_at)
        if waited[-1] >= patience:
            return Stop(index, best_at, tuple(waited))
    return Stop(None, best_at, tuple(waited))


def smoothed(val: Sequence[float] | NDArray[Any], smoothing: float) -> Floats:
    """The running mean of scores, (scores,), that :func:`stop_early` looks at, with its refusals."""
    share = Real(0, 1, high_open=True).check("smoothing", smoothing)
    try:
        scores = np.array(val, np.float64)
    except (TypeError, ValueError):
        raise InvalidSetting(f"val = {brief(val)} are no scores: choose a list of numbers.") from None
    if scores.ndim != 1 or not scores.size:
        raise InvalidSetting(
            f"val has the shape {scores.shape}, no validation scores in a row: "
            "choose a list of at least one, which needs validation data."
        )
    for index in range(1, len(scores) if share else 0):
        scores[index] = share * scores[index - 1] + (1 - share) * scores[index]
    return scores
