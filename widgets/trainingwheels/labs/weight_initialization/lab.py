"""How the spread of the initial weights decides whether a deep net can learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from matplotlib.figure import Figure

from trainingwheels.engine import ACTIVATIONS, INITIALIZERS, METHODS, DeepNet, Layer, propagate
from trainingwheels.figures import LayerHistograms, LayerSignals, Picture
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.layer_words import layer_words
from trainingwheels.labs.base.parameters import Choice, LogSlider, LogWholeSlider, Slider, Switch, WholeSlider
from trainingwheels.labs.base.presets import Preset

__all__ = ["WeightInitialization"]

SAMPLE = 2**15
"""Values per layer that a result keeps for its histograms: more would not change what the eye sees."""


class WeightInitialization(Lab):
    """The flagship: a signal goes up a deep net at its initialization, its gradient comes down; nothing is trained."""

    slug = "weight-initialization"
    number = "03"
    title = "Weight initialization"
    summary = "How the spread of the initial weights decides whether a deep net can learn."
    part = "One-time setup"

    std = LogSlider(
        1e-4,
        1.0,
        0.01,
        step=0.05,
        help="standard deviation of each weight",
        when={"initializer": ("gaussian", "constant")},
    )
    initializer = Choice(INITIALIZERS, "gaussian", help="how the entries of W are drawn")
    activation = Choice(ACTIVATIONS, "tanh", help="nonlinearity after every layer")
    depth = WholeSlider(1, 12, 6, most=100, unit="layers", help="number of layers")
    width = LogWholeSlider(16, 65_536, 4096, unit="units", help="units in every layer")
    batch = LogWholeSlider(1, 256, 16, unit="examples", help="examples sent through the net")
    dropout = Slider(0.0, 0.95, 0.0, step=0.05, help="probability of dropping a unit between two layers")
    batchnorm = Switch(False, help="normalize each unit over the batch, before the nonlinearity")
    method = Choice(METHODS, "matrix-free", help="dense forms every W, matrix-free gives the same distribution without")
    seed = WholeSlider(0, 99, 0, most=2**31 - 1, help="which random draw")

    presets = (
        Preset(
            "small-random",
            "std 0.01",
            {"std": 0.01, "activation": "tanh"},
            question="What do the gradients dL/dW look like?",
            answer="All zero, no learning: that is where depth leads. In six layers they are down to a quarter of what "
            "Xavier gives, in 24 layers to a ten-thousandth of it.",
        ),
        Preset(
            "large-random",
            "std 0.05",
            {"std": 0.05, "activation": "tanh"},
            question="Almost all activations are near -1 or 1. What do the gradients look like?",
            answer="Local gradients all zero, no learning, says the lecture. This net says: nearly half of the units "
            "have a slope below 5 %, yet dL/da grows on its way down, because the large weights that saturate the "
            "units also amplify what gets through.",
        ),
        Preset(
            "xavier-tanh",
            "Xavier",
            {"initializer": "xavier", "activation": "tanh"},
            question="Why is a std of 1/sqrt(D_in) just right?",
            answer="A sum of D_in products then has the variance of one of its inputs: the linear part of a layer "
            "neither shrinks nor grows the signal. Only tanh itself makes it fade, slowly.",
        ),
        Preset(
            "xavier-relu",
            "Xavier, ReLU",
            {"initializer": "xavier", "activation": "relu"},
            question="Xavier takes the activation to be symmetric around zero. What does ReLU make of it?",
            answer="It collapses again: ReLU keeps half of the signal's mean square, so each layer has "
            "1/sqrt(2) = 0.71 of the one before, and so has the gradient on its way down.",
        ),
        Preset(
            "kaiming-relu",
            "Kaiming, ReLU",
            {"initializer": "kaiming", "activation": "relu"},
            question="Which std makes up for what ReLU cuts off?",
            answer="sqrt(2/D_in): twice the variance for half of the units. Just right again, for signal and gradient.",
        ),
        Preset(
            "batchnorm",
            "std 0.05, batchnorm",
            {"std": 0.05, "activation": "tanh", "batchnorm": True},
            question="Batchnorm stands before each tanh. Move std from end to end: what still changes?",
            answer="Next to nothing: each unit is brought back to mean 0 and variance 1 whatever the weights were, "
            "until std is so small that the epsilon in the denominator counts.",
        ),
    )

    def compute(self, s: Any) -> LayerSignals:
        layers = propagate(_net(s), batch=s.batch, seed=s.seed, method=s.method)
        activation = ACTIVATIONS[s.activation]
        units = max(1, SAMPLE // s.batch)
        idle = activation.flat.word if activation.flat else "saturated"
        return LayerSignals([_sampled(layer, units) for layer in layers], activation.range, idle)

    def picture(self, figure: Figure) -> Picture:
        return LayerHistograms(figure)

    def explain(self, result: LayerSignals) -> Sequence[str]:
        return layer_words(result)

    def script(self, s: Any) -> str:
        from trainingwheels.engine.scripts.propagation import lecture_script

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
