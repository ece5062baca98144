"""What each net says of one example, chosen among those on which they disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import RunConfig
from trainingwheels.engine.evaluation import COMBINATIONS, combine
from trainingwheels.engine.evaluation.ensembles import independent
from trainingwheels.engine.scripts.ensembles import ensemble_script
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.ensembles.pictures.one_example import SHOWN, Disputed, OneExamplePicture
from trainingwheels.labs.ensembles.population import ALL, Convolved, longer, population

__all__ = ["OneExample"]


class OneExample(Convolved, View):
    """Digits in the order in which the nets disagree on them; a click chooses one."""

    name = "example"
    label = "one example"
    about = (
        f"The validation digits on which {ALL} nets disagree most, and what each net says of the one that is chosen: "
        "click on another."
    )
    picture = OneExamplePicture

    pick = WholeSlider(1, SHOWN, 1, label="digit", help="which of them; the first is the most disputed")
    combined = Choice(COMBINATIONS, "mean", label="how", help="what is averaged: the circles")
    digits = LogWholeSlider(64, 1024, 128, unit="digits", section="data", help="digits to learn from")

    def config(self, s: Any) -> RunConfig:
        """The first net."""
        return population("digits", s.digits, 32, s.seed, s.conv)

    def compute(self, s: Any) -> Disputed:
        found = independent(self.config(s), ALL)
        p, y = found.probabilities, found.labels
        votes = combine(p, "vote")
        order = np.lexsort((p.mean(axis=0).max(axis=1), votes.max(axis=1)))[:SHOWN]
        images = found.nets[0].data.X_val[order].reshape(-1, 8, 8)
        average = combine(p[:, order], s.combined)
        return Disputed(images, y[order], p[:, order], average, s.pick - 1, s.combined, self.config(s))

    def explain(self, result: Disputed) -> Sequence[str]:
        p, label = result.p[:, result.pick], int(result.labels[result.pick])
        votes = np.bincount(p.argmax(axis=1), minlength=p.shape[1])
        order = sorted(enumerate(votes), key=lambda vote: -vote[1])
        ranked = [f"{count} {'says' if count == 1 else 'say'} {digit}" for digit, count in order if count]
        average = result.average[result.pick]
        said = int(average.argmax())
        sure = percent(average[said])
        equal = [str(digit) for digit in np.flatnonzero(average == average[said]) if digit != said]
        tie = f", and {' and '.join(equal)} as much" * bool(equal)
        right = float((result.average.argmax(axis=1) == result.labels).mean())
        alone = float((result.p.argmax(axis=2) == result.labels).mean())
        return [
            (
                f"It is {'an' if label == 8 else 'a'} {label}. Of {len(p)} nets {', '.join(ranked)}. Their average "
                f"({COMBINATIONS[result.how].label}) gives {said} a probability of {sure}{tie}, and "
                f"is {'right' if said == label else 'wrong'}."
            ),
            (
                f"On these {len(result.labels)} digits, the most disputed ones, one net is right on {percent(alone)} "
                f"on average, and all together on {percent(right)}."
            ),
            *convolution_sentence(result.config),
        ]

    def script(self, s: Any) -> str:
        return ensemble_script(self.config(s), ALL, s.combined)

    def drag(self, s: Any, start: Any, now: Any) -> Mapping[str, float]:
        return {"pick": now}

    def seconds(self, s: Any) -> float | None:
        return 2.0 + longer(self.config(s))
