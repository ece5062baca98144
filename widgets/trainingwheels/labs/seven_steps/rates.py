"""Step 3: learning rates, each a power of ten, trained at once for about a hundred steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from trainingwheels.engine import DATASETS, History, RunConfig, Snapshot, training_script
from trainingwheels.engine.settings import Table
from trainingwheels.engine.shares import in_percent
from trainingwheels.engine.steps.passing import FALL, ITERATIONS, MANIFOLD, loss_left, rates_passed
from trainingwheels.engine.steps.patients import BASE
from trainingwheels.figures.labels import many, short
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panel_and_curves import Line
from trainingwheels.figures.panels import percent, plain
from trainingwheels.figures.theme import INK
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.parameters import Choice, LogSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.seven_steps.pictures.judged import Judged
from trainingwheels.labs.seven_steps.pictures.ranked import Ranked, RankedPicture
from trainingwheels.labs.seven_steps.shared import Treated, said, settled, trouble, veiled

__all__ = ["EPOCHS", "SPANS", "Rates", "Tried", "left_words"]

EPOCHS = math.ceil(ITERATIONS / (DATASETS[BASE["dataset"]].examples // BASE["batch_size"]))


@dataclass(frozen=True)
class Span:
    """Learning rates to try."""

    name: str
    label: str
    lrs: tuple[float, ...]


SPANS: Table[Span] = Table(
    "span",
    (
        Span("lecture", "0.1 to 0.0001", (1e-4, 1e-3, 1e-2, 1e-1)),
        Span("wide", "1e−5 to 100", tuple(float(f"1e{exponent}") for exponent in range(-5, 3))),
    ),
)


class Tried(Treated):
    """Of views in which rates are tried."""

    span = Choice(SPANS, "lecture", label="rates", help="learning rates: the lecture's four, or wherever one may be")
    small_decay = LogSlider(1e-6, 0.01, 1e-4, step=0.5, label="λ", help="of weight decay, a small one")

    def each(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        """A net for each rate, and what to call it."""
        lrs = SPANS[s.span].lrs
        return (
            [self.config(s, lr=lr, l2=s.small_decay, epochs=EPOCHS) for lr in lrs],
            [f"lr {plain(lr)}" for lr in lrs],
        )


class Rates(Tried, NetsView):
    """Nets that differ by their learning rate alone."""

    name = "rates"
    label = "3 learning rate"
    step = 3
    picture = RankedPicture
    at_once = ()
    about = (
        "All training examples, a small weight decay, and learning rates that are trained at once from the same "
        f"initial weights, for {EPOCHS} epochs: about {ITERATIONS} steps. With a good one the loss drops at once."
    )

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        return self.each(s)

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Ranked:
        lrs, runs = SPANS[s.span].lrs, snapshot.histories
        left = np.array([loss_left(run) for run in runs])
        verdict = trouble(snapshot) or (settled(rates_passed(runs, lrs), snapshot) if len(runs[0].steps) else None)
        colors = [run_color(place) for place in range(len(runs))]
        curves = Judged([veiled(run) for run in runs], labels, colors, dots=False, verdict=verdict)
        return Ranked(
            curves,
            [Line("", INK, np.array(lrs), left)],
            1 - FALL,
            "loss that is left",
            "share of that before training; ○ the best",
            losses=True,
        )

    def explain(self, result: Ranked) -> Sequence[str]:
        curves, (line,) = result.curves, result.lines
        run = cast(History, curves.histories[0])
        steps = len(run.steps)
        condition = f"when the loss falls by at least {in_percent(FALL)} with one of the rates"
        if not steps:
            return [*said(self.step, curves.verdict, condition), *convolution_sentence(run.config)]
        each = [f"lr {plain(lr)} {left_words(float(left))}" for lr, left in zip(line.x, line.y, strict=True)]
        return [
            *said(self.step, curves.verdict, condition, True),
            f"After {many(steps, 'step')} of the loss are left: {', '.join(each)}.",
        ]

    def script(self, s: Any) -> str:
        configs, _ = self.configs(s)
        return training_script(configs[-1])


def left_words(share: float) -> str:
    """What is left of a loss."""
    if not math.isfinite(share):
        return "no number"
    return percent(share) if share < MANIFOLD else f"{short(share)} times as much"
