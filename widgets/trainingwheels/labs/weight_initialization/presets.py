"""The lecture's slides on weight initialization, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
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
