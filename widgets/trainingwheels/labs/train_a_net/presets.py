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
        "initial-loss",
        "Initial loss",
        {
            "dataset": "digits",
            "hidden": (32, 32),
            "compare": "std",
            "values": ("0.01", "0.1", "0.5", "1"),
            "epochs": 8,
        },
        question="Check the initial loss, weight decay off: which loss do you expect of ten classes, and who has it?",
        answer="log 10 = 2.30, the dotted line: nothing is known, so all classes score alike. The two nets with small "
        "weights begin there; at std 0.5 and 1 the nets are sure of wrong answers, and begin at several times and "
        "at twenty times that or more. It is a check, no proof: at 0.01 nothing is learned in these 8 epochs.",
    ),
    Preset(
        "learning-rates",
        "Learning rates",
        {"compare": "lr", "values": ("0.0001", "0.001", "0.01", "0.1"), "epochs": 256},
        question="Four learning rates that are good to try: which makes the loss drop significantly at once?",
        answer="The highest of the four, and the next one catches up. At the end 0.001 is still on its way, and 0.0001 "
        "has hardly begun.",
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
        "optimizers",
        "Optimizers",
        {"lr": 0.003, "epochs": 64, "compare": "optimizer"},
        question="Better optimization algorithms help reduce training loss. Which of four, at one learning rate?",
        answer="RMSProp and Adam end lowest, then momentum, then SGD. But one rate is not one step: momentum sums ten "
        "gradients up, and the other two divide by their size. With a hundred times this rate SGD does as well.",
    ),
    Preset(
        "schedules",
        "Schedules",
        {"hidden": (16, 16), "optimizer": "sgd", "lr": 1.0, "epochs": 128, "compare": "schedule"},
        question="A rate of 1 is good to begin with and too high to end with. What do step and cosine gain, and when?",
        answer="Nothing at first. Then the loss of the constant rate goes on jumping about, and the others' comes to "
        "rest as their rate falls: the step's after half of the run at once, the cosine's bit by bit.",
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
    Preset(
        "weight-decay",
        "Weight decay",
        {
            "dataset": "digits",
            "hidden": (64, 64),
            "label_noise": 0.3,
            "epochs": 48,
            "compare": "l2",
            "values": ("0", "0.0001", "0.001", "0.1"),
        },
        question="Good weight decay to try: 1e-4, 1e-5, 0. Three in ten training labels are wrong: does it help, and "
        "how much is too much?",
        answer="Here it takes more. 1e-4 gains 3 points of validation accuracy (1 to 6, ten nets), 0.001 (2e-3 as "
        "PyTorch counts it) 13 (11 to 15): it keeps the net from learning wrong labels. At 0.1 the weights shrink to "
        "nothing, and the net guesses.",
    ),
    Preset(
        "convolutions",
        "Convolutions",
        {
            "dataset": "shapes",
            "preprocessing": "centre",
            "hidden": (64,),
            "optimizer": "adam",
            "lr": 0.002,
            "epochs": 8,
            "compare": "conv",
            "values": ("none", "8+16"),
        },
        question="Six shapes of any place, size and colours. What do filters buy that look everywhere alike?",
        answer="The net without them learns its training pictures, place by place, and gets little more than half of "
        "the new ones. Two convolutions with the same layer after them get about 17 in 20: what is learned in one "
        "place counts in all.",
    ),
)
