"""Two weights whose inputs are all positive, and the same with inputs that are not: the way to what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainingwheels.engine import outputs, two_weights, two_weights_script
from trainingwheels.figures.labels import many, precise, short
from trainingwheels.figures.panels import percent
from trainingwheels.labs.activation_functions.nonlinearities import Bell, on_screen
from trainingwheels.labs.activation_functions.pictures.two_weights import FAR, Way, WaysPicture, WaysView
from trainingwheels.labs.base.parameters import Slider, WholeSlider
from trainingwheels.labs.base.view import View

__all__ = ["TwoWeightsOfAUnit"]


class TwoWeightsOfAUnit(Bell, View):
    """A unit with two weights is trained on the outputs of two others; alone, a nonlinearity stands beside itself with
    the mean of its outputs taken away."""

    name = "weights"
    label = "two weights"
    about = (
        "A unit with two weights learns, on one example at a time, from the outputs of two others. Above is the way of "
        "its weights, over contours of the expected loss; below, how far they still are from those that are wanted."
    )
    picture = WaysPicture

    updates = WholeSlider(1, 200, 40, unit="steps", label="steps", help="steps, each on one example")
    rate = Slider(0.05, 5.0, 0.5, step=0.05, label="learning rate", help="length of a step per unit of gradient")
    draw = WholeSlider(0, 99, 0, section="inputs", label="seed", help="which random examples")

    def compute(self, s: Any) -> WaysView:
        common = {"steps": s.updates, "rate": s.rate, "mean": s.mean, "std": s.std, "seed": s.draw}
        shown = on_screen(s)
        ways = [Way(f, two_weights(f, **common), outputs(f, s.mean, s.std).mean) for f in shown]
        if len(shown) == 1:
            ways.append(Way(shown[0], two_weights(shown[0], **common, centred=True), 0.0, centred=True))
        return WaysView(ways)

    def explain(self, result: WaysView) -> Sequence[str]:
        return [_signs(way) for way in result.ways] + [_left(way) for way in result.ways]

    def script(self, s: Any) -> str:
        return two_weights_script(on_screen(s)[0], s.updates, s.rate, s.mean, s.std, s.draw)


def _signs(way: Way) -> str:
    """Which way the weights have moved together."""
    x, steps = way.found.inputs, len(way.found.inputs)
    moved = np.diff(way.found.path, axis=0)
    moved = moved[np.isfinite(moved).all(axis=1)]
    together = int(np.count_nonzero((moved > 0).all(axis=1) | (moved < 0).all(axis=1)))
    count = int(np.count_nonzero(x.prod(axis=1) > 0))
    if (x > 0).all():
        signs = f"all inputs are positive (mean {precise(way.mean)})"
    else:
        signs = f"both inputs have one sign in {count} of {many(steps, 'example')} (mean {short(way.mean)})"
    return f"{way.name}: {signs}; both weights rose together or fell together in {together} of {many(steps, 'step')}."


def _left(way: Way) -> str:
    """How far away the weights that are wanted still are."""
    left = way.left[-1]
    if not np.isfinite(left):
        return f"{way.name}: diverged; the rate is too large for these inputs."
    walked = float(np.linalg.norm(np.diff(way.found.path, axis=0), axis=1).sum())
    straight = float(np.linalg.norm(way.found.path[-1]))
    detour = f"; the way is {short(walked / straight)} times as long as the line from start to end" if straight else ""
    share = "under 0.1 %" if left < 1e-3 else percent(float(left)) if left < FAR else f"{short(float(left))} times"
    return f"{way.name}: {share} of the distance to the wanted weights is left{detour}."
