"""Learning rates drawn on a logarithmic and on a linear scale, and what each finds among nets that have learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainingwheels.engine.search.spaces import check_order
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import train

__all__ = [
    "EPOCHS",
    "LEARNERS",
    "MOST",
    "RATES",
    "SCALES",
    "Scales",
    "chance",
    "learning",
    "needed",
    "rate_scores",
    "scaled",
    "scales",
]

Floats = NDArray[Any]
SCALES = ("log", "linear")
LEARNERS = ("adam", "momentum")
RATES = np.geomspace(1e-6, 10, 43)  # six in a decade
SEEDS = 2  # nets at each of them
EPOCHS = 5
DRAWS, MOST = 1000, 100  # repetitions, and trials of the longest


def learning(optimizer: str, conv: tuple[int, ...] = ()) -> RunConfig:
    """What all nets have in common; they may begin with convolutions ``conv``."""
    return RunConfig(conv=conv, hidden=(32,), optimizer=optimizer, epochs=EPOCHS)


@lru_cache(maxsize=2 * len(LEARNERS))
def rate_scores(optimizer: str, conv: tuple[int, ...] = ()) -> Floats:
    """Validation accuracy of small nets that have learned digits for five epochs, the mean over seeds, at each of
    ``RATES``: an ndarray (rates,)."""
    base = learning(optimizer, conv)
    configs = [replace(base, lr=float(rate), seed=seed) for seed in range(SEEDS) for rate in RATES]
    ends = [history.val_accuracy[-1] for history in train(configs, "cpu", evaluations=1)]
    scores: Floats = np.reshape(ends, (SEEDS, len(RATES))).mean(axis=0)
    return scores


def scaled(shares: ArrayLike, scale: str, low: float, high: float) -> Floats:
    """Numbers from ``low`` to ``high`` at ``shares``, 0 to 1, of a scale that is "log" or "linear": of their shape."""
    u = np.asarray(shares)
    found: Floats = low * (high / low) ** u if scale == "log" else low + (high - low) * u
    return found


def chance(trials: ArrayLike, share: float) -> Floats:
    """The probability that at least one of so many random trials is among the best ``share`` of all: 1 - (1 - q)^n."""
    found: Floats = 1 - (1 - share) ** np.asarray(trials)
    return found


def needed(share: float, sure: float = 0.95) -> int:
    """The trials that it takes to be so ``sure``."""
    return int(np.ceil(np.log1p(-sure) / np.log1p(-share) - 1e-9))


@dataclass(frozen=True)
class Scales:
    """Draws of a learning rate from ``low`` to ``high``, for each of ``SCALES``, and what they find.

    ``base`` is what the nets have in common. ``drawn`` are those of one search, (trials,). ``best`` (MOST, draws) is
    the best score after 1, 2, ... trials; both scales have the same random shares. ``decades`` are the powers of ten
    that bound the columns of ``shares``, the share of all numbers that a scale draws in each. ``hits`` (MOST,) is how
    often at least one of the first trials is among the best ``top`` of what the logarithmic scale can draw.
    """

    base: RunConfig
    low: float
    high: float
    trials: int
    top: float
    drawn: Mapping[str, Floats]
    best: Mapping[str, Floats]
    decades: Floats
    shares: Mapping[str, Floats]
    hits: Floats

    def score(self, rates: ArrayLike) -> Floats:
        """Of learning rates, between those that have been tried."""
        return _score(self.base, rates)


def scales(
    optimizer: str, low: float, high: float, trials: int, top: float, seed: int, conv: tuple[int, ...] = ()
) -> Scales:
    """Both scales, with equal random numbers. Raises :class:`InvalidSetting` for an empty range."""
    check_order(low, high)
    base = learning(optimizer, conv)
    own = np.random.default_rng((seed, 1)).random(trials)
    many = np.random.default_rng(0).random((MOST, DRAWS))
    edges = 10.0 ** np.arange(np.floor(np.log10(low) + 1e-9), np.ceil(np.log10(high) - 1e-9) + 1)
    inside = np.clip(edges, low, high)
    below = {"log": np.log(inside / low) / np.log(high / low), "linear": (inside - low) / (high - low)}
    fine = _score(base, scaled((np.arange(20_000) + 0.5) / 20_000, "log", low, high))
    log_scores = _score(base, scaled(many, "log", low, high))
    return Scales(
        base=base,
        low=low,
        high=high,
        trials=trials,
        top=top,
        drawn={scale: scaled(own, scale, low, high) for scale in SCALES},
        best={
            "log": np.maximum.accumulate(log_scores),
            "linear": np.maximum.accumulate(_score(base, scaled(many, "linear", low, high))),
        },
        decades=edges,
        shares={scale: np.diff(below[scale]) for scale in SCALES},
        hits=(np.maximum.accumulate(log_scores) >= np.quantile(fine, 1 - top)).mean(axis=1),
    )


def _score(base: RunConfig, rates: ArrayLike) -> Floats:
    found: Floats = np.interp(np.log(rates), np.log(RATES), rate_scores(base.optimizer, base.conv))
    return found
