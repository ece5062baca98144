"""Frozen batchnorm while the head learns: how far its statistics move, what is left of the old task, and the new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainingwheels.engine.evaluation.frozen_statistics import Drift
from trainingwheels.figures.palettes import layer_color, run_color
from trainingwheels.figures.panels import Box, Stroke, percent, plain
from trainingwheels.figures.plots import Plot, PlotsPicture, Spot
from trainingwheels.figures.run_curves import TENTHS
from trainingwheels.figures.scales import reach
from trainingwheels.figures.theme import PINNED

__all__ = ["FrozenPicture"]

KINDS = (("drifting", run_color(1)), ("still", run_color(0)))


class FrozenPicture(PlotsPicture):
    """Running means, accuracy on the old set and on the new one, against steps."""

    rows = (2, 1)
    height = 540.0
    tall = 230.0
    room = (78.0, 78.0, 78.0)
    numbers = (percent, percent, plain)
    across = ("{:,.10g}".format,) * 3

    def plots(self, result: Drift, pinned: Drift | None, boxes: Sequence[Box]) -> Sequence[Plot]:
        x = (0.0, float(result.total))
        config = result.configs[0]
        source = self._accuracy(f"{config.pretrained}, with the old head", result.source, result, x)
        target = self._accuracy(f"{config.dataset}, with the new head", result.target, result, x)
        return source, target, self._means(result, pinned, x)

    def _accuracy(self, heading: str, values: Any, result: Drift, x: tuple[float, float]) -> Plot:
        steps, nets = result.steps.astype(float), len(result.configs) // 2
        lines, bands, spots = [], [], []
        for place, (name, color) in enumerate(KINDS):
            mine = values[:, place * nets : (place + 1) * nets]
            mean = mine.mean(axis=1)
            lines.append(Stroke(steps, mean, color))
            bands.append((steps, mine.min(axis=1), mine.max(axis=1), color))
            spots.append(Spot(float(steps[-1]), float(mean[-1]), color, name))
        words = "band: lowest to highest" if nets > 1 else ""
        return Plot(heading, x, (0.0, 1.0), words, "step", marks=TENTHS, lines=lines, bands=bands, spots=spots)

    def _means(self, result: Drift, pinned: Drift | None, x: tuple[float, float]) -> Plot:
        steps, nets = result.steps.astype(float), len(result.configs) // 2
        means = result.means[:, :nets].mean(axis=1)  # (moments, layers)
        layers = means.shape[1]
        lines = [Stroke(steps, means[:, layer], layer_color(layer, layers)) for layer in range(layers)]
        spots = [
            Spot(float(steps[-1]), float(means[-1, layer]), layer_color(layer, layers), f"layer {layer + 1}")
            for layer in range(layers)
        ]
        behind = []
        if pinned is not None:
            old = pinned.means[:, : len(pinned.configs) // 2].mean(axis=1)
            at = pinned.steps.astype(float)
            behind = [Stroke(at, old[:, layer], PINNED, "-", 1.2) for layer in range(old.shape[1])]
        top = reach(max(0.02, float(means.max())))
        words = "moved, in std; still ones by 0"
        return Plot("running means", x, (0.0, top), words, "step", lines=lines, behind=behind, spots=spots)
