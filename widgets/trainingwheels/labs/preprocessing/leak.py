"""Whose statistics prepare the test set: the honest way, and two that leak."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from numpy.typing import NDArray

from trainingwheels.engine import PREPROCESSING
from trainingwheels.engine.data.leakage import Leaks, leaked_accuracies
from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.engine.scripts.preprocessing import leak_script
from trainingwheels.figures.labels import points
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, Slider, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.preprocessing.pictures.leakage import LeakPicture

__all__ = ["WhoseStatistics"]

Floats = NDArray[Any]
REPEATS = 20  # enough for an interval, few enough for a slider
LEAKS = {"both": "Statistics of both sets", "test": "The test set's own statistics"}


class WhoseStatistics(View):
    """Accuracy with the statistics of the training set, of both, or of the test set, there and on unseen digits."""

    name = "leak"
    label = "whose statistics"
    about = (
        "One classifier, tested on digits that were prepared with the statistics of the training set, of both sets, "
        "or of the test set itself; and the same models on digits that no statistic has seen. Each dot is another draw."
    )
    picture = LeakPicture

    method = Choice(PREPROCESSING, "whiten", help="what is done to the digits")
    train_size = WholeSlider(4, 1024, 64, step=4, unit="digits", help="digits to train on")
    test_size = LogWholeSlider(1, 512, 256, unit="digits", section="test set", help="digits to test on, together")
    drift = Slider(
        -0.5, 0.5, 0.0, step=0.05, section="test set", help="added to each pixel of the test images (0 to 1)"
    )

    def compute(self, s: Any) -> Leaks:
        return leaked_accuracies(s.method, s.train_size, s.test_size, s.drift, REPEATS)

    def explain(self, result: Leaks) -> Sequence[str]:
        test, unseen = (
            {name: percent(float(values.mean())) for name, values in found.items()}
            for found in (result.test, result.unseen)
        )
        draws = len(result.test["train"])
        return [
            (
                f"Test accuracy, mean of {draws} draws of digits: {test['train']} with the training set's statistics "
                f"(honest), {test['both']} with those of both sets, {test['test']} with the test set's own."
            ),
            (
                f"The same models on digits that no statistic has seen: {unseen['train']}, {unseen['both']} and "
                f"{unseen['test']}."
            ),
            *(_effect(result, name) for name in LEAKS),
            "Statistics of the test set are a leak all the same: without unseen digits nobody could tell which it is.",
        ]

    def script(self, s: Any) -> str:
        return leak_script(s.method, s.train_size, s.test_size, s.drift, REPEATS)


def _effect(result: Leaks, name: str) -> str:
    """How much of what a leak changes is real, and how much of it only the test set shows."""
    change, real, flattery = result.change(name), result.real(name), result.flattery(name)
    if not (change.any() or real.any()):
        return f"{LEAKS[name]} change nothing at all, in none of the draws."
    kept, extra = _sign(real), _sign(flattery)
    there = {1: "a gain that is real", -1: "a loss that is real", 0: "no change that can be told from chance"}[kept]
    only = {
        1: "the test set flatters the model by {}, a gain that use will not see",
        -1: "the test set shows {} of it, less than use will see",
        0: "what the test set shows beyond that, {}, cannot be told from chance",
    }[extra]
    return (
        f"{LEAKS[name]} change the test accuracy by {points(float(change.mean()), True)}. On unseen digits it is "
        f"{_interval(real)}: {there}; {only.format(_interval(flattery))}."
    )


def _sign(values: Floats) -> int:
    """1 or -1 where the mean's interval lies on one side of 0, else 0."""
    low, high = bootstrap_interval(values)
    return (low > 0) - (high < 0)


def _interval(values: Floats) -> str:
    low, high = bootstrap_interval(values)
    signed = partial(points, signed=True, unit="")
    return f"{signed(float(values.mean()))} (99 % interval {signed(low)} to {signed(high)})"
