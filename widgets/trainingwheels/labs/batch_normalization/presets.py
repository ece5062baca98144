"""The lecture's slides on batch normalization, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

TRAINED = {"show": "training"}

PRESETS = (
    Preset(
        "normalize",
        "Normalize",
        question="You want unit Gaussian activations? Just make them so. Which of these units is Gaussian afterwards?",
        answer="Only the one that was before. Not actually Gaussian: just zero mean and unit variance.",
    ),
    Preset(
        "identity",
        "Recover the identity",
        {"recover": True},
        question="The network may want another mean and spread. Which γ and β give back x itself?",
        answer="γ = √(Var[x] + ε) and β = E[x], unit by unit: the last row is the first one again.",
    ),
    Preset(
        "other-axes",
        "Other axes",
        {"normalization": "layer", "positions": 4},
        question="Layer norm takes the mean over the units of one example. What do units keep that batch norm takes?",
        answer="Means and spreads of their own: here unit 1 lies above 0 and unit 4 below. In exchange no example "
        "depends on its batch.",
    ),
    Preset(
        "test-time",
        "At test time",
        {"show": "test", "batch": 32},
        question="At test time there may be one example only. Where do mean and variance come from?",
        answer="A fixed mean and variance from training, estimated with running averages. The output for an example no "
        "longer depends on what else is in its batch.",
    ),
    Preset(
        "backward",
        "Backward",
        {"show": "backward", "gamma": 2.0, "beta": 1.0},
        question="In how many ways does x₁ reach the loss?",
        answer="Three: straight, through the mean and through the variance. Its gradient is the sum of the three, and "
        "most of what comes straight is taken back by the other two.",
    ),
    Preset(
        "gradient-flow",
        "Gradient flow",
        {**TRAINED, "question": "gradients", "activation": "sigmoid", "depth": 8},
        question="Batchnorm improves gradient flow through the network. By how much, in eight layers of sigmoids?",
        answer="By five powers of ten: without it the first layer's dL/dW is 1e−5 as long as the last layer's, and "
        "no net learns; with it both are of one size. Where weights suit the activation it does not show: with ReLU "
        "the ratio of the first step goes from 1.4 to 4.",
    ),
    Preset(
        "learning-rates",
        "Learning rates",
        {**TRAINED, "question": "lr"},
        question="Batchnorm allows higher learning rates. Which is the highest that still learns, with it and without?",
        answer="With batchnorm all five learn, 3 included; without it none does from 1 on. At a rate that suits the "
        "plain net it gains little: 1.4 points at 0.1 after 10 epochs (0.3 to 5.3, 20 nets), and less after 20.",
    ),
    Preset(
        "initialization",
        "Initialization",
        {**TRAINED, "question": "std"},
        question="Batchnorm reduces the strong dependence on initialization. Over which range of std does a net learn?",
        answer="With batchnorm, from 0.001 to 1: all of these. Without it, at 0.1 and 0.2 only. At 0.2, which is "
        "Kaiming's for 50 units, batchnorm gains a point (1.1 after 10 epochs, 0.3 to 2.6, 20 nets).",
    ),
    Preset(
        "regularization",
        "Regularization",
        {**TRAINED, "question": "gap", "dataset": "mnist1d", "depth": 2},
        question="Batchnorm regularizes, in a funny way, and slightly reduces the need for dropout, maybe. Here too?",
        answer="Slightly: nearly all training examples are known by heart, and validation accuracy is 4.6 points more "
        "with batchnorm (3.1 to 6.5, ten nets). Dropout 0.2 alone gains more (6.5), both together most. That "
        "batchnorm reduces the need for dropout stays a maybe.",
    ),
    Preset(
        "wrong-labels",
        "Where it does not",
        {**TRAINED, "question": "gap", "label_noise": 0.3, "depth": 2},
        question="Digits, and three in ten training labels are wrong. Does batchnorm keep the net from learning them?",
        answer="No. It learns everything sooner, wrong labels included: it ends with all of them learned, and with a "
        "lower validation accuracy than the plain net. Faster is not the same as regularized.",
    ),
)
