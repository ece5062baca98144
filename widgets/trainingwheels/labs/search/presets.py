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
        answer="The grid, by 0.05: it leaves no gaps, and random draws do. Random search wins because most "
        "hyperparameters matter little, not because it is random.",
    ),
    Preset(
        "real-nets",
        "Real nets",
        {"landscape": "l2"},
        question="The same with real nets, 256 of them, by lr and L2. Who is ahead with nine trials?",
        answer="Random search, by 4 points: along L2 the accuracy hardly moves. Choose lr and dropout, which both "
        "matter, and the grid is ahead by as much.",
    ),
    Preset(
        "real-runs",
        "Real runs",
        {"show": "search"},
        question="24 nets, lr and L2 drawn at random. On which of the two do the scores hang?",
        answer="On the learning rate: dots that stand above each other have the same colour. Functional ANOVA blames "
        "it for 94 % of the differences (89 to 97, ten searches): choose importances in the fourth panel.",
    ),
    Preset(
        "real-grid",
        "On a grid",
        {"show": "search", "sampler": "grid"},
        question="The same budget on a grid of 6 × 4. How many learning rates does it try?",
        answer="Six, each with four penalties that hardly matter here. Over four decades six are enough: random "
        "search is not ahead (0.2 points, −0.7 to 0.8, ten searches). Over more decades, or with more parameters, "
        "they are not.",
    ),
    Preset(
        "ten-each",
        "Ten times each",
        {"show": "search", "repetitions": 10, "rival": "grid", "look": "test"},
        question="Random search and a grid, ten times each, with the same ten seeds. Which of them is better here?",
        answer="Neither, as far as ten seeds tell: on the test digits they differ by 0.1 points on average (−1.0 to "
        "0.8), well within the bands. But with one seed they differ by up to three points, and not always to the same "
        "side: one search of each compares seeds.",
    ),
    Preset(
        "crashed",
        "Crashed runs",
        {"show": "search", "lr_high": 1000.0, "l2_high": 10.0, "trials": 36, "seed": 1},
        question="Ranges that are much too wide. Where do runs crash, and what of the white dots?",
        answer="Where the learning rate is large, most of all with a large penalty: their loss is no number any more. "
        "The white dots have not crashed; they guess, on the left because they hardly move, on the right because "
        "they have jumped too far.",
    ),
    Preset(
        "halving",
        "Halving",
        {"show": "search", "sampler": "halving", "epochs": 9, "trials": 12},
        question="Twelve runs of nine epochs cost 108 epochs. What else can one buy for them?",
        answer="47 trials: all begin, a third of them goes on for three times as long, and the others are given up. "
        "It does not show that their best is better than that of 12 random trials: 0.2 points on the test digits (−0.1 "
        "to 0.9, thirty searches), of which the first ten alone had said 0.9.",
    ),
    Preset(
        "best-five",
        "The best five",
        {"show": "search", "together": True},
        question="The search has trained 24 nets. Are its best five better together than the best one alone?",
        answer="Hardly: 0.1 points on the test digits (−0.4 to 0.5, ten searches). They began with the same weights "
        "and have seen the same digits in the same order: they are no strangers to each other.",
    ),
    Preset(
        "scale",
        "Log or linear",
        {"show": "scales"},
        question="Learning rates from 1e-5 to 1: how many of the trials go where the good ones are?",
        answer="On a linear scale nine in ten lie above 0.1, where Adam learns nothing here. On a logarithmic scale "
        "each decade gets its share: with 12 trials the best is about ten points better.",
    ),
    Preset(
        "sixty",
        "Sixty trials",
        {"show": "scales", "tries": 60},
        question="How many random trials does it take to be 95 % sure that one is among the best 5 %?",
        answer="59: 1 − 0.95^59 is just above 0.95. It does not depend on how many hyperparameters there are, nor "
        "does it say how good the best 5 % are.",
    ),
    Preset(
        "curse",
        "Winner's curse",
        {"show": "winner"},
        question="The best of 32 nets has 95 % on the 64 digits by which it was chosen. And on new ones?",
        answer="About three points less. With 512 digits to choose by it would be less than one, with 16 more than "
        "five. So a test set is kept by which nothing is chosen.",
    ),
    Preset(
        "seeds",
        "Only seeds",
        {"show": "winner", "kind": "seeds"},
        question="Nets that differ by their seed alone. The best of 32 is at 95 %: a lucky seed?",
        answer="Lucky digits, most of all: on new ones it has about one point more than the average net, and four "
        "less than it seemed.",
    ),
    Preset(
        "folds",
        "Five folds",
        {"show": "folds"},
        question="Seven learning rates, five folds of 200 digits. Which rate does cross-validation choose?",
        answer="0.03 or, by other nets and folds, 0.1 (four times in ten), and it says how sure that is: single folds "
        "differ by several points, these two by about a standard error. What is clear is which rates are out.",
    ),
    Preset(
        "done-wrong",
        "Done wrong",
        {"show": "features"},
        question="Features of pure noise, and cross-validation says nine in ten are right. Where is the mistake?",
        answer="The 20 features were chosen by all examples before these were split, so that those left out had "
        "their say. Chosen inside each fold, it says one half, which is the truth.",
    ),
)
