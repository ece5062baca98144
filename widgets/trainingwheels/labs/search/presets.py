"""The lecture's slides on the search for hyperparameters, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset(
        "grid-or-random",
        "Grid or random?",
        {},
        question="Nine trials for each, and y hardly matters. Which finds the better x, a grid or random trials?",
        answer="Random trials, by 0.11 on average: they try nine values of x, the grid three. But not always: in a "
        "third of the draws the grid is lucky.",
    ),
    Preset(
        "both-matter",
        "Both matter",
        {"importance": 1.0},
        question="Now x and y matter alike. Who is ahead?",
        answer="The grid, by a little: it leaves no gaps, and a random draw does. Random search wins because most "
        "hyperparameters matter little, not because it is random.",
    ),
    Preset(
        "scale",
        "Log or linear",
        {"show": "scales"},
        question="Learning rates from 1e-5 to 1: how many of the trials go where the good ones are?",
        answer="On a linear scale nine in ten lie above 0.1, where Adam learns nothing. On a logarithmic scale each "
        "decade gets its share: with 12 trials the best is ten points better.",
    ),
    Preset(
        "top-end",
        "Linear ahead",
        {"show": "scales", "learner": "momentum"},
        question="The same range with momentum, which learns best near its upper end. Who is ahead with few trials?",
        answer="The linear scale, which draws nearly all of them there. It was luck of the range: make it end at 10 "
        "and look again.",
    ),
    Preset(
        "sixty",
        "Sixty trials",
        {"show": "scales", "tries": 60},
        question="How many random trials does it take to be 95 % sure that one is among the best 5 %?",
        answer="59: 1 − 0.95^59 is just above 0.95. It does not depend on how many hyperparameters there are, nor "
        "does it say how good the best 5 % are.",
    ),
)
