"""What the lecture reads off learning curves, measured on real runs: 20 paired seeds, 99 % bootstrap intervals.

The nets and settings are the gallery's. "Falls by" is the share of the loss before training that is gone at the end,
by the mean of the last 35 batches.
"""

from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from nbtests.claims.bootstrap import holds, interval
from trainingwheels.engine import diagnose, train
from trainingwheels.engine.records.shapes import LEAKY, MOONS, SHAPES, TANH
from trainingwheels.figures.traces import moving_average

SEEDS = range(20)
OTHERS = range(100, 120)
PLATEAU, KAIMING = SHAPES["plateau"].runs[0][1], SHAPES["plateau"].cure[1]


@cache
def runs(config):
    return train([replace(config, seed=seed) for seed in SEEDS], "cpu")


def falls(config, **changes):
    histories = runs(replace(config, **changes))
    return np.array([1 - history.train_loss[-35:].mean() / history.val_loss[0] for history in histories])


def exploded(config, **changes):
    return sum(history.diverged_at is not None for history in runs(replace(config, **changes)))


def test_loss_not_going_down_the_learning_rate_is_too_low():
    """Said: "Loss not going down? LR too low". Holds: at 0.0002 the loss falls by 14.6 % (13.5 to 15.5), at 100 times
    that by 97.4 %; paired difference 0.828 (0.819 to 0.838)."""
    low, right = falls(TANH, lr=0.0002), falls(TANH)
    assert holds(low, 0.12, 0.17)
    assert holds(right - low, 0.8, 0.85)


def test_loss_not_going_down_bad_initialization():
    """Said: "... bad initialization". Holds at std 0.001: the loss does not fall at all, -0.2 % (-0.23 to -0.17), with
    Kaiming's weights by 99.9 %."""
    assert holds(falls(PLATEAU, std=0.001), -0.01, 0.0)
    assert holds(falls(KAIMING), 0.99, 1.0)
    assert {diagnose(run)[0].verdict for run in runs(replace(PLATEAU, std=0.001))} == {"stuck"}


@pytest.mark.parametrize(("std", "low", "high"), [(0.015, 0.97, 0.99), (0.005, 0.89, 0.94)])
def test_where_it_does_not_show_less_bad_weights_only_wait(std, low, high):
    """At std 0.015 and 0.005 the nets find out by themselves, after a plateau in all 20 runs: the loss falls by 98.5 %
    (98.0 to 98.8) and 91.9 % (90.1 to 92.9)."""
    assert holds(falls(PLATEAU, std=std), low, high)
    assert {diagnose(run)[0].verdict for run in runs(replace(PLATEAU, std=std))} == {"plateau"}


def test_loss_explodes_the_learning_rate_is_too_high():
    """Said: "Loss explodes to Inf or NaN? LR too high". Holds: at 0.5 all 20 runs end in no number, at 0.05 none."""
    assert (exploded(LEAKY, lr=0.5), exploded(LEAKY)) == (20, 0)


@pytest.mark.parametrize(("std", "count"), [(3.0, 20), (0.3, 0)])
def test_loss_explodes_bad_initialization(std, count):
    """Said: "... bad initialization". Holds at std 3 with the rate that suited Kaiming's weights: all 20 runs. At 0.3,
    up to 1.7 times Kaiming's, none does."""
    assert exploded(LEAKY, initializer="gaussian", std=std) == count


def test_a_moving_average_shows_the_trend():
    """Said: "Losses may be noisy, use a scatter plot and also plot moving average". Holds: from step to step the mean
    of 16 losses moves 0.063 times as much as the losses (0.061 to 0.065), of 64 losses 0.016 times."""
    for window, low, high in ((16, 0.055, 0.07), (64, 0.014, 0.019)):
        pairs = [(moving_average(history.train_loss, window), history.train_loss) for history in runs(TANH)]
        moves = [np.std(np.diff(mean[-200:])) / np.std(np.diff(loss[-200:])) for mean, loss in pairs]
        assert holds(np.array(moves), low, high)


def test_a_gap_means_overfitting_and_more_data_closes_it():
    """Holds: 60 examples end with a gap of 18.1 points (17.8 to 18.5), 2,000 with 0.3 (-0.5 to 1.2), zero inside; the
    validation accuracy gains 4.2 points (3.5 to 4.8)."""
    few, many = runs(MOONS), runs(SHAPES["overfitting"].cure[1])
    gaps = [np.array([run.train_accuracy[-1] - run.val_accuracy[-1] for run in each]) for each in (few, many)]
    assert holds(gaps[0], 0.17, 0.2)
    low, high = interval(gaps[1])
    assert -0.02 < low < 0 < high < 0.02
    gains = np.array([b.val_accuracy[-1] - a.val_accuracy[-1] for a, b in zip(few, many, strict=True)])
    assert holds(gains, 0.03, 0.055)


@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_has_its_verdict_at_twenty_other_seeds(name):
    """Seeds 100 to 119; the thresholds were set on 0 to 11. All 20 of each shape have its verdict; of the cures' 160
    runs all but at most two are good."""
    shape = SHAPES[name]
    named = train([replace(shape.runs[0][1], seed=seed) for seed in OTHERS], "cpu")
    assert Counter(diagnose(run)[0].verdict for run in named) == {shape.verdict: 20}
    if shape.cure:
        cured = train([replace(shape.cure[1], seed=seed) for seed in OTHERS], "cpu")
        assert sum([finding.verdict for finding in diagnose(run)] == ["good"] for run in cured) >= 18
