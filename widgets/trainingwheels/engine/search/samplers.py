"""How the next values to try are chosen: optuna's samplers, and which of them look at what came out before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from trainingwheels.engine.search.optimizing import load_optuna, silently
from trainingwheels.engine.search.spaces import Space, distributions, grid_shape, inside, outside
from trainingwheels.engine.settings import Table

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler

__all__ = ["SAMPLERS", "Sampler", "count_of_trials", "draw", "seed_for"]


@dataclass(frozen=True)
class Sampler:
    """One way to choose. ``make(space, trials, seed)`` is optuna's sampler; one that ``looks`` goes by earlier trials,
    so that its trials are trained in batches, each after the one before."""

    name: str
    label: str
    source: str
    make: Callable[[Space, int, int], BaseSampler]
    looks: bool = False


def _grid(space: Space, trials: int, seed: int) -> BaseSampler:
    values = {
        name: [inside({name: among}, {name: value})[name] for value in among.grid(side)]
        for (name, among), side in zip(space.items(), grid_shape(space, trials), strict=True)
    }
    sampler: BaseSampler = load_optuna().samplers.GridSampler(values, seed=seed)
    return sampler


def _random(space: Space, trials: int, seed: int) -> BaseSampler:
    sampler: BaseSampler = load_optuna().samplers.RandomSampler(seed=seed)
    return sampler


def _sobol(space: Space, trials: int, seed: int) -> BaseSampler:
    with silently():
        sampler: BaseSampler = load_optuna().samplers.QMCSampler(qmc_type="sobol", scramble=True, seed=seed)
    return sampler


def _tpe(space: Space, trials: int, seed: int) -> BaseSampler:
    sampler: BaseSampler = load_optuna().samplers.TPESampler(seed=seed)
    return sampler


SAMPLERS: Table[Sampler] = Table(
    "sampler",
    (
        Sampler("grid", "grid", "the middle of equal parts of each range, in random order", _grid),
        Sampler("random", "random", "Bergstra and Bengio, 2012", _random),
        Sampler("sobol", "Sobol", "Sobol, 1967, scrambled: as random, but evenly spread", _sobol),
        Sampler("tpe", "TPE", "Bergstra et al., 2011: more of what was good", _tpe, looks=True),
        Sampler("halving", "successive halving", "Jamieson and Talwalkar, 2016: many begin, the best go on", _random),
    ),
)


def count_of_trials(sampler: str, space: Space, trials: int) -> int:
    """How many trials there will be: for a grid as many as fill it."""
    return prod(grid_shape(space, trials)) if sampler == "grid" else trials


def draw(sampler: str, space: Space, trials: int, seed: int) -> list[dict[str, Any]]:
    """The parameters of all trials of a sampler that does not look, in the order in which they are tried."""
    optuna, known = load_optuna(), distributions(space)
    study = optuna.create_study(sampler=SAMPLERS[sampler].make(space, trials, seed), direction="maximize")
    if sampler == "sobol":  # which draws the first trial elsewhere, to learn the space from it
        middle = inside(space, {name: among.at(0.5) for name, among in space.items()})
        study.add_trial(optuna.trial.create_trial(params=middle, distributions=known, value=0.0))
    with silently():
        return [outside(space, study.ask(known).params) for _ in range(trials)]


def seed_for(seed: int, place: int) -> int:
    """For the sampler of a batch: another for each, and for each of several workers."""
    return int(np.random.SeedSequence([seed, place]).generate_state(1)[0])
