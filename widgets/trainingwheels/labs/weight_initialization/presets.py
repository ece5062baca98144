"""The lecture's slides on weight initialization, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset(
        "small-random",
        "std 0.01",
        {"std": 0.01, "activation": "tanh", "depth": 24},
        question="24 layers deep. What do the gradients dL/dW look like?",
        answer="All zero, no learning: a ten-thousandth of what Xavier gives, in every layer. That is where depth "
        "leads: move it to the lecture's six layers, and a quarter is left.",
    ),
    Preset(
        "large-random",
        "std 0.05",
        {"std": 0.05, "activation": "tanh"},
        question="Most activations are near −1 or 1. What do the gradients look like?",
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
        question="Batchnorm stands before each tanh. Press Pin, then move std from end to end: what still changes?",
        answer="Only dL/dW, and it grows as 1/std: a hundred times smaller weights have a hundred times larger "
        "gradients. Activations and dL/da stay, since each unit is brought back to mean 0 and variance 1 whatever the "
        "weights were. (Below 1e−3 the epsilon in the denominator begins to count.)",
    ),
    Preset(
        "symmetry",
        "All equal",
        {"initializer": "constant", "std": 0.08, "activation": "tanh", "width": 16},
        question="All weights are equal, and each panel shows 16 examples in 16 units. Why so few bars?",
        answer="All units of a layer compute the same: one value for each example, 16 times. Their gradients are equal "
        "as well, but for the last layer's, where noise enters, so that training keeps them equal: a layer of any "
        "width is one unit. Noise in the weights is there to break this symmetry.",
    ),
    Preset(
        "train-it",
        "Train it",
        {"show": "training", "activation": "tanh", "depth": 12},
        question="Digits, 12 layers; small and large are the lecture's 0.01 and 0.05, scaled to this width. Who "
        "learns?",
        answer="Only what is right: about 97 %. What is zero or equal has one unit a layer, what is small no gradient, "
        "what is large a wild one: chance, or little more. In six layers the large ones come to 92 %, the small ones "
        "half the way; in two both are nearly as good. Depth decides how much it matters.",
    ),
)
