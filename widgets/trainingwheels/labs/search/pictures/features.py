"""Features chosen before and after splitting: what cross-validation says of noise, and against how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trainingwheels.engine.search.choosing_features import FeatureChoice
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Dots, Plot, PlotsPicture, Spot
from trainingwheels.figures.theme import GUIDE, INK, MEANING, PINNED, SUBTLE
from trainingwheels.labs.search.pictures.colors import TEST

__all__ = ["WAYS", "ChosenFeatures", "FeaturesPicture"]

WAYS = {"before": "before splitting", "inside": "in each fold", "new": "new examples"}
COLORS = {"before": MEANING["validation"], "inside": MEANING["train"], "new": TEST}
SHIFTS = np.random.default_rng(0).uniform(-0.22, 0.22, 1000)  # of dots, so that they do not hide each other
HALF = 0.5  # what guessing has


@dataclass(frozen=True)
class ChosenFeatures:
    """What comes of ``chosen`` features out of each of several numbers of them; ``features`` are looked at."""

    found: Mapping[int, FeatureChoice]
    features: int
    examples: int
    chosen: int
    folds: int

    @property
    def here(self) -> FeatureChoice:
        return self.found[self.features]


def _way(place: float) -> str:
    names = list(WAYS.values())
    return names[round(place)] if abs(place - round(place)) < 1e-6 and 0 <= place < len(names) else ""


class FeaturesPicture(PlotsPicture):
    """Accuracies of both ways and of the model on new examples, repeat by repeat; their means against the features."""

    rows = (2,)
    height = 380.0
    tall = 260.0
    room = (44.0, 108.0)
    grid = "y"
    numbers = (percent, percent)
    across = (_way, plain)

    def plots(self, result: ChosenFeatures, pinned: ChosenFeatures | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        return _repeats(result, pinned), _against_features(result, pinned)


def _repeats(result: ChosenFeatures, pinned: ChosenFeatures | None) -> Plot:
    lines, dots, colors = [], [], []
    for place, name in enumerate(WAYS):
        values = getattr(result.here, name)
        dots.append(np.column_stack([place + SHIFTS[: len(values)], values]))
        colors += [COLORS[name] + "A0"] * len(values)
        ends = np.array([place - 0.3, place + 0.3])
        lines.append(Stroke(ends, np.full(2, values.mean()), COLORS[name], "-", 2.6))
    behind = [Stroke(np.array([-0.5, 2.5]), np.full(2, HALF), SUBTLE, GUIDE, 1.0)]
    for place, name in enumerate(WAYS if pinned is not None else ()):
        assert pinned is not None
        mean = getattr(pinned.here, name).mean()
        behind.append(Stroke(np.array([place - 0.3, place + 0.3]), np.full(2, mean), PINNED, "-", 2.0))
    return Plot(
        "accuracy on noise",
        (-0.5, 2.5),
        (0.0, 1.0),
        f"{len(result.here.before)} repeats and their means",
        "features chosen",
        lines=lines,
        behind=behind,
        dots=Dots(np.concatenate(dots), colors),
        spots=[Spot(2.5, HALF, SUBTLE, "half", marked=False)],
    )


def _against_features(result: ChosenFeatures, pinned: ChosenFeatures | None) -> Plot:
    x = np.array(list(result.found), float)
    lines, spots, behind = [], [], []
    for name, words in WAYS.items():
        mean = np.array([getattr(each, name).mean() for each in result.found.values()])
        lines.append(Stroke(x, mean, COLORS[name], "-", 2.2))
        spots.append(Spot(float(result.features), float(getattr(result.here, name).mean()), COLORS[name]))
        spots.append(Spot(float(x[-1]), float(mean[-1]), COLORS[name], words, marked=False))
        if pinned is not None:
            old = np.array([getattr(each, name).mean() for each in pinned.found.values()])
            behind.append(Stroke(np.array(list(pinned.found), float), old, PINNED, "-", 1.2))
    behind.append(Stroke(x[[0, -1]], np.full(2, HALF), SUBTLE, GUIDE, 1.0))
    behind.append(Stroke(np.full(2, float(result.features)), np.array([0.0, 1.0]), INK, GUIDE, 1.0))
    return Plot(
        "against the number of features",
        (float(x[0]), float(x[-1])),
        (0.0, 1.0),
        "means",
        "features to choose from",
        "x",
        lines=lines,
        behind=behind,
        spots=spots,
    )
