"""A signal goes up a deep net at its initialization, its gradient comes down; nothing is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from trainingwheels.engine import ACTIVATIONS, INITIALIZERS, METHODS, DeepNet, Layer, lecture_script, propagate
from trainingwheels.figures import LayerHistograms, LayerSignals
from trainingwheels.labs.base.layer_words import layer_words
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, Slider, Switch, WholeSlider
from trainingwheels.labs.base.view import View
from trainingwheels.labs.weight_initialization.net import Net

__all__ = ["Signals"]

SAMPLE = 2**15
"""Values per layer that a result keeps for its histograms: more would not change what the eye sees."""


class Signals(Net, View):
    """Histograms of what every layer sees, forward and backward."""

    name = "signals"
    label = "signals"
    about = (
        "A batch of unit Gaussian inputs goes up a fully connected net, and a unit Gaussian gradient comes down. "
        "Nothing is trained: this is the net as it was born."
    )
    picture = LayerHistograms

    std = LogSlider(
        1e-4,
        1.0,
        0.01,
        step=0.05,
        help="standard deviation of each weight",
        when={"initializer": ("gaussian", "constant")},
    )
    initializer = Choice(INITIALIZERS, "gaussian", help="how the entries of W are drawn")
    activation = Net.activation  # these two stand before and after the others
    depth = Net.depth
    width = LogWholeSlider(16, 65_536, 4096, unit="units", section="net", help="units in every layer")
    batch = LogWholeSlider(1, 256, 16, unit="examples", section="more", help="examples sent through the net")
    dropout = Slider(0.0, 0.95, 0.0, step=0.05, section="net", help="probability of dropping a unit between two layers")
    batchnorm = Switch(False, section="net", help="normalize each unit over the batch, before the nonlinearity")
    method = Choice(
        METHODS,
        "matrix-free",
        section="more",
        help="dense forms every W, matrix-free gives the same distribution without",
    )
    seed = WholeSlider(0, 99, 0, most=2**31 - 1, section="more", help="which random draw")

    def compute(self, s: Any) -> LayerSignals:
        layers = propagate(_net(s), batch=s.batch, seed=s.seed, method=s.method)
        activation = ACTIVATIONS[s.activation]
        units = max(1, SAMPLE // s.batch)
        idle = activation.flat.word if activation.flat else "saturated"
        return LayerSignals([_sampled(layer, units) for layer in layers], activation.range, idle)

    def explain(self, result: LayerSignals) -> Sequence[str]:
        return layer_words(result)

    def script(self, s: Any) -> str:
        return lecture_script(_net(s), batch=s.batch, seed=s.seed)

    def seconds(self, s: Any) -> float | None:
        return 5e-8 * s.depth * s.width**2 * ACTIVATIONS[s.activation].pieces if s.method == "dense" else None


def _net(s: Any) -> DeepNet:
    return DeepNet((s.width,) * (s.depth + 1), s.activation, s.initializer, s.std, s.batchnorm, s.dropout)


def _sampled(layer: Layer, units: int) -> Layer:
    """The record with the arrays of at most ``units`` units: of wide layers, the first are as good as any."""
    if layer.activations.shape[1] <= units or layer.gradients is None:
        return layer
    return replace(layer, activations=layer.activations[:, :units].copy(), gradients=layer.gradients[:, :units].copy())
