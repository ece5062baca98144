"""Step 7: back to step 5, around the best, until it gains no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from trainingwheels.engine import train, training_script
from trainingwheels.engine.steps.passing import Verdict, rounds_passed
from trainingwheels.figures.panels import percent, plain
from trainingwheels.labs.base.parameters import LogSlider, Slider, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.seven_steps.pictures.rounds import Round, RoundsPicture, RoundsView
from trainingwheels.labs.seven_steps.shared import Treated, said

__all__ = ["Rounds"]

PLACES = np.arange(-2, 3)  # of learning rates around the middle
EPOCHS = 10


class Rounds(Treated, View):
    """Rounds of five learning rates: each around the best of the one before, and half as far apart."""

    name = "rounds"
    label = "7 back to 5"
    step = 7
    picture = RoundsPicture
    about = (
        "Round after round of step 5: five learning rates around the best of the round before, and half as far apart "
        f"on a logarithmic scale, {EPOCHS} epochs each. It is passed when the last round gains next to nothing."
    )

    rounds = WholeSlider(1, 4, 3, unit="rounds", label="rounds", help="how often you go back to step 5")
    rounds_lr = LogSlider(1e-5, 100.0, 0.02, step=0.125, label="lr", help="learning rate in the middle of the first")
    rounds_decay = Slider(0.0, 0.001, 1e-4, step=1e-5, most=1000.0, label="λ", help="of weight decay")

    def results(self, s: Any) -> Iterator[RoundsView]:
        done: list[Round] = []
        middle, apart = s.rounds_lr, 2.0
        for _ in range(s.rounds):
            lrs = np.array([float(f"{middle * apart**place:.3g}") for place in PLACES])
            runs = train([self.config(s, lr=float(lr), l2=s.rounds_decay, epochs=EPOCHS) for lr in lrs], evaluations=1)
            done.append(Round(lrs, np.array([run.val_accuracy[-1] for run in runs], float)))
            middle, apart = float(lrs[done[-1].best]), apart**0.5
            ended = len(done) == s.rounds
            verdict = self._judged(done) if ended else None
            yield RoundsView(tuple(done), s.rounds, verdict)

    def _judged(self, rounds: Sequence[Round]) -> Verdict:
        best = max(rounds, key=lambda each: float(each.val.max()))
        verdict = rounds_passed([float(each.val.max()) for each in rounds])
        return replace(verdict, found=(float(best.lrs[best.best]),))

    def explain(self, result: RoundsView) -> Sequence[str]:
        best = max(result.rounds, key=lambda each: float(each.val.max()))
        top, nets = float(best.val.max()), sum(len(each.val) for each in result.rounds)
        verdict = said(self.step, result.verdict, "") if result.verdict else ["More rounds are under way."]
        return [
            *verdict,
            (
                f"The best of {nets} nets has {percent(top)} of the validation examples right, with a learning rate of "
                f"{plain(float(best.lrs[best.best]))}. It is the best because it was chosen by these examples: new "
                "ones say how good it is."
            ),
        ]

    def script(self, s: Any) -> str:
        return training_script(self.config(s, lr=s.rounds_lr, l2=s.rounds_decay, epochs=EPOCHS))

    def seconds(self, s: Any) -> float | None:
        return float(s.rounds)
