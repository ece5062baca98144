"""Whose statistics prepare the test set: the honest way, and two that leak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainingwheels.engine import PREPROCESSING
from trainingwheels.engine.data.leakage import leaked_accuracies
from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.engine.scripts.preprocessing import leak_script
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, Slider, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.preprocessing.pictures.leakage import LeakPicture, LeakView

__all__ = ["WhoseStatistics"]

REPEATS = 20  # enough for an interval, few enough for a slider
LEAKS = {"both": "Statistics of both sets", "test": "The test set's own statistics"}


class WhoseStatistics(View):
    """Test accuracy with the statistics of the training set, of both sets, and of the test set itself."""

    name = "leak"
    label = "whose statistics"
    about = (
        "One classifier, tested on digits that were prepared with the statistics of the training set, of both sets, "
        "or of the test set itself. Each dot is another draw of digits."
    )
    picture = LeakPicture

    method = Choice(PREPROCESSING, "whiten", help="what is done to the digits")
    train_size = WholeSlider(4, 1024, 64, step=4, unit="digits", help="digits to train on")
    test_size = LogWholeSlider(1, 512, 256, unit="digits", section="test set", help="digits to test on, together")
    drift = Slider(
        -0.5, 0.5, 0.0, step=0.05, section="test set", help="added to each pixel of the test images (0 to 1)"
    )

    def compute(self, s: Any) -> LeakView:
        return LeakView(leaked_accuracies(s.method, s.train_size, s.test_size, s.drift, REPEATS))

    def explain(self, result: LeakView) -> Sequence[str]:
        means = {name: percent(float(values.mean())) for name, values in result.accuracies.items()}
        draws = len(result.accuracies["train"])
        first = (
            f"Test accuracy, mean of {draws} draws of digits: {means['train']} with the training set's statistics "
            f"(honest), {means['both']} with those of both sets, {means['test']} with the test set's own."
        )
        return [first, *(_change(result, name) for name in LEAKS)]

    def script(self, s: Any) -> str:
        return leak_script(s.method, s.train_size, s.test_size, s.drift, REPEATS)


def _change(result: LeakView, name: str) -> str:
    """By how much a leak changes the accuracy."""
    difference = result.difference(name)
    low, high = bootstrap_interval(difference)
    verdict = (
        "the test looks better than an honest one"
        if low > 0
        else "the test looks worse than an honest one"
        if high < 0
        else "no effect can be told from chance here, and it is a leak all the same"
    )
    return (
        f"{LEAKS[name]} change it by {_percentage(float(difference.mean()))} points "
        f"(99 % interval {_percentage(low)} to {_percentage(high)}): {verdict}."
    )


def _percentage(share: float) -> str:
    return f"{100 * share:+.1f}".replace("+0.0", "0.0").replace("-0.0", "0.0").replace("-", "−")
