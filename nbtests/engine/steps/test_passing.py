"""When a step is passed: made curves on both sides of each threshold, and the hints."""

import math
import re

import numpy as np
import pytest

from trainingwheels.engine import Curves
from trainingwheels.engine.steps.passing import (
    CLOSE,
    COARSE,
    FALL,
    GAIN,
    REFINED,
    curves_passed,
    grid_passed,
    initial_passed,
    loss_left,
    overfit_passed,
    rates_passed,
    refined_passed,
    rounds_passed,
)

EVEN = math.log(10)


def made(end, *, accuracy=0.5, steps=110, diverged_at=None):
    """A run whose loss goes from log 10 to ``end`` times that within half of its steps."""
    share = np.minimum(np.arange(1, steps + 1) / (steps / 2), 1)
    losses = EVEN * (1 + (end - 1) * share)
    if diverged_at:
        losses[diverged_at - 1 :] = np.nan
    ones = np.ones(2, np.float32)
    return Curves(
        steps_per_epoch=10,
        steps=np.arange(1, steps + 1),
        train_loss=losses.astype(np.float32),
        lr=np.full(steps, 0.1, np.float32),
        eval_steps=np.array([0, steps]),
        val_loss=(EVEN * np.array([1, end])).astype(np.float32),
        val_accuracy=accuracy * ones,
        train_accuracy=accuracy * ones,
    )


@pytest.mark.parametrize("even", [EVEN, 9.0])
def test_an_initial_loss_is_near_that_of_equal_scores(even):
    near, far = (even * (1 + (CLOSE + more) * np.array([[1], [-1]])) for more in (-0.01, 0.01))
    assert all(initial_passed(losses, even).passed for losses in near)
    above, below = (initial_passed(losses, even) for losses in far)
    assert not above.passed
    assert not below.passed
    assert "too large" in above.hints[0]
    assert "bug" in below.hints[0]
    assert initial_passed([0.9 * even, 1.1 * even], even).why.startswith(f"the mean initial loss is {even:.4g}, 0 %")


def test_a_small_sample_is_learned_by_heart_or_there_is_a_hint():
    assert overfit_passed(made(0.01, accuracy=1.0), 200).passed
    almost = overfit_passed(made(0.01, accuracy=0.995), 200)
    assert not almost.passed
    assert almost.why.startswith("199 of 200")
    hints = [overfit_passed(run, 200).hints[0] for run in (made(0.9), made(3.0), made(0.9, diverged_at=7), made(0.3))]
    assert ["does not go down" in hints[0], "explodes" in hints[1], "Inf or NaN" in hints[2]] == [True] * 3
    assert hints[3].startswith("it does learn")


def test_a_loss_that_is_no_number_is_left_out():
    assert loss_left(made(0.5)) == pytest.approx(0.5)
    assert np.isnan(loss_left(made(0.5, diverged_at=100)))
    assert np.isnan(loss_left(made(0.5, steps=0)))


def test_some_learning_rate_makes_the_loss_drop():
    lrs = (0.01, 0.1, 1.0)
    good = rates_passed([made(0.9), made(1 - FALL - 0.01), made(0.1, diverged_at=9)], lrs)
    assert good.passed
    assert "rate is 0.1: the loss falls by 31 %" in good.why
    assert not rates_passed([made(1 - FALL + 0.01)] * 3, lrs).passed
    assert "unit" in rates_passed([made(1.0), made(0.99), made(0.9)], lrs).hints[0]
    assert "weight decay" in rates_passed([made(1.0), made(0.9), made(0.99)], lrs).hints[0]
    assert "rises by 10 %" in rates_passed([made(1.1), made(1.2), made(1.3)], lrs).why
    assert not rates_passed([made(1.0, diverged_at=3)] * 3, lrs).passed


@pytest.mark.parametrize(("column", "passed", "hint"), [(0, False, "lower"), (1, True, ""), (2, False, "higher")])
def test_the_best_of_a_grid_lies_inside(column, passed, hint):
    accuracies = np.full((2, 3), 0.5)
    accuracies[1, column] = COARSE
    verdict = grid_passed(accuracies)
    assert verdict.passed == passed
    assert all(f"to {hint} rates" in each for each in verdict.hints)
    assert not grid_passed(accuracies - 0.01).passed
    assert grid_passed(np.full((2, 3), 0.9)).passed  # all alike: that in the middle counts


def test_a_refined_net_knows_both_kinds_of_examples():
    assert refined_passed(REFINED, REFINED).passed
    verdicts = [refined_passed(*pair) for pair in ((0.65, 0.95), (0.5, 0.5), (1.0, 0.9))]
    assert not any(verdict.passed for verdict in verdicts)
    for verdict, word in zip(verdicts, ("labels", "does not learn", "more data"), strict=True):
        assert word in verdict.hints[0]


@pytest.mark.parametrize("less", [0.004, 4e-4, 4e-5])
def test_a_share_is_written_on_the_side_of_its_bound(less):
    verdict = rates_passed([made(1 - FALL + less)], (0.1,))
    assert not verdict.passed
    assert float(re.search(r"falls by ([\d.]+) %", verdict.why)[1]) < 100 * FALL
    for verdict in (
        grid_passed(np.array([[COARSE - less]])),
        refined_passed(REFINED - less, 1.0),
        rounds_passed([REFINED - less]),
    ):
        assert not verdict.passed
        assert min(float(share) for share in re.findall(r"([\d.]+) %", verdict.why)) < 100 * (
            REFINED if "95 %" in verdict.why else COARSE
        )
    above = initial_passed([EVEN * (1 + CLOSE + less)], EVEN)
    assert not above.passed
    assert float(re.search(r"([\d.]+) % above", above.why)[1]) > 100 * CLOSE


def test_342_of_360_are_95_percent():
    share = float(np.float32(342 / 360))
    assert share < REFINED  # what a float32 makes of it
    assert refined_passed(share, share).passed
    assert rounds_passed([share, share]).passed


def test_a_loss_that_explodes_is_told_in_times_and_one_step_is_one():
    assert "rises to 1.2e4 times what it was in 110 steps" in rates_passed([made(1.2e4)], (0.1,)).why
    assert "in 1 step (" in rates_passed([made(0.5, steps=1)], (0.1,)).why


def test_curves_are_as_good_as_the_rules_find_them():
    steps = 200
    fallen = made(0.02, accuracy=1.0, steps=steps)
    run = Curves(**{**vars(fallen), "train_loss": (EVEN * np.exp(-np.arange(steps) / 10) + 0.02).astype(np.float32)})
    assert curves_passed(run).passed
    assert not curves_passed(made(1.0)).passed
    assert "no number from step 9" in curves_passed(made(1.0, diverged_at=9)).why


def test_rounds_end_where_one_gains_nothing():
    assert not rounds_passed([0.97]).passed
    assert rounds_passed([0.97, 0.97 + GAIN / 2]).passed
    assert rounds_passed([0.98, 0.97]).passed
    assert "−1.0 points" in rounds_passed([0.98, 0.97]).why
    assert not rounds_passed([0.96, 0.96 + 2 * GAIN]).passed
    assert not rounds_passed([REFINED - 0.01] * 2).passed
