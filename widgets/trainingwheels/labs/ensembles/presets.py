"""The lecture's slides on ensembles, each with its question and an answer that was measured."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset(
        "two-per-cent",
        "2 % extra",
        {},
        question="Enjoy 2 % extra performance, the lecture says. What do 16 nets gain over one here?",
        answer="More: 10.9 points (10.2 to 11.4, ten ensembles), and 7.5 over the best of the 16 (6.5 to 8.3). These "
        "nets are right on 40 % only and make different mistakes. How much there is to enjoy depends on that.",
    ),
    Preset(
        "little-to-gain",
        "Less than 2 %",
        {"dataset": "digits"},
        question="And on digits, where one net is right on 98 %?",
        answer="Half a point (0.4 to 0.7, ten ensembles): a quarter of all mistakes, yet not 2 %. The best of the 16 "
        "is as good or better (0.4, 0.1 to 0.7), but only validation data say which one that is, and they flatter it.",
    ),
    Preset(
        "how-many",
        "How many?",
        {"members": 2},
        question="You can pay for two nets, or for four, eight, sixteen. What does each doubling bring?",
        answer="3.3 points, 3.4, 2.4, 1.8: less from the third on, and never a loss on average. The band is narrow at "
        "the end since subsets of almost all nets are almost alike.",
    ),
    Preset(
        "vote",
        "Vote?",
        {"how": "vote"},
        question="Average the probabilities and take the highest, or let each net vote?",
        answer="A vote forgets how sure each net was: 0.9 points less here (0.4 to 1.5, ten ensembles). The mean of "
        "the logits, the geometric mean of the probabilities, cannot be told from theirs (0.2, −0.2 to 0.6).",
    ),
    Preset(
        "weights",
        "Average the weights?",
        {"how": "logits"},
        question="One net with the mean of all weights would cost a single pass. Why does nobody do that?",
        answer="It guesses: 10 % are right. Unit 5 of one net has nothing to do with unit 5 of another, and their mean "
        "is neither. It works only between snapshots of one run.",
    ),
    Preset(
        "one-example",
        "One example",
        {"show": "example"},
        question="On which digits do the nets disagree? Click on some: is the average right where most nets are wrong?",
        answer="On those at which you would hesitate, too. The average follows the nets that are sure: where as "
        "many say 8 as say 1, what counts is how loudly.",
    ),
    Preset(
        "plane",
        "In the plane",
        {"show": "plane"},
        question="Twelve nets have seen the same 32 points. Where are their borders alike, and where is the average?",
        answer="Alike where there are points, each its own where there are none. There the average has no sharp "
        "border: its colours mix, and that is what it knows.",
    ),
    Preset(
        "cheaper",
        "Cheaper ways",
        {"show": "cheaper", "way": "snapshots"},
        question="One training, eight snapshots: do you get an ensemble for nothing?",
        answer="Not here: −0.3 points against one net (−2.1 to 1.1, ten runs), since snapshots of one run make the "
        "same mistakes, correlation 0.65 against 0.32. Eight nets trained apart gain 8 points, masks of dropout 3.",
    ),
    Preset(
        "calibration",
        "How sure?",
        {"show": "cheaper", "way": "apart"},
        question="One net says 99 %. How often is it right then, and the ensemble when it says so?",
        answer="One net of these is right on every second of them: its confidence is 0.42 above its accuracy on "
        "average. That of the eight together is 0.04 above (0.031 to 0.045, ten ensembles): where members disagree, "
        "their mean is unsure.",
    ),
)
