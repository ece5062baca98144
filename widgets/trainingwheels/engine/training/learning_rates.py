"""The learning rate of every member at every step: its own lr times the factor of its schedule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainingwheels.engine.schedules import SCHEDULES
from trainingwheels.engine.training.runs import RunConfig

__all__ = ["LearningRates"]

Floats = NDArray[np.float64]


class LearningRates:
    """Learning rates of ``configs`` over ``steps`` steps. ``base`` is each member's lr, replaced when one changes."""

    def __init__(self, configs: Sequence[RunConfig], steps: int) -> None:
        kinds = list(dict.fromkeys((config.schedule, config.warmup) for config in configs))
        self.curves = np.stack([SCHEDULES[name].factors(steps, round(share * steps)) for name, share in kinds])
        self.kind = np.array([kinds.index((config.schedule, config.warmup)) for config in configs])
        self.base = np.array([config.lr for config in configs])

    @property
    def one_schedule(self) -> bool:
        """Whether all members follow one schedule, so that one factor is enough."""
        return len(self.curves) == 1

    def factor(self, step: int) -> float:
        """The factor at ``step``, from 0, where all members follow one schedule."""
        return float(self.curves[0, step])

    def factors(self, start: int, stop: int) -> Floats:
        """Each member's factor from step ``start`` to before ``stop``, (steps, members)."""
        return self.curves[self.kind, start:stop].T

    def at(self, step: int) -> Floats:
        """Each member's learning rate at ``step``, from 0."""
        rates: Floats = self.base * self.curves[self.kind, step]
        return rates
