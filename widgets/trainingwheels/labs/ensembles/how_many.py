"""How many nets, which of them, and how they are averaged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from trainingwheels.engine import InvalidSetting, RunConfig
from trainingwheels.engine.evaluation import COMBINATIONS, combine, subset_accuracy
from trainingwheels.engine.evaluation.ensembles import Ensemble, averaged, independent
from trainingwheels.engine.scripts.ensembles import ensemble_script
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.labels import many, points
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.parameters import Choice, Several, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.ensembles.pictures.how_many import Averages, HowManyPicture
from trainingwheels.labs.ensembles.population import ALL, Populated, longer

__all__ = ["SIZES", "HowMany"]

SIZES = (1, 2, 3, 4, 6, 8, 12, 16, 24, ALL)
NETS = Table("left_out", tuple(Option(str(net), str(net)) for net in range(1, ALL + 1)))


class HowMany(Populated, View):
    """Accuracy against the number of nets, with a band over subsets; members toggled; ways of averaging."""

    name = "size"
    label = "how many"
    about = (
        f"{ALL} nets that differ by their seed only, trained as one population, and what averaging some of them is "
        "worth on validation data."
    )
    picture = HowManyPicture

    members = WholeSlider(2, ALL, 16, unit="nets", help="how many are averaged: the first so many")
    how = Choice(COMBINATIONS, "mean", help="what is averaged")
    left_out = Several(NETS, (), section="members", label="leave out", help="nets that are not averaged")

    def compute(self, s: Any) -> Averages:
        found = independent(self.config(s), ALL)
        out = {int(net) for net in s.left_out}
        used = np.array([net for net in range(s.members) if net + 1 not in out], int)
        if len(used) < 2:
            raise InvalidSetting(f"{len(used)} of the first {s.members} nets left makes no ensemble: leave fewer out.")
        p, y = found.probabilities[used], found.labels
        ways = {how: float((combine(p, how).argmax(axis=1) == y).mean()) for how in COMBINATIONS}
        return Averages(
            found.right.mean(axis=1),
            used,
            np.array(SIZES),
            curve(self.config(s), s.how),
            s.how,
            ways,
            averaged([found.nets[net] for net in used]).accuracy(),
            self.config(s),
        )

    def explain(self, result: Averages) -> Sequence[str]:
        own, now = result.own[result.used], result.ways[result.how]
        count = len(result.used)
        means = [float(each.mean()) for each in result.curve]
        enough = next(size for size, mean in zip(SIZES, means, strict=True) if abs(mean - means[-1]) <= 0.005)
        few = f"{many(enough, 'net')} {'is' if enough == 1 else 'are'} within half a point of that"
        if enough == ALL:
            few = "no smaller number that was tried is within half a point of that"
        units = "Filters and hidden units" if result.config.conv else "Hidden units"
        return [
            (
                f"{count} nets, {COMBINATIONS[result.how].label}: right on {percent(now)} of the validation examples. "
                f"Alone they are right on {percent(float(own.mean()))} on average, the best of them on "
                f"{percent(float(own.max()))}: averaging gives {points(now - own.mean(), True)} against the mean, "
                f"{points(now - own.max(), True)} against the best, which nobody knows without validation data."
            ),
            (
                f"Over subsets of the {ALL}: one net {percent(means[0])}, two {percent(means[1])}, all "
                f"{percent(means[-1])}; {few}."
            ),
            (
                f"Averaging the weights instead: {percent(result.weights)}. {units} stand in another order in "
                "each net, so that the mean weight belongs to none of them. The mean of the logits and the geometric "
                "mean of the probabilities are the same."
            ),
            *convolution_sentence(result.config),
        ]

    def script(self, s: Any) -> str:
        return ensemble_script(self.config(s), s.members, s.how)

    def seconds(self, s: Any) -> float | None:
        return 3.0 + longer(self.config(s))


@lru_cache(maxsize=16)
def curve(config: RunConfig, how: str) -> tuple[Any, ...]:
    """For each of SIZES the accuracies of ensembles of so many of the population's nets."""
    found: Ensemble = independent(config, ALL)
    return tuple(subset_accuracy(found.probabilities, found.labels, size, how, subsets=100) for size in SIZES)
