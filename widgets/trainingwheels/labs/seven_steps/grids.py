"""A grid of learning rates and weight decays: what the coarse and the refined one have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, cast

import numpy as np

from trainingwheels.engine import History, RunConfig, Snapshot, training_script
from trainingwheels.engine.steps.passing import Verdict, best_place
from trainingwheels.figures.labels import many
from trainingwheels.figures.palettes import run_color
from trainingwheels.figures.panel_and_curves import Line
from trainingwheels.figures.panels import percent, plain
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.seven_steps.pictures.judged import Judged
from trainingwheels.labs.seven_steps.pictures.ranked import Ranked, RankedPicture
from trainingwheels.labs.seven_steps.shared import DECAYS, Treated, said, trouble, veiled

__all__ = ["Grid"]


class Grid(Treated, NetsView):
    """Nets of every learning rate with every weight decay. A subclass says which rates, for how long, and judges."""

    picture = RankedPicture
    at_once = ()
    factors: ClassVar[Sequence[float]]
    """Of the learning rates, times the one in the middle."""

    bound: ClassVar[float]

    def middle(self, s: Any) -> float:
        """The learning rate in the middle."""
        raise NotImplementedError

    def epochs(self, s: Any) -> int:
        """For how long."""
        raise NotImplementedError

    def judge(self, train: Any, val: Any) -> Verdict:
        """Of accuracies, each an ndarray (weight decays, learning rates)."""
        raise NotImplementedError

    def lrs(self, s: Any) -> list[float]:
        return [float(f"{self.middle(s) * factor:.3g}") for factor in self.factors]

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        pairs = [(l2, lr) for l2 in DECAYS for lr in self.lrs(s)]
        configs = [self.config(s, lr=lr, l2=l2, epochs=self.epochs(s)) for l2, lr in pairs]
        return configs, [f"lr {plain(lr)}" for _, lr in pairs]

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Ranked:
        lrs, runs = np.array(self.lrs(s)), snapshot.histories
        shape = len(DECAYS), len(lrs)
        train, val = (
            np.array([getattr(run, name)[-1] for run in runs], float).reshape(shape)
            for name in ("train_accuracy", "val_accuracy")
        )
        trained = len(runs[0].steps) > 0
        verdict = trouble(snapshot)
        if verdict is None and snapshot.done:
            verdict, (row, column) = self.judge(train, val), best_place(val)
            verdict = replace(verdict, found=(float(lrs[column]), DECAYS[row]))
        best, _ = best_place(val)
        hidden = frozenset(place for place in range(len(runs)) if place // len(lrs) != best)
        colors = [run_color(place % len(lrs)) for place in range(len(runs))]
        curves = Judged([veiled(run) for run in runs], labels, colors, hidden, dots=False, verdict=verdict)
        lines = [
            Line(f"λ {plain(l2)}", run_color(5 + row), lrs, val[row] if trained else np.full(len(lrs), np.nan))
            for row, l2 in enumerate(DECAYS)
        ]
        return Ranked(
            curves,
            lines,
            self.bound,
            "validation accuracy now",
            f"○ the best of each weight decay λ; below, the curves of λ {plain(DECAYS[best])}",
        )

    @property
    def condition(self) -> str:
        """When it is passed, in words."""
        raise NotImplementedError

    def explain(self, result: Ranked) -> Sequence[str]:
        curves = result.curves
        run = cast(History, curves.histories[0])
        nets = many(len(curves.histories), "net")
        if not len(run.steps):
            about = convolution_sentence(run.config)
            return [*said(self.step, curves.verdict, self.condition), f"{nets}, not trained yet.", *about]
        if curves.verdict is None:
            return said(self.step, None, self.condition, True)
        each = [
            f"λ {plain(l2)}: {percent(float(line.y[best]))} at lr {plain(float(line.x[best]))}"
            for l2, line in zip(DECAYS, result.lines, strict=True)
            for _, best in [best_place(line.y[None])]
        ]
        return [
            *said(self.step, curves.verdict, self.condition),
            f"{nets}, {many(len(run.steps), 'step')} each. Best of each weight decay: {'; '.join(each)}.",
        ]

    def script(self, s: Any) -> str:
        configs, _ = self.configs(s)
        return training_script(configs[len(self.factors) // 2])
