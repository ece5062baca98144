"""Right gradients at kinks and in rounding are called right, and wrong ones stay wrong."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from nbtests.engine.gradients.problems import cnn, relu_net, svm, two_layers
from trainingwheels.engine import gradient_check
from trainingwheels.engine.gradients.judging import Outcome, judge
from trainingwheels.engine.gradients.slopes import Along


def judged(f, x, slope, h=1e-5, noise=0.0, longer=True):
    """What is found out about the ``slope`` of a function of one number."""
    array = np.array([float(x)])
    along = Along(array, lambda: float(f(array[0])), float(f(x)), noise)
    return judge(slope, along.slopes(0, h), lambda step: along.slopes(0, step), along.reach(0), longer=longer)


def relu(x):
    return max(0.0, x)


@pytest.mark.parametrize("share", [1, 0.99, 1.01, 2, -1, 0])
@pytest.mark.parametrize("f", [np.sin, np.exp, lambda x: 3 + x, lambda x: x**2 + 1e-3 * relu(x - 1 - 3e-6)])
def test_a_slope_that_is_off_by_one_percent_differs(f, share):
    slope = {np.sin: np.cos(1.0), np.exp: np.e}.get(f, 1.0 if f(2) == 5 else 2.0)
    assert judged(f, 1.0, share * slope).outcome is (Outcome.AGREES if share == 1 else Outcome.DIFFERS)


@pytest.mark.parametrize("distance", [3e-6, 3e-7, 3e-8, -3e-6, -3e-7])
@pytest.mark.parametrize("jump", [1e-3, 0.01, 1, -2])
def test_a_kink_within_h_is_left_behind_by_smaller_steps(distance, jump):
    """Also where the slopes differ by less than 1 %: |x - d| times jump / 2 bends a line of slope 1."""

    def bent(x):
        return x + jump / 2 * abs(x - 1 - distance)

    slope = 1 - np.sign(distance) * jump / 2
    found = judged(bent, 1.0, slope)
    assert found.outcome is Outcome.AGREES
    assert found.kinked
    if slope:
        assert found.slopes.step < 1e-5
        assert judged(bent, 1.0, 1.01 * slope).outcome is Outcome.DIFFERS


def test_kinks_on_both_sides_whose_gaps_cancel():
    """Left and right slope are equal, both wrong: only smaller steps tell."""

    def bent(x):
        return x + relu(x - 1 - 2e-6) - relu(1 - 2e-6 - x) * -1

    assert judged(bent, 1.0, 1.0).outcome is Outcome.AGREES
    assert judged(bent, 1.0, 1.8).outcome is Outcome.DIFFERS


@pytest.mark.parametrize(
    ("slope", "outcome"),
    [
        (0.0, Outcome.AGREES),
        (1.0, Outcome.AGREES),
        (0.6, Outcome.KINK),
        (0.3, Outcome.KINK),
        (1.5, Outcome.DIFFERS),
        (-0.5, Outcome.DIFFERS),
    ],
)
def test_exactly_at_a_kink(slope, outcome):
    assert judged(relu, 0.0, slope).outcome is outcome


def test_what_is_lost_in_rounding_comes_out_with_larger_steps():
    def f(x):
        return 1e6 + 1e-3 * x**2

    assert judged(f, 1.0, 2e-3).outcome is Outcome.AGREES
    assert judged(f, 1.0, 4e-3).outcome is Outcome.DIFFERS
    assert judged(f, 1.0, 0.0).outcome is Outcome.DIFFERS
    assert judged(f, 1e-3, 0.0).outcome is Outcome.ROUNDING  # there is a slope of 2e-6, of which nothing is sure
    assert judged(f, 1.0, 2e-3, longer=False).outcome is Outcome.ROUNDING


def test_zero_is_told_from_what_cannot_be_seen():
    assert judged(lambda x: 3.0, 1.0, 0.0).outcome is Outcome.ZERO
    assert judged(lambda x: 3.0, 1.0, 1e-6).outcome is Outcome.DIFFERS
    assert judged(lambda x: 1 + x**2, 0.0, 0.0).outcome is Outcome.ZERO  # at a minimum
    assert judged(lambda x: 1 + x**2, 1e-6, 0.0).outcome is Outcome.DIFFERS
    assert judged(abs, 0.0, 0.0).outcome is Outcome.KINK
    assert judged(lambda x: 0.0, 1.0, 1e-17).outcome is Outcome.ZERO


def test_what_is_no_number_differs():
    assert judged(np.sin, 1.0, np.nan).outcome is Outcome.DIFFERS
    assert judged(np.sin, 1.0, np.inf).outcome is Outcome.DIFFERS


def test_a_steep_function_needs_a_smaller_step():
    """sin(1e5 x) turns within h = 1e-5."""
    assert judged(lambda x: np.sin(1e5 * x), 2e-5, 1e5 * np.cos(2)).outcome is Outcome.AGREES
    assert judged(lambda x: np.sin(1e5 * x), 2e-5, 1.01e5 * np.cos(2)).outcome is Outcome.DIFFERS


# Whole functions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_the_svm_is_right_and_one_percent_off_is_not(seed):
    loss, W, gradient = svm(seed)
    report = gradient_check(loss, W, gradient, entries=100)
    assert report.ok, report
    assert not gradient_check(loss, W, 1.01 * gradient(W), entries=100)
    one = gradient(W)
    one[seed, seed] *= 0.99
    report = gradient_check(loss, W, one)
    assert not report.ok
    assert report.worst.worst_index == (seed, seed)
    assert report.error == pytest.approx(0.01, rel=0.05)


@pytest.mark.parametrize("wrong", [{"penalty": 0}, {"penalty": 0.05}, {"masked": False}])
def test_a_two_layer_net_is_right_and_with_a_bug_is_not(wrong):
    loss, parameters, gradient = two_layers(0)
    assert gradient_check(loss, parameters, gradient).ok
    assert not gradient_check(loss, parameters, gradient(parameters, **wrong), entries=50)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("problem", [relu_net, cnn])
def test_nets_with_many_kinks_are_right(problem, seed):
    net, batch, loss = problem(seed)
    report = gradient_check(net, batch, loss=loss, entries=100)
    assert report.ok, report
    assert sum(array.kinked.sum() for array in report.arrays) == 0


@pytest.mark.parametrize(
    "f",
    [
        lambda x: functional.layer_norm(x, (5,)).sum(),
        lambda x: functional.batch_norm(x, None, None, training=True).sum(),
        lambda x: functional.group_norm(x, 1).sum(),
        lambda x: (torch.softmax(x, 1) - 0.2).sum(),
        lambda x: torch.softmax(x, 1).sum(),
    ],
)
def test_sums_that_cancel_are_right_and_what_is_not_zero_is_wrong(f):
    torch.manual_seed(0)
    x = torch.randn(4, 5)
    report = gradient_check(f, x)
    assert report.ok, report
    assert "zero in both, up to rounding" in str(report)
    assert not gradient_check(f, x, lambda x: 1e-3 * x)
