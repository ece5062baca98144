"""Several predictions for the price of one training, beside nets trained apart: cost, gain, and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from trainingwheels.engine.evaluation.calibration import reliability
from trainingwheels.engine.evaluation.cheaper import DROPOUT, MASKS, NETS, Way, ways
from trainingwheels.engine.evaluation.ensembles import error_correlations, independent
from trainingwheels.engine.scripts.ensembles import ensemble_script
from trainingwheels.engine.settings import Option, Table
from trainingwheels.figures.labels import capital, points
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.convolutions import convolution_sentence
from trainingwheels.labs.base.parameters import Choice
from trainingwheels.labs.base.view import View
from trainingwheels.labs.ensembles.pictures.cheaper import Cheap, CheaperPicture, Measured
from trainingwheels.labs.ensembles.population import ALL, Populated, longer

__all__ = ["Cheaper"]

WAYS = Table(
    "way",
    (
        Option("apart", f"{NETS} nets trained apart"),
        Option("snapshots", "snapshots of one run, cyclic rate"),
        Option("average", "moving average of one run's weights"),
        Option("masks", f"one net, {MASKS} dropout masks"),
    ),
)


class Cheaper(Populated, View):
    """Independent nets, snapshots, averaged weights and dropout masks: what each costs and gains, and why."""

    name = "cheaper"
    label = "cheaper ways"
    about = (
        f"{NETS} nets trained apart, beside what one training of the same length gives: snapshots at the ends of "
        f"{NETS} cycles of its rate, a moving average of its weights, and a net with dropout (rate {DROPOUT:g}) whose "
        f"{MASKS} masks are averaged."
    )
    picture = CheaperPicture

    way = Choice(WAYS, "apart", help="which of them is compared with one net on the right")

    def compute(self, s: Any) -> Cheap:
        config = self.config(s)
        found = ways(config, NETS, ALL)
        labels = independent(config, ALL).labels
        measured = tuple(_measure(way, labels) for way in found)
        apart = found[1]
        right = apart.p.argmax(axis=-1) == labels
        pairs = [
            (
                error_correlations(right[[a, b]])[0],
                (apart.p[[a, b]].mean(axis=0).argmax(axis=1) == labels).mean() - right[[a, b]].mean(),
            )
            for a, b in combinations(range(NETS), 2)
        ]
        return Cheap(measured, np.array(pairs), s.way, config)

    def explain(self, result: Cheap) -> Sequence[str]:
        one, now = result.ways[0], result.now
        several = [each for each in result.ways if each.members > 1]
        likest = max(several, key=lambda each: each.correlation)
        return [
            (
                f"{capital(WAYS[result.way].label)}: {_cost(now)}. Right on {percent(now.together)} of the "
                f"validation examples, one net on {percent(one.together)}: "
                f"{points(now.together - one.together, True)}."
            ),
            (
                "What averaging gains over the mean member, and the correlation of two members' mistakes: "
                + "; ".join(f"{each.label} {points(each.gain)}, {each.correlation:.2f}" for each in several)
                + f". Most alike are {likest.label}: who makes the same mistakes has little to add."
            ),
            (
                f"Expected calibration error: one net {one.reliability.error:.3f}, {now.label} "
                f"{now.reliability.error:.3f}. Mean confidence minus accuracy: {_signed(one.reliability.too_sure)} and "
                f"{_signed(now.reliability.too_sure)}; above 0 is too sure."
            ),
            *convolution_sentence(result.config),
        ]

    def script(self, s: Any) -> str:
        return ensemble_script(self.config(s), NETS, "mean")

    def seconds(self, s: Any) -> float | None:
        return 4.0 + 1.25 * longer(self.config(s))


def _measure(way: Way, labels: Any) -> Measured:
    own = way.accuracies(labels)
    right = way.p.argmax(axis=-1) == labels
    correlation = float(error_correlations(right).mean()) if len(own) > 1 else 1.0
    return Measured(
        way.name,
        way.label,
        len(own),
        (way.trainings, way.passes, way.nets),
        own,
        way.accuracy(labels),
        correlation,
        reliability(way.together, labels),
    )


def _cost(way: Measured) -> str:
    names = ("training", "forward pass", "net in memory")
    plurals = ("trainings", "forward passes", "nets in memory")
    parts = [f"{n} {one if n == 1 else many}" for n, one, many in zip(way.cost, names, plurals, strict=True)]
    return f"{parts[0]}, {parts[1]} for an example, {parts[2]}"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")
