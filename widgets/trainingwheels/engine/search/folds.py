"""Cross-validation: the folds, of one config or of many, are members of one population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.data.datasets import Data
from trainingwheels.engine.data.splits import folded, folded_within
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.training.history import History
from trainingwheels.engine.training.runs import RunConfig
from trainingwheels.engine.training.train import LiveTraining, train, train_steps

__all__ = ["Nested", "cross_validate", "cross_validate_each", "cross_validate_steps", "nested_cross_validate"]

Floats = NDArray[np.float32]


def cross_validate(
    config: RunConfig, folds: int = 5, *, seed: int = 0, evaluations: int = 20, device: str = "auto"
) -> list[History]:
    """Train ``config`` once for each of ``folds`` parts of its training set, which it is validated on and does not see.

    Returns the history of each fold, in order: ``val_accuracy`` is that on the part left out, ``test_accuracy`` that on
    the set's own validation examples, which no fold sees. The runs share everything that is random, and preprocessing
    is fitted anew to what each trains on; the parts, of equal size, are drawn from ``seed``. See :func:`folded`.

    Raises :class:`InvalidSetting` for fewer than 2 folds or more than there are examples, and as :func:`train` does.
    """
    return cross_validate_each([config], folds, seed=seed, evaluations=evaluations, device=device)[0]


def cross_validate_each(
    configs: Sequence[RunConfig],
    folds: int = 5,
    *,
    seed: int = 0,
    evaluations: int = 20,
    device: str = "auto",
) -> list[list[History]]:
    """:func:`cross_validate` of several configs at once, over the same parts: the folds' histories of each."""
    runs, data = _members(configs, folds, seed)
    found = train(runs, device, evaluations=evaluations, data=data)
    return [found[start : start + folds] for start in range(0, len(found), folds)]


def cross_validate_steps(
    configs: Sequence[RunConfig], folds: int = 5, *, seed: int = 0, snapshots: int | None = None, device: str = "auto"
) -> LiveTraining:
    """The same while somebody watches: a training whose runs are the folds of the first config, then of the next."""
    runs, data = _members(configs, folds, seed)
    return train_steps(runs, device, snapshots=snapshots, data=data)


def _members(configs: Sequence[RunConfig], folds: int, seed: int) -> tuple[list[RunConfig], list[Data]]:
    """Each config, as often as there are folds, and what each learns from."""
    sources = dict.fromkeys(config.data_settings for config in configs)
    sets = {source: folded(source[0], folds, *source[1:], seed=seed) for source in sources}
    runs = [config for config in configs for _ in range(folds)]
    return runs, [data for config in configs for data in sets[config.data_settings]]


@dataclass(frozen=True)
class Nested:
    """Plain and nested cross-validation of the same configs; accuracies, ndarrays.

    ``plain`` is (configs, folds): on each fold, of nets that have trained on the others. The plain way picks the config
    with the best mean, and tells that mean: ``plain_score``. But it was picked for it. The nested way picks, for each
    fold, by cross-validation among the other folds alone: ``inner``, (configs, folds), is what it goes by, ``chosen``,
    (folds,), what it picks, and ``nested``, (folds,), how good that is on the fold, which had no say.
    """

    plain: Floats
    inner: Floats
    chosen: NDArray[np.int64]
    nested: Floats

    @property
    def plain_score(self) -> float:
        """What the plain way says of its winner."""
        return float(self.plain.mean(axis=1).max())

    @property
    def nested_score(self) -> float:
        """What the nested way says of picking a winner like this."""
        return float(self.nested.mean())

    @property
    def optimism(self) -> float:
        """By how much the plain way says more."""
        return self.plain_score - self.nested_score


def nested_cross_validate(
    configs: Sequence[RunConfig], folds: int = 5, inner: int = 4, *, seed: int = 0, device: str = "auto"
) -> Nested:
    """Choose among ``configs``, which share what they learn from, by cross-validation, and say how good the choice is.

    All nets, ``folds`` for each config and ``folds`` times ``inner`` for the choices, are trained together. Raises
    :class:`InvalidSetting` for configs that learn from different data, and as :func:`cross_validate` does.
    """
    if len({config.data_settings for config in configs}) != 1:
        raise InvalidSetting("Configs that are compared fold by fold learn from one set: choose equal data for all.")
    source = configs[0].data_settings
    outer = folded(source[0], folds, *source[1:], seed=seed)
    within = [each for sets in folded_within(source[0], folds, inner, *source[1:], seed=seed) for each in sets]
    data = [each for _ in configs for each in (*outer, *within)]
    runs = [config for config in configs for _ in range(folds * (1 + inner))]
    ends = [history.val_accuracy[-1] for history in train(runs, device, evaluations=1, data=data)]
    scores = np.array(ends, np.float32).reshape(len(configs), -1)
    plain, inside = scores[:, :folds], scores[:, folds:].reshape(len(configs), folds, inner).mean(axis=2)
    chosen = inside.argmax(axis=0)
    return Nested(plain, inside, chosen, plain[chosen, np.arange(folds)])
