"""Decision regions in the plane, of each net and of all together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import DATASETS, RunConfig
from trainingwheels.engine.evaluation import COMBINATIONS, combine
from trainingwheels.engine.evaluation.ensembles import independent
from trainingwheels.engine.scripts.ensembles import ensemble_script
from trainingwheels.engine.settings import Table
from trainingwheels.figures.panels import percent
from trainingwheels.figures.plane import Plane, plane_points, square_around
from trainingwheels.labs.base.parameters import Choice, LogWholeSlider, Slider, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.ensembles.pictures.plane import DRAWN, PlanePicture, Regions
from trainingwheels.labs.ensembles.population import Seeded

__all__ = ["InThePlane"]

SETS = Table("points", tuple(DATASETS[name] for name in ("spirals", "moons", "circles", "xor")))
RESOLUTION = 64  # points along each side
EPOCHS, WIDTH = 300, 24


class InThePlane(Seeded, View):
    """Each net draws its own border between the few points that it has seen; the average is smoother."""

    name = "plane"
    label = "in the plane"
    about = (
        f"{DRAWN} nets that differ by their seed have learned the same few points of the plane: the regions of each, "
        "and, large, those of the first nets together. Points have no neighbours, so these nets have no convolutions."
    )
    picture = PlanePicture

    together = WholeSlider(2, DRAWN, DRAWN, unit="nets", label="nets", help="how many are averaged: the first so many")
    rule = Choice(COMBINATIONS, "mean", label="how", help="what is averaged")
    points = Choice(SETS, "spirals", section="data", label="dataset", help="what is learned")
    learned = LogWholeSlider(16, 256, 32, unit="points", section="data", label="train size", help="training points")
    noise = Slider(0.0, 1.0, 0.4, step=0.05, section="data", help="spread of the points")

    def config(self, s: Any) -> RunConfig:
        return RunConfig(
            dataset=s.points,
            train_size=s.learned,
            data_noise=s.noise,
            hidden=(WIDTH, WIDTH),
            lr=0.05,
            batch_size=min(32, s.learned),
            epochs=EPOCHS,
            seed=s.seed,
        )

    def compute(self, s: Any) -> Regions:
        found = independent(self.config(s), DRAWN)
        data = found.nets[0].data
        extent = square_around(data.X_train)
        points = plane_points(extent, RESOLUTION)
        p = np.stack([net.probabilities(points) for net in found.nets])
        shown = (data.X_train, data.y_train, data.X_val[:0], data.y_val[:0])
        planes = tuple(Plane(extent, each, (), *shown) for each in p)
        together = combine(found.probabilities[: s.together], s.rule).argmax(axis=1)
        return Regions(
            planes,
            Plane(extent, combine(p[: s.together], s.rule), (), *shown),
            s.together,
            found.right.mean(axis=1),
            float((together == found.labels).mean()),
        )

    def explain(self, result: Regions) -> Sequence[str]:
        own = result.own[: result.count]
        return [
            (
                f"Of {len(result.planes[0].X_train)} points each net has drawn a border of its own. Alone the first "
                f"{result.count} are right on {percent(float(own.mean()))} of new points on average, the best of them "
                f"on {percent(float(own.max()))}; together on {percent(result.accuracy)}."
            ),
            (
                f"They disagree on {percent(disputed(result))} of the square. Where the colours of the average mix, "
                "little is known."
            ),
        ]

    def script(self, s: Any) -> str:
        return ensemble_script(self.config(s), s.together, s.rule)

    def seconds(self, s: Any) -> float | None:
        return 2.0


def disputed(result: Regions) -> float:
    """The share of the square in which not all nets that are averaged say the same."""
    chosen = np.stack([plane.probabilities.argmax(axis=1) for plane in result.planes[: result.count]])
    return float((chosen != chosen[0]).any(axis=0).mean())
