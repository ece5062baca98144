"""Cross-validation done wrong beside the same done right: features chosen before splitting, and inside each fold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.engine.scripts.features import features_script
from trainingwheels.engine.search.choosing_features import FeatureChoice, choose_before_and_inside
from trainingwheels.figures.labels import many, points
from trainingwheels.figures.panels import percent
from trainingwheels.labs.base.kind_words import side_of
from trainingwheels.labs.base.parameters import LogWholeSlider, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.search.inputs import Seeded
from trainingwheels.labs.search.pictures.features import ChosenFeatures, FeaturesPicture

__all__ = ["WrongAndRight"]

FEATURES = (32, 64, 128, 256, 512, 1024, 2048)
REPEATS = 20


class WrongAndRight(Seeded, View):
    """Classes that have nothing to do with the features: what each way of cross-validating says of them."""

    name = "features"
    label = "done wrong"
    about = (
        "Features that are noise, and two classes that have nothing to do with them: no model can be right more often "
        "than half the time. Some features are chosen, once by all examples before they are split, once inside each "
        "fold by what it trains on."
    )
    picture = FeaturesPicture

    features = LogWholeSlider(
        FEATURES[0], FEATURES[-1], 1024, unit="features", label="features", help="there are; powers of two"
    )
    points = WholeSlider(20, 200, 50, step=10, unit="examples", label="examples", help="to choose and to learn from")
    kept = WholeSlider(1, 32, 20, unit="features", label="chosen", help="those that differ most between the classes")
    parts = WholeSlider(2, 10, 5, unit="folds", section="more", label="folds", help="of the cross-validation")

    def compute(self, s: Any) -> ChosenFeatures:
        found = {count: _choice(s.points, count, s.kept, s.parts, s.seed) for count in FEATURES}
        nearest = min(FEATURES, key=lambda count: abs(count - s.features))
        return ChosenFeatures(found, nearest, s.points // 2 * 2, s.kept, s.parts)

    def explain(self, result: ChosenFeatures) -> Sequence[str]:
        here = result.here
        low, high = bootstrap_interval(here.inside)
        return [
            (
                f"{many(result.chosen, 'feature')} chosen out of {result.features:,}, {result.examples} examples, "
                f"{result.folds} folds, {REPEATS} repeats. Chosen before splitting, cross-validation says "
                f"{percent(float(here.before.mean()))}; the model has {percent(float(here.new.mean()))} on new ones."
            ),
            _verdict(here)
            if result.chosen < result.features
            else "No feature is left out: there is nothing to choose.",
            (
                f"Chosen inside each fold, it says {percent(float(here.inside.mean()))} (99 % interval {percent(low)} "
                f"to {percent(high)}), where half is the truth."
            ),
        ]

    def script(self, s: Any) -> str:
        result = self.compute(s)
        return features_script(result.examples, result.features, s.kept, s.parts)

    def seconds(self, s: Any) -> float | None:
        return 1.0


@lru_cache(maxsize=64)
def _choice(examples: int, features: int, chosen: int, folds: int, seed: int) -> FeatureChoice:
    return choose_before_and_inside(examples, features, chosen, folds, repeats=REPEATS, seed=seed)


def _verdict(here: FeatureChoice) -> str:
    bias = here.before - here.new
    low, high = bootstrap_interval(bias)
    interval = f"99 % interval {points(low, unit='')} to {points(high, unit='')}"
    if side_of(low, high) > 0:
        return (
            f"That is {points(bias.mean())} too much ({interval}): the examples that are left out have had "
            "their say before."
        )
    if side_of(low, high) < 0:
        return f"That is {points(-bias.mean())} too little ({interval})."
    return f"The difference of {points(bias.mean())} ({interval}) cannot be told from chance."
