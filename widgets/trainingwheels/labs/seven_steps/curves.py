"""Step 6: look at the loss and accuracy curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from trainingwheels.engine import History, RunConfig, Snapshot, training_script
from trainingwheels.engine.steps.passing import curves_passed
from trainingwheels.figures.labels import many
from trainingwheels.figures.learning import LearningPicture
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.parameters import LogSlider, Slider, WholeSlider
from trainingwheels.labs.base.training import NetsView
from trainingwheels.labs.seven_steps.pictures.judged import Judged
from trainingwheels.labs.seven_steps.shared import Treated, said, trouble, veiled

__all__ = ["LookAtCurves"]


class LookAtCurves(Treated, NetsView):
    """One net, every batch a dot, and what the curves say."""

    name = "curves"
    label = "6 curves"
    step = 6
    picture = LearningPicture
    at_once = ()
    about = (
        "The best net of step 5 alone: each dot is the loss of a batch, the line their moving average. Rules of thumb "
        "with named thresholds say what the curves look like; look yourself, too."
    )

    final_lr = LogSlider(1e-5, 100.0, 0.05, step=0.125, label="lr", help="learning rate")
    final_decay = Slider(0.0, 0.001, 1e-4, step=1e-5, most=1000.0, label="λ", help="of weight decay")
    final_epochs = WholeSlider(10, 20, 15, unit="epochs", label="epochs", help="how often each example is seen")

    def configs(self, s: Any) -> tuple[list[RunConfig], list[str]]:
        return [self.config(s, lr=s.final_lr, l2=s.final_decay, epochs=s.final_epochs)], ["the best"]

    def view(self, snapshot: Snapshot, labels: Sequence[str], s: Any) -> Judged:
        (run,) = snapshot.histories
        shown = veiled(run)
        verdict = trouble(snapshot) or (curves_passed(shown) if snapshot.done else None)
        return Judged((shown,), labels, verdict=verdict)

    def explain(self, result: Judged) -> Sequence[str]:
        run = cast(History, result.histories[0])
        words = said(self.step, result.verdict, "when the rules find nothing to mend", len(run.steps) > 0)
        if not len(run.steps):
            return [*words, *convolution_sentence(run.config)]
        train, val = (percent(float(found[-1])) for found in (run.train_accuracy, run.val_accuracy))
        end = f"After {many(len(run.steps), 'step')} {train} of training and {val} of validation examples are right."
        return [*words, end]

    def script(self, s: Any) -> str:
        return training_script(self.configs(s)[0][0])
