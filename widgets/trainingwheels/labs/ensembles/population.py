"""The nets that views of ensembles are about: a population that differs by its seeds only."""

from __future__ import annotations

from math import prod
from typing import Any

from trainingwheels.engine import DATASETS, RunConfig
from trainingwheels.engine.settings import Table
from trainingwheels.labs.base.convolutions import convolutions
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, WholeSlider

__all__ = ["ALL", "Convolved", "Populated", "Seeded", "longer", "population"]

ALL = 32
"""Nets in a population."""
SETS = Table("dataset", tuple(DATASETS[name] for name in ("mnist1d", "digits")))
BATCH, STEPS = 64, 640
RATES = {"digits": 0.1, "mnist1d": 0.05}


class Seeded:
    """Of views with nets that differ by their seed."""

    seed = WholeSlider(0, 99, 0, most=2**31 - 1, section="more", help="of the first net; each has the next one")


class Convolved(Seeded):
    """Of views whose nets may begin with convolutions."""

    conv = convolutions(data=None, channels=16, most=2)  # so many nets with more would take minutes


class Populated(Convolved):
    """Of views of ALL nets that have learned the same examples."""

    dataset = Choice(SETS, "mnist1d", section="data", help="what is learned")
    train_size = LogWholeSlider(64, 1024, 1024, unit="examples", section="data", help="training examples")
    width = LogWholeSlider(4, 64, 32, unit="units", section="net", help="units in each of two hidden layers")

    def config(self, s: Any) -> RunConfig:
        """The first net."""
        return population(s.dataset, s.train_size, s.width, s.seed, s.conv)


def population(dataset: str, size: int, width: int, seed: int, conv: tuple[int, ...] = ()) -> RunConfig:
    """The first of nets that train for about STEPS steps, whatever the number of examples."""
    batch = min(BATCH, size)
    return RunConfig(
        dataset=dataset,
        train_size=size,
        conv=conv,
        hidden=(width, width),
        lr=RATES[dataset],
        batch_size=batch,
        epochs=STEPS // (size // batch),
        seed=seed,
    )


def longer(config: RunConfig) -> float:
    """How many seconds more ALL such nets take for their convolutions: 0.4 for a thousand products of an example."""
    seen = (channels * prod(config.kernel_extent) for channels, _, _ in config.maps)
    return 4e-4 * sum(inputs * units for inputs, units in zip(seen, config.convolved, strict=False))
