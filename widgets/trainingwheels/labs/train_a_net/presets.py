"""The lab's slides, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset("spirals", "Spirals"),
    Preset(
        "linear",
        "No hidden layer",
        {"hidden": ()},
        question="What is the best that a net without hidden layers can do here?",
        answer="Three sectors with straight edges: it is a linear classifier, and each spiral winds through all three.",
    ),
    Preset(
        "learning-rates",
        "Learning rates",
        {"compare": "lr", "values": ("0.0001", "0.001", "0.01", "0.1"), "epochs": 256},
        question="Four learning rates that are good to try: which makes the loss drop significantly at once?",
        answer="The highest of the four, and the next one catches up. The lowest have hardly begun when these are "
        "done.",
    ),
    Preset(
        "explodes",
        "Loss explodes",
        {"lr": 10.0, "activation": "leaky_relu", "epochs": 16},
        question="The loss explodes to Inf or NaN within a few steps. What is wrong?",
        answer="The learning rate is too high, or the initialization is bad. Here it is the rate: turn it down and "
        "start over.",
    ),
    Preset(
        "batchnorm",
        "Batchnorm",
        {
            "dataset": "digits",
            "hidden": (32,) * 6,
            "initializer": "gaussian",
            "std": 0.05,
            "batch_size": 64,
            "epochs": 16,
            "compare": "batchnorm",
        },
        question="Six hidden layers, and weights so small that the signal dies on its way. Can it be trained?",
        answer="Not as it is: every class is a guess. With batchnorm the same weights, batches and rate learn the "
        "digits.",
    ),
    Preset(
        "dropout",
        "Dropout",
        {
            "dataset": "digits",
            "hidden": (128, 128),
            "lr": 0.03,
            "label_noise": 0.3,
            "epochs": 64,
            "compare": "dropout",
        },
        question="Three in ten training labels are wrong. Who learns the digits, and who learns the mistakes?",
        answer="Without dropout the net ends up knowing its training labels by heart, wrong ones included, and "
        "validation accuracy falls from its best. With dropout 0.5 it cannot, and ends far higher.",
    ),
)
