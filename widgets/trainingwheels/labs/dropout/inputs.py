"""What several views of dropout share: the probability of keeping a unit, what nets are trained on, the seed."""

from __future__ import annotations

from typing import Any

from trainingwheels.engine import RunConfig
from trainingwheels.labs.base.parameters import LogWholeSlider, Slider, WholeSlider

__all__ = ["Keeps", "Seeded", "TrainedOnFew", "which_is_which"]

EPOCHS, RATE, BATCH = 60, 0.3, 32


class Seeded:
    """Of views in which something is drawn."""

    seed = WholeSlider(0, 99, 0, most=2**31 - 1, section="more", help="which random draw")


class Keeps(Seeded):
    """Of views with the lecture's p."""

    keep = Slider(
        0.05, 1.0, 0.5, step=0.05, label="p, keep", help="the lecture's p: probability of keeping a unit; 1 keeps all"
    )


class TrainedOnFew(Keeps):
    """Of views of nets that have learned digits with dropout."""

    examples = LogWholeSlider(64, 1024, 256, unit="digits", section="data", help="digits to learn from")
    label_noise = Slider(0.0, 0.8, 0.2, step=0.05, section="data", help="share of wrong training labels")

    def config(self, s: Any, keep: float, hidden: tuple[int, ...]) -> RunConfig:
        """A net that learns with this probability of keeping a unit."""
        return RunConfig(
            train_size=s.examples,
            label_noise=s.label_noise,
            hidden=hidden,
            dropout=round(1 - keep, 9),
            optimizer="sgd",
            lr=RATE,
            batch_size=BATCH,
            epochs=EPOCHS,
            seed=s.seed,
        )


def which_is_which(keep: float) -> str:
    """Which of the two probabilities p is."""
    return (
        f"p = {keep:g} is the probability of keeping a unit, as in the lecture's code; of dropping it, which RunConfig "
        f"and torch call dropout, {round(1 - keep, 9):g}."
    )
