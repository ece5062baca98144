"""Step 2: learn a small sample by heart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from trainingwheels.engine import History, RunConfig, Snapshot, training_script
from trainingwheels.engine.steps.passing import overfit_passed
from trainingwheels.figures.labels import many
from trainingwheels.figures.learning import LearningPicture
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.parameters import LogSlider, WholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.seven_steps.pictures.judged import Judged
from trainingwheels.labs.seven_steps.shared import Treated, said, settled, trouble, veiled

__all__ = ["BATCH", "Overfit"]

BATCH = 25  # examples: ten batches are as many as an evaluation looks at


class Overfit(Treated, NetsView):
    """One net and a few mini-batches, without weight decay."""

    name = "overfit"
    label = "2 small sample"
    step = 2
    picture = LearningPicture
    at_once = ()
    about = (
        f"A few mini-batches of {BATCH} examples, again and again, without weight decay: a net that can learn must get "
        "all of them right. How it does on validation examples is no matter here."
    )

    sample_lr = LogSlider(1e-5, 10.0, 0.03, step=0.125, label="lr", help="learning rate")
    batches = WholeSlider(5, 10, 8, unit="batches", label="mini-batches", help=f"of {BATCH} examples each")
    sample_epochs = WholeSlider(
        5, 100, 40, step=5, unit="epochs", label="epochs", help="how often each example is seen"
    )

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        size = BATCH * s.batches
        config = self.config(s, lr=s.sample_lr, train_size=size, batch_size=BATCH, epochs=s.sample_epochs)
        return [config], [f"{size} examples"]

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Judged:
        (run,) = snapshot.histories
        verdict = trouble(snapshot)
        if verdict is None and len(run.steps):
            verdict = settled(overfit_passed(run, BATCH * s.batches), snapshot)
        return Judged((veiled(run),), labels, verdict=verdict)

    def explain(self, result: Judged) -> Sequence[str]:
        run = cast(History, result.histories[0])
        steps = len(run.steps)
        return [
            *said(self.step, result.verdict, "when all training examples are right", steps > 0),
            *([f"After {many(steps, 'step')}."] if steps else convolution_sentence(run.config)),
        ]

    def script(self, s: Any) -> str:
        return training_script(self.configs(s)[0][0])
