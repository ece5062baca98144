"""Step 1: the loss before training, weight decay off, against that of equal scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import train_steps, training_script
from trainingwheels.engine.steps.passing import closeness, initial_passed
from trainingwheels.figures.labels import compact
from trainingwheels.figures.panels import plain
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.parameters import LogSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.seven_steps.pictures.initial import InitialPicture, InitialView
from trainingwheels.labs.seven_steps.shared import Treated, said

__all__ = ["Initial"]

NETS = 10


class Initial(Treated, View):
    """Ten untrained nets, and what weight decay would add to their loss."""

    name = "initial"
    label = "1 initial loss"
    step = 1
    picture = InitialPicture
    about = (
        f"The loss of {NETS} nets before their first step. A net that knows nothing yet gives all classes about the "
        "same score, and that loss is known: log C for softmax, C − 1 for the hinge."
    )

    l2 = LogSlider(
        1e-6, 0.1, 1e-3, step=0.125, label="λ", help="of weight decay, if it were on: what it adds to the loss"
    )

    def compute(self, s: Any) -> InitialView:
        configs = [self.config(s, seed=s.seed + net) for net in range(NETS)]
        snapshot = next(train_steps(configs))
        losses = np.array([history.val_loss[0] for history in snapshot.histories], float)
        squares = np.array([sum(float((W**2).sum()) for W in snapshot.weights_of(net)) for net in range(NETS)])
        value, words = snapshot.histories[0].even_loss
        verdict = initial_passed(losses, value, closeness(bool(s.conv)))
        return InitialView(losses, squares, value, words, s.l2, verdict, configs[0])

    def explain(self, result: InitialView) -> Sequence[str]:
        mean, penalty = float(result.losses.mean()), result.l2 * float(result.squares.mean())
        ends = dict.fromkeys(f"{end:.4g}" for end in (result.losses.min(), result.losses.max()))
        return [
            *said(self.step, result.verdict, ""),
            (f"{result.words} = {result.even:.4g}; the {len(result.losses)} nets begin with {' to '.join(ends)}."),
            (
                f"With a weight decay of {compact(result.l2)} the loss would begin at {mean + penalty:.4g}, of which "
                f"{plain(float(f'{penalty:.3g}'))} is the penalty: so it is off in this step."
            ),
            *convolution_sentence(result.config),
        ]

    def script(self, s: Any) -> str:
        return training_script(self.config(s, epochs=1))

    def seconds(self, s: Any) -> float | None:
        return 1.0
