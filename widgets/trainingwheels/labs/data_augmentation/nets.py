"""The small ConvNets that train here, without transforms and with some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainingwheels.engine import DATASETS, RunConfig
from trainingwheels.engine.settings import Option, Table
from trainingwheels.labs.base.parameters import Choice, LogSlider, WholeSlider
from trainingwheels.labs.data_augmentation.magnitudes import Magnitudes, steps_of
from trainingwheels.labs.data_augmentation.mixing import CHANGES, Strengths, mix_settings
from trainingwheels.labs.data_augmentation.photograph import IMAGED

__all__ = ["BATCH", "NOTHING", "PARTNERS", "PLAIN", "OfNets", "run_of"]

CONV, HIDDEN, BATCH = (8, 16), (32,), 20
NOTHING, PLAIN = "nothing", "no transform"
PARTNERS: Table[Any] = Table("partner", (Option(NOTHING, "nothing else"), *CHANGES.values()))
SETS: Table[Any] = Table("dataset", tuple(IMAGED))


class OfNets(Magnitudes, Strengths):
    """Of views in which nets train: with what, on what, and how."""

    transform = Choice(CHANGES, "translate", help="what changes the training examples")
    dataset = Choice(SETS, "digits", section="data", help="what is learned")
    lr = LogSlider(1e-3, 1.0, 0.03, step=0.1, section="optimizer", help="learning rate; momentum is 0.9")
    nets = WholeSlider(1, 10, 5, section="more", help="nets of each kind, which differ by their seed")
    seed = WholeSlider(
        0, 99, 0, most=2**31 - 1, section="more", help="initial weights, batches, and what transforms draw"
    )


def run_of(s: Any, names: Sequence[str], seed: int, **own: Any) -> RunConfig:
    """A run that trains with these transforms and mixes, and settings of its ``own``."""
    settings = {"batch_size": BATCH, **own, **mix_settings(s, names, min(DATASETS[s.dataset].shape[1:]))}
    return RunConfig(
        dataset=s.dataset, conv=CONV, hidden=HIDDEN, lr=s.lr, seed=seed, augment=steps_of(s, names), **settings
    )
