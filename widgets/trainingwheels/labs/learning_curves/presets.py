"""The slides of the lab of learning curves: "what is wrong with this run?" A test measures the answers' numbers."""

from __future__ import annotations

from trainingwheels.labs.base.presets import Preset

__all__ = ["PRESETS"]

PRESETS = (
    Preset(
        "learning-rates",
        "Learning rates",
        {},
        question="One net, four learning rates, the same batches. Which rate do you keep, and what is wrong with the "
        "others?",
        answer="0.02. At 0.4 the loss drops at once, then climbs to several times where it began. At 0.0002 it falls "
        "by about a seventh in the whole run. 0.002 is slow rather than wrong: about 30 % of its fall came in the "
        "second half.",
    ),
    Preset(
        "noisy",
        "Noisy losses",
        {"shape": "good", "window": 64, "diagnosis": False},
        question="The losses of single batches are noisy: in the last 200 steps they lie between 0.01 and 0.3, about. "
        "What shows the trend?",
        answer="A scatter plot with a moving average over it. One step shows luck; over 64 steps it averages out, and "
        "over too many the curve lags behind.",
    ),
    Preset(
        "exploded",
        "Loss explodes",
        {"shape": "exploded", "diagnosis": False},
        question="The loss is no number any more, a few dozen steps into the run. What do you turn down?",
        answer="The learning rate, by a factor of ten. With the cure, 0.05 instead of 0.5, the same net reaches about "
        "98 % validation accuracy.",
    ),
    Preset(
        "plateau",
        "Flat, then a drop",
        {"shape": "plateau", "diagnosis": False},
        question="For a while nothing happens, then the loss drops. What is the first suspect?",
        answer="The initialization. With weights of std 0.015 the loss is flat for about a fifth of the run. With "
        "Kaiming's (tick the cure) the same net falls from the first step.",
    ),
    Preset(
        "slow-start",
        "Slow start",
        {"shape": "slow-start", "diagnosis": False},
        question="The loss takes about a quarter of the run for the first half of its fall. Why?",
        answer="Look at the learning rate: it still rises. The warm-up takes 80 % of the run. With one "
        "of 5 % half of the fall is done after about 6 % of the run.",
    ),
    Preset(
        "unfinished",
        "Still falling",
        {"shape": "unfinished", "diagnosis": False},
        question="The run is over. Should it be?",
        answer="No: about half of its fall came in the second half of the run. With 96 epochs instead of 12 "
        "validation accuracy goes from about 80 % to about 98 %.",
    ),
    Preset(
        "overfitting",
        "A wide gap",
        {"shape": "overfitting", "diagnosis": False},
        question="Training accuracy is 100 %. Is this a good run?",
        answer="No: validation accuracy was best early, with about 86 %, and ends at about 82 %; the validation loss "
        "has grown to about three times its lowest. With n = 2,000 examples instead of 60 the gap is gone.",
    ),
    Preset(
        "underfitting",
        "No gap, but poor",
        {"shape": "underfitting", "diagnosis": False},
        question="The loss falls no more, and there is hardly a gap. Train longer?",
        answer="No: a larger net. This one has no hidden layer and reaches 56 % training accuracy. With two of 32 "
        "units it reaches about 99 %.",
    ),
    Preset(
        "seeds",
        "Five seeds",
        {"seeds": 5, "band": True},
        question="Each rate was trained with five seeds. Is the difference between two rates luck?",
        answer="Not between 0.02, 0.002 and 0.0002: at the end their bands do not touch, in loss or accuracy. At 0.4 "
        "the seeds differ widely, and no seed is good.",
    ),
)
