"""The lecture's slides on activation functions, with question and answer."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

# What an answer asks to move is named even where it stands at its default: its section opens then.
PRESETS: tuple[Preset, ...] = (
    Preset(
        "sigmoid",
        "Sigmoid",
        {"activation": "sigmoid", "x": 10.0},
        question="What happens to the gradient when x = −10, when x = 0, and when x = 10?",
        answer="At −10 and at 10 the slope is 4.5e−5: a saturated sigmoid kills the gradient. At 0 the slope is 0.25, "
        "and that is the most it ever is.",
    ),
    Preset(
        "all-positive",
        "All positive",
        {"show": "weights", "activation": "sigmoid", "others": ("tanh",)},
        question="The outputs of sigmoids are the inputs of the next neuron, all of them positive. What can we say of "
        "its dL/dw, and of the way to a w of mixed signs?",
        answer="dL/dw_i is x_i times dL/dz, so both have the sign of dL/dz: in one example's step both weights rise "
        "together or both fall together, and the way to (1, −1) is a zigzag. tanh's outputs have both signs and mean "
        "0: each weight goes its own way, and 40 steps are enough. Take tanh away to see the sigmoid's own outputs "
        "less their mean: the way is straight, less than half as long, and bears a rate of 4, at which most "
        "zigzags explode.",
    ),
    Preset(
        "tanh",
        "tanh",
        {"activation": "tanh", "others": ("sigmoid",), "x": 3.0},
        question="What does tanh mend of the sigmoid, and what does it not?",
        answer="It is zero-centred, and its slope reaches 1 instead of 0.25. It still saturates, and sooner: beyond "
        "|x| = 2.18 instead of 4.36 its slope is below 5 % of its largest.",
    ),
    Preset(
        "relu",
        "ReLU",
        {"activation": "relu", "x": -10.0},
        question="What happens to a ReLU's gradient when x = −10, when x = 0, and when x = 10?",
        answer="0, 0 and 1: it never saturates on the right, and is off on the left. At 0 itself there is no slope; "
        "here, as in most software, 0 is taken. It is cheap, and it is not zero-centred: the mean is 0.4.",
    ),
    Preset(
        "dead-relu",
        "Dead ReLU",
        {"activation": "relu", "mean": -4.0, "x": -4.0},
        question="This unit's inputs have mean −4 and std 1. How can a unit get there, and how does it come back?",
        answer="By a step that was too large, or by a bad start: be careful with the learning rate. It hardly comes "
        "back: only 3 inputs in 100,000 are above 0, and without a gradient nothing moves it. Drag the mean to the "
        "left: at −5 it is 3 in ten million.",
    ),
    Preset(
        "leaky-relu",
        "Leaky ReLU",
        {"activation": "leaky_relu", "slope": 0.1, "others": ("relu",), "mean": -4.0, "x": -4.0},
        question="The same inputs as for the dead ReLU. What gets through now?",
        answer="A tenth of the gradient, for every one of them: it cannot die. Move the leak to 0 and it is a ReLU; "
        "PReLU learns the leak as it learns the weights.",
    ),
    Preset(
        "maxout",
        "Maxout",
        {"activation": "maxout", "x": -3.0},
        question="Drag the two lines. Which of the other functions can they become?",
        answer="ReLU (one line level at 0, the other of slope 1), leaky ReLU, the absolute value, a straight line. It "
        "never saturates and dies only if a line is level. The price: two sets of weights for every unit.",
    ),
    Preset(
        "elu",
        "ELU",
        {"activation": "elu", "others": ("relu", "leaky_relu"), "x": -2.0, "span": 6},
        question="What does ELU gain over leaky ReLU, and what does it pay?",
        answer="Its outputs are closer to zero mean: 0.16, where leaky ReLU has 0.36 and ReLU 0.4. And it saturates on "
        "the left, which shuts out noise there, and with it the gradient. It pays with an exponential.",
    ),
    Preset(
        "selu",
        "SELU",
        {"activation": "selu", "x": -1.0, "span": 6},
        question="The inputs have mean 0 and std 1. What are mean and std of the outputs, and why does that matter?",
        answer="0 and 1 again: the two constants were chosen for it. A deep net of such units, its weights drawn with "
        "variance 1/D_in, normalizes itself. Move the std to 2: 1.7 comes out, which is nearer to 1.",
    ),
    Preset(
        "gelu-silu",
        "GELU, SiLU",
        {"activation": "gelu", "others": ("silu", "relu"), "x": -0.75, "span": 4},
        question="Which of the nine functions are not monotonic?",
        answer="GELU and SiLU: they dip to −0.17 near x = −0.75 and to −0.28 near x = −1.28. Left of there the slope "
        "is negative, and small. Both are smooth where ReLU has its kink. (A maxout can be made so, too.)",
    ),
    Preset(
        "chain",
        "Ten sigmoids",
        {"show": "chain", "activation": "sigmoid", "n": 10, "x": 1.0},
        question="Ten sigmoids in a row, w = 1. What is left of the gradient, and can a larger w save it?",
        answer="2.8e−7 at x = 1: every unit takes three quarters or more. A larger w does not save it: w = 1.6 brings "
        "2e−6, but at w = 4, which would make up for the slope of 0.25, the units saturate and 6e−12 is left. A "
        "negative w does better, 5e−3 at −4. All of it gets through only where every unit sits at its middle: x = 0.5, "
        "and w = 4 with b = −2 or w = −4 with b = 2.",
    ),
    Preset(
        "chains",
        "Ten of each",
        {"show": "chain", "activation": "relu", "others": ("sigmoid", "tanh", "leaky_relu", "elu"), "x": 1.0},
        question="Which rows let the gradient through, and for which inputs?",
        answer="ReLU, leaky ReLU and ELU pass all of it for every x above 0. Below 0 ReLU passes exactly nothing, "
        "leaky ReLU 1e−10. tanh passes all of it at 0 and less and less beside it. But this is w = 1: at w = 2, ReLU's "
        "gradient above 0 is 1024. Whether it shrinks or grows is a matter of the weights as well.",
    ),
    Preset(
        "in-practice",
        "In practice",
        {"show": "training", "activation": "relu", "others": ("sigmoid", "tanh"), "depth": 8, "lr": 0.1},
        question="Use ReLU, says the lecture, not sigmoid or tanh. Ten nets of each, eight layers deep: does it show?",
        answer="Not sigmoid: no such net learns anything here. tanh, with the weights that suit it, is as good as ReLU "
        "on these digits. Now take two layers and MNIST-1D, at a rate of 0.3: there tanh is about 5 points behind.",
    ),
    Preset(
        "marginal-gains",
        "Marginal gains",
        {
            "show": "training",
            "activation": "relu",
            "others": ("leaky_relu", "maxout", "elu", "selu"),
            "depth": 8,
            "lr": 0.1,
        },
        question="Try leaky ReLU, maxout, ELU and SELU, says the lecture, to squeeze out marginal gains. Do they show?",
        answer="In these eight layers maxout, ELU and SELU are about 4 points ahead; leaky ReLU gains 1, if anything. "
        "In two layers little of it is left: on digits less than 1 point, on MNIST-1D SELU is behind. And maxout has "
        "two weights where the others have one: part of its gain is theirs.",
    ),
)
