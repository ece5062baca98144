"""The path that a rule takes on a surface, with every step taken apart; and the learning rate that suits it there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.descent.surfaces import REACH, START, Surface
from trainingwheels.engine.descent.updates import Hyper, State, Update, update

__all__ = ["RATES", "Path", "descend", "noise_of", "suited_rate"]

Floats = NDArray[Any]
RATES = tuple(float(f"{rate:.3g}") for rate in np.logspace(-4, 1.5, 45))  # an eighth of a decade apart
LOST = 1e6  # a weight beyond it has diverged
FAR = 1.5 * REACH  # a weight beyond it has left the picture, and half as much again
DRAWS = 8  # of the noise, over which a rate is judged


@dataclass(frozen=True)
class Path:
    """Where a rule went: ``points`` (steps + 1, 2) and the ``losses`` there, and the ``updates`` between them, whose
    arrays are (steps, 2). ``diverged_at`` is the step after which a weight was lost; from there on the path stays."""

    name: str
    lr: float
    points: Floats
    losses: Floats
    updates: Update
    diverged_at: int | None


def noise_of(surface: Surface, steps: int, seed: int) -> Floats:
    """What is added to the gradient at each step, (steps, 2): the same for all rules."""
    return surface.kind.noise * np.random.default_rng(seed).standard_normal((steps, 2))


def descend(surface: Surface, name: str, start: Floats, steps: int, hyper: Hyper, seed: int = 0) -> Path:
    """The path of the rule ``name`` from ``start`` (2,)."""
    noise = noise_of(surface, steps, seed)
    w, state = np.array(start, np.float64), State(np.zeros(2))
    points, updates, diverged = [w], [], None
    with np.errstate(over="ignore", invalid="ignore"):
        for at in range(steps):
            found = update(name, w, surface.gradient(w) + noise[at], state, hyper)
            if diverged is None and not (np.abs(w + found.step) < LOST).all():
                diverged = at + 1
            if diverged is not None:
                found = Update(*(np.zeros(2) for _ in Update._fields))
            w = w + found.step
            points.append(w)
            updates.append(found)
    parts = Update(*(np.array([getattr(each, part) for each in updates]) for part in Update._fields))
    every = np.array(points)
    return Path(name, float(hyper.lr), every, np.asarray(surface.loss(every)), parts, diverged)


@lru_cache(maxsize=256)
def suited_rate(surface: Surface, name: str, steps: int, hyper: Hyper) -> float:
    """The one of ``RATES`` with the lowest loss over the last quarter of ``steps`` from ``START``, of those whose path
    stays in the picture, or near it.

    Of a surface with noise, the mean over eight draws. The rate in ``hyper`` is not looked at.
    """
    draws = DRAWS if surface.kind.noise else 1
    rates = np.array(RATES)[:, None, None]
    w = np.tile(np.array(START), (len(RATES), draws, 1))
    noise = np.stack([noise_of(surface, steps, 1000 + draw) for draw in range(draws)], axis=1)  # (steps, draws, 2)
    state, given = State(w), replace(hyper, lr=rates)
    late = np.zeros(len(RATES))
    with np.errstate(over="ignore", invalid="ignore"):
        for at in range(steps):
            w = w + update(name, w, surface.gradient(w) + noise[at], state, given).step
            late[(np.abs(w) > FAR).any(axis=(1, 2))] = np.inf
            if at >= 0.75 * steps:
                late += surface.loss(w).mean(axis=1)
    return RATES[int(np.argmin(np.where(np.isfinite(late), late, np.inf)))]
