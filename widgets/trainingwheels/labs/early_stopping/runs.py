"""What the views of early stopping look at: runs with more or less to learn by heart, and the rule."""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import Any

from trainingwheels.engine import DATASETS, RunConfig
from trainingwheels.engine.evaluation.followed import SCORES, Followed, followed
from trainingwheels.engine.settings import Table
from trainingwheels.labs.base.convolutions import convolutions
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, Slider, WholeSlider

__all__ = ["EPOCHS", "HELD_OUT", "RATES", "RUNS", "Learns", "Rule", "Validated"]

SETS = Table("dataset", tuple(DATASETS[name] for name in ("digits", "mnist1d")))
HELD_OUT = {"digits": 128, "mnist1d": 256}
"""The most validation examples there can be; the others, 232 and 744, are the test set."""
LEARNED = {"digits": 1024, "mnist1d": 2048}
"""The most training examples."""
EPOCHS, RUNS = 60, 10
BATCH, RATES = 64, {"digits": 0.1, "mnist1d": 0.05}


class Learns:
    """Of views of runs: what is learned."""

    dataset = Choice(SETS, "digits", section="data", help="what is learned")
    train_size = LogWholeSlider(
        64,
        2048,
        1024,
        unit="examples",
        section="data",
        help="training examples, which are learned by heart if few",
        limit=lambda s: LEARNED[s["dataset"]],
    )
    label_noise = Slider(
        0.0, 0.8, 0.4, step=0.05, section="data", help="share of training labels replaced by wrong ones"
    )
    conv = convolutions()
    width = LogWholeSlider(8, 256, 64, unit="units", section="net", help="units in each of two hidden layers")
    seed = WholeSlider(0, 99, 0, most=2**31 - 1, section="more", help="initial weights, batch order, wrong labels")

    def config(self, s: Any, seed: int) -> RunConfig:
        """A run of EPOCHS epochs. A small training set is one batch."""
        size = min(s.train_size, LEARNED[s.dataset])
        return RunConfig(
            dataset=s.dataset,
            train_size=size,
            label_noise=s.label_noise,
            conv=s.conv,
            hidden=(s.width, s.width),
            lr=RATES[s.dataset],
            batch_size=min(BATCH, size),
            epochs=EPOCHS,
            seed=seed,
        )

    def runs(self, s: Any) -> tuple[Followed, ...]:
        """RUNS runs that differ by their seed, from ``seed`` on; the first is that of the other views."""
        return followed(*(self.config(s, s.seed + place) for place in range(RUNS)), moments=EPOCHS)

    def longer(self, s: Any, runs: int) -> float:
        """How many seconds more so many runs take for their size: about 0.25 for a thousand million products."""
        config = self.config(s, s.seed)
        seen = (channels * prod(config.kernel_extent) for channels, _, _ in config.maps)
        products = sum(inputs * units for inputs, units in zip(seen, config.convolved, strict=False))
        widths = (prod(config.maps[-1]), *config.hidden, DATASETS[config.dataset].classes)
        products += sum(inputs * units for inputs, units in pairwise(widths))
        return 2.5e-10 * runs * EPOCHS * (config.train_size or 0) * products


class Rule:
    """Of views in which a rule stops a run."""

    patience = WholeSlider(
        1, 30, 5, looks=True, help="scores in a row without improvement after which it stops; one an epoch"
    )
    smoothing = Slider(
        0.0, 0.95, 0.0, step=0.05, looks=True,
        help="share of the running mean that each new score leaves; 0 looks at the score",
    )  # fmt: skip
    min_delta = Slider(
        0.0, 0.1, 0.0, step=0.005, label="threshold", looks=True,
        help="how much better than the best so far is an improvement",
    )  # fmt: skip
    score = Choice(SCORES, "accuracy", label="watch", section="rule", looks=True, help="what the rule looks at")


class Validated:
    """Of views in which a rule looks at more or fewer examples."""

    validation = LogWholeSlider(
        8,
        256,
        256,
        unit="examples",
        section="data",
        help="validation examples, at which the rule looks",
        limit=lambda s: HELD_OUT[s["dataset"]],
    )
