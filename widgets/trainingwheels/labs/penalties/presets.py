"""The lecture's slides on penalties, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

DIGITS = {"show": "sweep", "dataset": "digits"}

PRESETS = (
    Preset(
        "full-loss",
        "The full loss",
        {},
        question="Cat is the true class and leads frog by half a point. Which classes cost something, and how much?",
        answer="Dog misses the margin of 1 by 1.40 and frog by 0.50, so the data loss is 1.90; ship is far enough "
        "below. λ R(W) comes on top, and asks only how large the weights are.",
    ),
    Preset(
        "same-scores",
        "Same scores",
        {"spread": 1.0},
        question="Each score came from one weight, now it comes from four alike. What does the loss make of that?",
        answer="The data loss sees no difference. L2 falls to a quarter, from 13.01 to 3.25: it prefers many small "
        "weights, so that no single input decides. L1 does not care: 6.90 both times.",
    ),
    Preset(
        "softmax",
        "Softmax",
        {"data_loss": "softmax"},
        question="Hinge is content once every margin is 1. Can the softmax loss be 0 as well?",
        answer="Never: p of the true class stays below 1, so that larger weights always pay. Where training data can "
        "be separated, only the penalty ends their growth.",
    ),
    Preset(
        "l2",
        "L2: circle",
        {"show": "geometry"},
        question="The solution is where a contour of the data loss touches the circle. At which λ is a weight 0?",
        answer="At none for long: both shrink, at most passing through 0 on their way. The slope of w² at 0 is 0, "
        "so that any pull of the data moves a weight off the axis.",
    ),
    Preset(
        "l1",
        "L1: corners",
        {"show": "geometry", "penalty": "l1"},
        question="The ball of L1 has corners on the axes. Why does a contour so often touch it there?",
        answer="Because a corner fits any contour within a whole range of slopes: here the data pull w1 off 0 with "
        "0.18, less than λ = 0.5, so w1 is exactly 0. On the right, everything between the dotted lines is.",
    ),
    Preset(
        "elastic-net",
        "Elastic net",
        {"show": "geometry", "penalty": "elastic"},
        question="β w² and |w| together. Is the solution still on an axis?",
        answer="Yes. How strongly data must pull comes from |w| alone, and is still λ; the squares shrink what is not "
        "0. The ball has corners, and round sides.",
    ),
    Preset(
        "exact-zeros",
        "Exact zeros",
        {"show": "weights"},
        question="Ten classes, 59 pixels that vary: how many of the 590 weights does a classifier of digits need?",
        answer="With L1 at λ = 0.0032 about 100: the others are exactly 0, and it still gets 9 in 10 of the other "
        "digits right. At the largest λ all are 0.",
    ),
    Preset(
        "no-zeros",
        "L2: none",
        {"show": "weights", "rule": "l2"},
        question="And with L2: at which λ is the first weight exactly 0?",
        answer="At none. All get smaller together, and the pictures become smooth: neighbouring pixels share what "
        "L1 gives to one of them.",
    ),
    Preset(
        "subgradient",
        "Plain subgradient",
        {"show": "weights", "method": "subgradient"},
        question="The same L1, but with W −= lr (dL/dW + λ sign(W)). How many weights are exactly 0?",
        answer="None, after 400 steps: each step goes past 0 and the next one back. Some weights are all but 0, "
        "none is 0. Nets are trained like this, so their L1 makes no exact zeros either.",
    ),
    Preset(
        "a-net",
        "A net that trains",
        {"show": "net"},
        question="64 examples, one label in five wrong, over 4,000 weights. Press Start: what does it learn?",
        answer="The wrong labels too: about 9 in 10 of all, with islands and corridors of their own, and 68 % of "
        "validation examples (ten nets). Turn λ of L2 to 0.006 while it trains: they go, and on average it is 79 %.",
    ),
    Preset(
        "sixteen",
        "16 values of λ",
        {"show": "sweep", "look_at": 0.00464},
        question="Sixteen nets that differ by λ alone. Where is the gap closed, and where is validation best?",
        answer="From 0.005 to 0.01 the gap is all but closed, and validation is about ten points above that of the "
        "smallest λ (ten nets). One net alone may be best at 0.02 or 0.05, where ten gain nothing for sure. From 0.1 "
        "on the penalty wins, and what is left is chance.",
    ),
    Preset(
        "digits",
        "Digits",
        {**DIGITS, "train_size": 1024, "label_noise": 0.4, "epochs": 32, "look_at": 0.00215},
        question="1024 digits, but 2 labels in 5 are wrong. Can a penalty tell which?",
        answer="Nobody tells it, and yet at λ = 0.003 validation accuracy is 19 points higher than without (16 to 22, "
        "ten nets). With 128 digits it is 7 at λ = 0.01 (4 to 9), and where all labels are right it is nothing.",
    ),
    Preset(
        "weight-decay",
        "Weight decay",
        {"show": "sweep", "swept": "adam"},
        question="Adam, with L2 in its loss or with decoupled weight decay. Is one λ as good as the other?",
        answer="No. In the loss, L2 goes through Adam's division by the size of the gradient; decoupled, it shrinks "
        "the weights by 2 lr λ a step and nothing else. Here that needs a λ of about a hundred times.",
    ),
)
