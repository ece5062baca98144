"""The test's rule, a single pass, against what it stands for: the average over the noise, on a net that has learned."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from trainingwheels.engine import RunConfig, load_dataset
from trainingwheels.engine.scripts.averages import average_script
from trainingwheels.engine.settings import InvalidSetting
from trainingwheels.figures.labels import short
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.training_with_noise.methods import AVERAGED, METHODS, Strengths, run_settings
from trainingwheels.labs.training_with_noise.pattern import Seeded
from trainingwheels.labs.training_with_noise.pictures.averages import Averages, AveragesPicture, Passes
from trainingwheels.labs.training_with_noise.training import OfData, base_config

__all__ = ["AtTestTime"]

PASSES = 512  # through a net, each with a noise of its own
TESTED = 180  # validation examples: half of the digits'


class AtTestTime(Strengths, OfData, Seeded, View):
    """The average over n noises, and the single pass that approximates it."""

    name = "test"
    label = "at test time"
    about = (
        "A net that was trained with noise is asked many times with the noise still on, and the answers are averaged. "
        "The single pass that a test takes instead is compared with that average."
    )
    picture = AveragesPicture

    noise = Choice(AVERAGED, "dropout", label="method", help="whose noise is averaged")
    passes = LogWholeSlider(1, PASSES, 8, label="passes", help="how many noises are averaged")
    example = WholeSlider(
        1,
        TESTED,
        1,
        label="example",
        section="example",
        help="whose probabilities are shown; passes differ most on 1",
    )

    def compute(self, s: Any) -> Averages:
        of = _passes(_config(s))
        return Averages(of, s.passes, min(s.example, len(of.labels)) - 1, s.batch_size if s.noise == "batchnorm" else 0)

    def explain(self, result: Averages) -> Sequence[str]:
        return _sentences(result)

    def script(self, s: Any) -> str:
        return average_script(_config(s), TESTED, PASSES)

    def seconds(self, s: Any) -> float | None:
        return 3.0


def _config(s: Any) -> RunConfig:
    needs = dict.fromkeys(METHODS[s.noise].needs, True)
    return base_config(s, **needs, **run_settings(s, (s.noise,), s.dataset), seed=s.seed)


@lru_cache(maxsize=4)
def _passes(config: RunConfig) -> Passes:
    """Of a net that is trained to its end."""
    from trainingwheels.engine.training.train import train_steps
    from trainingwheels.engine.training.under_noise import noisy_probabilities

    *_, snapshot = train_steps([config], "cpu", snapshots=1)
    if snapshot.histories[0].diverged_at is not None:
        raise InvalidSetting(f"lr = {config.lr:g} makes this net diverge: choose a smaller one.")
    data = load_dataset(config.dataset, config.train_size)
    X, labels = data.X_val[:TESTED], data.y_val[:TESTED]
    single = snapshot.respond_of(0, X).probabilities
    return Passes(noisy_probabilities(snapshot, 0, X, PASSES), single, labels)


def _sentences(result: Averages) -> list[str]:
    of = result.of
    passes = len(of.noisy)
    single, average = of.accuracy(of.single), of.accuracy(of.average(passes))
    now_off = of.spread / np.sqrt(result.averaged)
    now = of.accuracy(of.average(result.averaged))
    if not of.spread:
        same = "At this strength nothing is random: every pass is the test's single pass."
        if result.batch:
            same = "A batch is all training examples: every pass has their mean and variance, and nothing is random."
        return [same, f"Accuracy of the single pass: {percent(single)}."]
    batch = f"the mean and variance of {result.batch} random training examples"
    found = [f"Each pass takes {batch}, the test fixed averages over the training."] if result.batch else []
    found += [
        (
            f"In one noisy pass, a probability is off the average over all noises by {short(of.spread)} (root mean "
            f"square); the average of n = {result.averaged} is off by {short(now_off)}, with 1 / √n."
        ),
    ]
    if of.off:
        worth = of.worth
        as_good = "less than one noisy pass" if worth < 1 else f"the average of about {worth:.2g} noisy passes"
        found.append(
            f"The single pass of the test is off by {short(of.off)}: as near as {as_good}. It "
            "approximates the average, and does not converge to it."
        )
    else:
        found.append(f"The single pass of the test is no farther from it than the average of {passes} passes.")
    found.append(
        f"Accuracy on {len(of.labels)} validation examples: {percent(of.alone)} in one noisy pass, {percent(now)} for "
        f"the average of {result.averaged}, {percent(average)} for that of {passes}, {percent(single)} for the single "
        "pass."
    )
    return found
