"""The nets that views of ensembles are about: a population that differs by its seeds only."""

from __future__ import annotations

from typing import Any

from trainingwheels.engine import DATASETS, RunConfig
from trainingwheels.engine.settings import Table
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, WholeSlider

__all__ = ["ALL", "Populated", "Seeded", "population"]

ALL = 32
"""Nets in a population."""
SETS = Table("dataset", tuple(DATASETS[name] for name in ("mnist1d", "digits")))
BATCH, STEPS = 64, 640
RATES = {"digits": 0.1, "mnist1d": 0.05}


class Seeded:
    """Of views with nets that differ by their seed."""

    seed = WholeSlider(0, 99, 0, most=2**31 - 1, section="more", help="of the first net; each has the next one")


class Populated(Seeded):
    """Of views of ALL nets that have learned the same examples."""

    dataset = Choice(SETS, "mnist1d", section="data", help="what is learned")
    train_size = LogWholeSlider(64, 1024, 1024, unit="examples", section="data", help="training examples")
    width = LogWholeSlider(4, 64, 32, unit="units", section="net", help="units in each of two hidden layers")

    def config(self, s: Any) -> RunConfig:
        """The first net."""
        return population(s.dataset, s.train_size, s.width, s.seed)


def population(dataset: str, size: int, width: int, seed: int) -> RunConfig:
    """The first of nets that train for about STEPS steps, whatever the number of examples."""
    batch = min(BATCH, size)
    return RunConfig(
        dataset=dataset,
        train_size=size,
        hidden=(width, width),
        lr=RATES[dataset],
        batch_size=batch,
        epochs=STEPS // (size // batch),
        seed=seed,
    )
