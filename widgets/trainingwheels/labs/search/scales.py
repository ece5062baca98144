"""A learning rate drawn on a logarithmic and on a linear scale, and the number of random trials that is enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainingwheels.engine.optimizers import OPTIMIZERS
from trainingwheels.engine.scripts.scales import scales_script
from trainingwheels.engine.search.scales import LEARNERS, MOST, RATES, SCALES, Scales, chance, needed, scales
from trainingwheels.engine.settings import Table
from trainingwheels.figures.labels import many, short
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.parameters import Choice, LogSlider, Slider, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.search.inputs import Filtered, Seeded
from trainingwheels.labs.search.pictures.scales import ScalesPicture

__all__ = ["LogOrLinear"]

LEARNER = Table("learner", tuple(OPTIMIZERS[name] for name in LEARNERS))
UNSURE = 1 - 1e-6  # however many trials, it is not certain that one is good
AHEAD = 0.01  # of the accuracy: a smaller difference of the means is not called one


class LogOrLinear(Filtered, Seeded, View):
    """The same random numbers on both scales, looked up among nets that have been trained."""

    name = "scales"
    label = "log or linear"
    about = (
        "The same random numbers, once on a logarithmic scale and once on a linear one, make learning rates; their "
        "scores are those of nets that have learned digits. And how many random trials it takes."
    )
    picture = ScalesPicture

    tries = WholeSlider(1, MOST, 12, label="trials n", help="random trials of one search")
    low = LogSlider(float(RATES[0]), 1.0, 1e-5, step=0.5, label="lowest lr", help="lower end of the range")
    high = LogSlider(1e-5, float(RATES[-1]), 1.0, step=0.5, label="highest lr", help="upper end of the range")
    learner = Choice(LEARNER, "adam", section="net", label="optimizer", help="who learns with these rates")
    top = Slider(0.01, 0.5, 0.05, step=0.01, section="more", help="share of the best trials that one wants to be among")

    def compute(self, s: Any) -> Scales:
        return scales(s.learner, s.low, s.high, s.tries, s.top, s.seed, s.filters)

    def explain(self, result: Scales) -> Sequence[str]:
        last = {scale: float(result.shares[scale][-1]) for scale in SCALES}
        n = result.trials
        law, counted = min(float(chance(n, result.top)), UNSURE), float(result.hits[n - 1])
        ends = f"numbers from {short(result.low)} to {short(result.high)}"
        top = f"the highest decade, {short(float(result.decades[-2]))} and above"
        return [
            (
                f"Of all {ends} the linear scale draws {percent(last['linear'])} from {top}, the logarithmic one "
                f"{percent(last['log'])}."
                if len(result.decades) > 2
                else f"All {ends} lie in one decade."
            ),
            _verdict(result),
            (
                f"{many(n, 'random trial')} {'has' if n == 1 else 'have'} a chance of 1 − {1 - result.top:.2g}^{n} = "
                f"{percent(law)} that one is among the best {percent(result.top)}, however many hyperparameters there "
                f"are; counted over 1,000 searches on the logarithmic scale: {percent(counted)}, equals included. It "
                f"takes {needed(result.top)} to be 95 % sure."
            ),
            *convolution_sentence(result.base),
        ]

    def script(self, s: Any) -> str:
        return scales_script(s.learner, s.low, s.high, s.tries, s.filters)

    def seconds(self, s: Any) -> float | None:
        return 8.0 if s.filters else 2.0


def _verdict(result: Scales) -> str:
    means = {scale: float(result.best[scale][result.trials - 1].mean()) for scale in SCALES}
    ahead = means["log"] - means["linear"]
    found = (
        f"The best of {many(result.trials, 'trial')} has {percent(means['log'])} on average on the logarithmic scale, "
        f"{percent(means['linear'])} on the linear one: "
    )
    if abs(ahead) < AHEAD:
        return found + "less than a point apart."
    if ahead > 0:
        return found + f"log is ahead by {100 * ahead:.1f} points."
    return found + (
        f"linear is ahead by {-100 * ahead:.1f} points, since the best rates lie at the upper end of this range. Who "
        "knows that before?"
    )
