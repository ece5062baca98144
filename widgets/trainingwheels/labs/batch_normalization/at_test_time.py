"""Running averages of training, the noise of a batch's own, and what test mode makes of one example."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainingwheels.engine.batchnorm import RUNNING_SHARE, at_test_time, running_average
from trainingwheels.engine.scripts.batchnorm import running_script
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.engine.signals.batch_statistics import (
    POOL,
    batch_noise,
    draw_batches,
    one_example_in_many_batches,
    spread_of_means,
)
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.parameters import LogSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.batch_normalization.inputs import ONE_EXAMPLE, Inputs, Seeded
from trainingwheels.labs.batch_normalization.layer import signed
from trainingwheels.labs.batch_normalization.pictures.running_statistics import (
    RunningStatistics,
    RunningStatisticsPicture,
)

__all__ = ["AtTestTime"]

STEPS = 100  # whose running averages are shown
DEVIATION = 1.5  # of the one example from the mean, in standard deviations
START_COUNTS = 0.01  # a weight of the running averages' start above this is worth a sentence


class AtTestTime(Inputs, Seeded, View):
    """The same layer in training and in test mode."""

    name = "test"
    label = "training and test time"
    about = (
        "While it trains, a layer follows the mean and variance of its batches; at test time it uses what it then "
        "has. Below is how much the statistics of a batch vary, and what that makes of one example."
    )
    picture = RunningStatisticsPicture

    momentum = LogSlider(0.001, 1.0, RUNNING_SHARE, step=0.05, help="share of the newest batch, as in PyTorch")

    def compute(self, s: Any) -> RunningStatistics:
        if s.batch == 1:
            raise InvalidSetting(f"{ONE_EXAMPLE} to train on.")
        x = draw_batches(s.shape, s.mean, s.scale, s.batch, STEPS, s.seed)
        batch_mean, batch_var = x.mean(axis=1), x.var(axis=1, ddof=1)
        mean, var = running_average(0.0, batch_mean, s.momentum), running_average(1.0, batch_var, s.momentum)
        away = DEVIATION * s.scale
        count = min(1000, POOL // s.batch)
        return RunningStatistics(
            batch=s.batch,
            batch_mean=batch_mean,
            batch_var=batch_var,
            running_mean=mean,
            running_var=var,
            mean=s.mean,
            var=s.scale**2,
            noise=batch_noise(s.shape, s.seed),
            example=one_example_in_many_batches(s.shape, away, s.scale, s.batch, count, s.seed, s.epsilon),
            example_test=float(at_test_time(s.mean + away, mean[-1], var[-1], epsilon=s.epsilon)),
            example_true=float(at_test_time(away, 0.0, s.scale**2, epsilon=s.epsilon)),
            spread=spread_of_means(s.shape, s.scale, s.batch, s.seed),
            momentum=s.momentum,
        )

    def explain(self, result: RunningStatistics) -> Sequence[str]:
        steps = len(result.batch_mean)
        start = (1 - result.momentum) ** steps
        counts = f" Their start, 0 and 1, still counts {percent(start)}: a larger momentum forgets it sooner."
        return [
            (
                f"After {steps} steps the running mean is {signed(result.running_mean[-1])} (true: "
                f"{signed(result.mean)}), the running variance {result.running_var[-1]:.3g} (true: {result.var:.3g})."
                + counts
                * (start > START_COUNTS)
            ),
            (
                f"The mean of a batch of {result.batch} varies from batch to batch with a standard deviation of "
                f"{result.spread:.3g}; theory says σ/√m = {(result.var / result.batch) ** 0.5:.3g}."
            ),
            f"An example 1.5 σ above the mean becomes x̂ = {result.example.mean():.2f} ± {result.example.std():.2f} in "
            "training, depending on who else is in its batch: noise, somewhat as dropout's. At test time it is always "
            f"{result.example_test:.2f}.".replace("-", "−"),
        ]

    def script(self, s: Any) -> str:
        return running_script(s.shape, s.mean, s.scale, s.batch, s.momentum, s.epsilon, STEPS, s.seed)
