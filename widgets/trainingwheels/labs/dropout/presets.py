"""The lecture's slides on dropout, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

FEW = {"label_noise": 0.0, "examples": 1024}

PRESETS = (
    Preset(
        "masks",
        "Dropout",
        {},
        question="In each forward pass half of the units are set to zero at random. How can this possibly be a good "
        "idea?",
        answer="No unit can rely on another being there, so that the net must represent things more than once, and "
        "features cannot co-adapt. Or: each mask is one net of a large ensemble, and all share their weights.",
    ),
    Preset(
        "which-p",
        "Which p?",
        {"keep": 0.8},
        question="The lecture's code says p = 0.8. How many units does it drop?",
        answer="One in five on average: its p is the probability of keeping a unit. RunConfig and torch count the "
        "other way, dropout = 0.2. And the slide that says to multiply by the dropout probability means this p, of "
        "keeping.",
    ),
    Preset(
        "test-time",
        "At test time",
        {"bend": "linear"},
        question="All units are active at test time. Is the output there the expected output of training?",
        answer="In a linear net exactly, with vanilla and with inverted dropout: compare the last two lines. With "
        "ReLUs in the first hidden layer only; from there on it is an approximation.",
    ),
    Preset(
        "one-neuron",
        "One neuron",
        {"show": "neuron"},
        question="At test time a = w₁x + w₂y. What is the mean of a over the four masks?",
        answer="½(w₁x + w₂y): each mask has probability ¼, and each input is there in two of them. So one multiplies "
        "by p at test time, or divides by p in training.",
    ),
    Preset(
        "integral",
        "The integral",
        {"show": "integral"},
        question="The integral over all masks seems hard. Does one scaled pass give it?",
        answer="In softmax regression exactly, as the normalized geometric mean: the lines on the right lie on each "
        "other. From the arithmetic mean it is 13 points away here: it is too sure of itself.",
    ),
    Preset(
        "deep-net",
        "A deep net",
        {"show": "integral", "net": "deep"},
        question="And in a net with a hidden layer between the masks?",
        answer="Neither mean: the scaled pass is an approximation, and nobody says how good. Turn the weights down, "
        "or p up, and it comes nearer.",
    ),
    Preset(
        "ensemble",
        "An ensemble",
        {"show": "ensemble"},
        question="4,096 units have about 10^1233 masks, and the universe 10^82 atoms. How many must be averaged?",
        answer="Some 30: they come within half a point of 1,000. And the single scaled pass is as good as 1,000 "
        "masks: the difference is 0.0 points (−0.5 to 0.5, ten nets), where one mask alone loses 13.",
    ),
    Preset(
        "odd-input",
        "An odd input",
        {"show": "ensemble", "odd": "noise"},
        question="The masks vote. Do they tell an ordinary input from an odd one?",
        answer="On average: of ordinary digits three quarters of the masks say the same, of noise half. Not one by "
        "one: there are digits on which three in four masks differ, and noise on which nine in ten agree.",
    ),
    Preset(
        "co-adaptation",
        "Co-adaptation",
        {"show": "removal", "order": "random", **FEW},
        question="Eight of 32 units are removed after training. Which net notices?",
        answer="The one without dropout: it loses 18 points (16 to 19, ten nets), the one with it 2 (2 to 3). It has "
        "never known which units it would have.",
    ),
    Preset(
        "important-units",
        "The most important",
        {"show": "removal", "order": "worst", "removed": 2, **FEW},
        question="And without the two units that matter most?",
        answer="18 points less without dropout (14 to 21, ten nets), 2 with it (1 to 2): what two units knew, others "
        "know too. Their weights are no smaller for that; with dropout they are larger here.",
    ),
    Preset(
        "rates",
        "How much",
        {"show": "training"},
        question="Six nets, 1,000 examples: which p gives the best validation accuracy, and which the smallest gap?",
        answer="0.8 and 0.65: each gains seven points over no dropout (6 to 9, ten nets), 0.5 only three (1 to 4). The "
        "smallest gap belongs to 0.3, which hardly learns at all. A small gap is not the aim.",
    ),
    Preset(
        "size",
        "Net size",
        {"show": "training", "compare": "sizes", "wrong_labels": 0.2},
        question="Drop units of a net that is small already: does it still help?",
        answer="With 10 units a layer there is nothing to gain (−0.2 points, −2.9 to 2.8, ten nets; one alone may "
        "lose five or gain six), with 30 and more 3 to 7 points. What is dropped must be there in plenty.",
    ),
    Preset(
        "examples",
        "Few or many",
        {"show": "training", "compare": "examples"},
        question="Where does it help most: with 100, 300, 1,000 or 4,000 examples?",
        answer="At 1,000: 7 points (6 to 9, ten nets). At 100 it gains 2 (1 to 3), so not nothing; at 4,000, after "
        "as many steps, none (−0.8 to 1.4): these no longer can be learned by heart in that time.",
    ),
    Preset(
        "wrong-labels",
        "Wrong labels",
        {"show": "training", "dataset": "digits", "wrong_labels": 0.4},
        question="Digits, and two in five training labels are wrong. Who learns the digits, and who the mistakes?",
        answer="Without dropout the mistakes too: it has learned 86 % of the training labels, and knows 66 % of the "
        "validation digits. p = 0.5 has learned 60 %, as many as are right, and knows 90 %: 24 points more (21 to 27, "
        "ten nets). With right labels it gains nothing on these digits.",
    ),
)
