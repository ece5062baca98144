"""What is said of gradient checks, measured: a net of 44 parameters, batch of 8, at 20 random points.

Sizes are compared by their decimal logarithms; a mean comes with its 99 % bootstrap interval over the points, and
comparisons are paired by point. The lab's answers speak of point 0. The advice is that of the CS231n course notes.
"""

from functools import cache

import numpy as np
import pytest
import torch
from scipy import special
from torch import nn
from torch.nn import functional

from nbtests.claims.bootstrap import holds
from nbtests.engine.gradients.problems import svm, two_layers
from trainingwheels.engine import BUGS, CHECKS, Planted, applies, error_curve, gradient_check, run_check, straddling
from trainingwheels.engine.gradients.checked import straddle_curve

POINTS = range(20)
HS = tuple(float(f"{10 ** (-15 + place / 3):.6g}") for place in range(46))


@cache
def curves(function="net", precision="float64", difference="centred", bug="none"):
    """The error at each h, one row per point."""
    planted = [Planted(function, precision, seed=seed, bug=bug) for seed in POINTS]
    return np.array([error_curve(each, HS, difference) for each in planted])


def best(errors):
    """log10 of the smallest error of each row, and of the h where it is."""
    return np.log10(errors.min(1)), np.log10(np.array(HS)[errors.argmin(1)])


def error(function="net", precision="float64", h=1e-5, difference="centred", bug="none", seed=0):
    return run_check(Planted(function, precision, seed=seed, bug=bug), h, difference).whole


def test_float64_is_best_at_1e_minus_5():
    """Said: use h = 1e-5. Holds: the error is least at h = 10^-5.1 (-5.3 to -5.0), with 10^-9.9 (-10.0 to -9.8); it is
    0.4 to 0.8 at h = 1e-15, where truncation would be nil: that is rounding."""
    least, where = best(curves())
    assert holds(where, -5.4, -4.8)
    assert holds(least, -10.1, -9.6)
    assert 0.3 < curves()[:, 0].min() <= curves()[:, 0].max() < 1
    assert 3e-11 < error() < 3e-10  # about 1e-10, says the lab: rounding, which is another on each processor
    assert 0.3 < error(h=1e-15) < 0.9


def test_the_two_arms_are_truncation_and_rounding():
    """Holds: from h = 1e-3 to 1e-2 the error grows as h^2 (centred) or h (one-sided); from 1e-12 to 1e-7 it falls as
    1/h."""
    steps = [HS.index(h) for h in (1e-12, 1e-7, 1e-3, 1e-2)]
    for difference, order in (("centred", 2), ("one-sided", 1)):
        logs = np.log10(curves(difference=difference)[:, steps])
        assert holds(logs[:, 3] - logs[:, 2], order - 0.05, order + 0.05)
    logs = np.log10(curves()[:, steps])
    assert holds((logs[:, 1] - logs[:, 0]) / 5, -1.05, -0.95)


def test_float32_cannot_tell_a_good_gradient_from_a_fair_one():
    """Said: check in double precision. Holds: in float32 the least error is 10^-4.1 (-4.2 to -4.0), at h = 10^-2.2
    (-2.4 to -2.1), and at float64's best h it is 0.02 to 0.06, which the advice calls wrong."""
    least, where = best(curves(precision="float32"))
    assert holds(least, -4.3, -3.9)
    assert holds(where, -2.6, -1.9)
    at_1e5 = curves(precision="float32")[:, HS.index(1e-5)]
    assert at_1e5.min() > 0.01
    assert 3e-5 < error(precision="float32", h=1e-2) < 2e-4
    assert 0.02 < error(precision="float32") < 0.1


def test_the_centred_difference_is_hundreds_of_times_better():
    """Said: use the centred difference. Holds: its least error is 10^2.6 (2.5 to 2.7) times smaller."""
    gain = best(curves(difference="one-sided"))[0] - best(curves())[0]
    assert holds(gain, 2.3, 2.8)
    least, where = best(curves(difference="one-sided")[:1])
    assert 2e-8 < 10 ** least[0] < 8e-8  # the spread over the points
    assert 2e-8 < 10 ** where[0] < 1.1e-7
    assert 100 < 10 ** gain[0] < 1000
    assert error(difference="one-sided") == pytest.approx(5e-6, rel=0.1)


def test_a_kink_in_the_way_makes_the_error_leap():
    """Said: kinks make errors that are not bugs. Holds at point 0: none of 44 entries straddles a kink at h = 0.05, 3
    do at 0.1, and the error goes from 1e-4 to 5e-2; without a kink in the way (tanh, softmax) it grows 3 to 5 times."""
    counts = [int(run_check(Planted("kinked-net"), h).straddles.sum()) for h in (1e-5, 0.05, 0.1)]
    assert counts == [0, 0, 3]
    assert error("kinked-net", h=0.05) == pytest.approx(1e-4, rel=0.5)
    assert error("kinked-net", h=0.1) == pytest.approx(5e-2, rel=0.2)
    assert 3 < error("net", h=0.1) / error("net", h=0.05) < 5
    assert best(curves("kinked-net"))[0].max() < -9


def test_few_examples_and_a_small_h_avoid_kinks():
    """Said: use few data points. Holds: at h = 0.1 the share of entries that straddle a kink is 3 % with 2 examples, 15
    with 8 and 62 with 32. At h = 1e-5 it is none in 300 nets, at 1e-3 one entry or more in 3 % of them."""
    few, some, many = (float(straddling((0.1,), batch)[0]) for batch in (2, 8, 32))
    assert few < 0.5 * some < 0.25 * many
    hit = np.array([straddle_curve(Planted("kinked-net", seed=seed), (1e-5, 1e-3)) > 0 for seed in range(300)]).mean(0)
    assert hit[0] == 0
    assert 0.005 < hit[1] < 0.06


def test_a_bug_makes_a_floor():
    """Holds for every bug, in both nets, at every point: no h brings the error below 5e-3, where right gradients reach
    1e-9. A forgotten factor 2 of L2 (l2 = 0.01) is the smallest: 0.006 to 0.07."""
    for bug in BUGS:
        for function in ("net", "kinked-net"):
            if applies(bug, function):
                assert curves(function, bug=bug).min() > 5e-3
    assert best(curves())[0].max() < -9
    assert error(bug="half-penalty") == pytest.approx(0.06, rel=0.1)
    assert 0.05 < curves(bug="half-penalty")[0].min() < 0.06  # rounding at some h takes a little off


def test_the_thresholds_part_right_from_wrong_at_1e_minus_5():
    """Said: at most 1e-7 is right, above 1e-2 probably wrong. Holds for all functions in the table at 20 points: right
    gradients stay below 1e-8. Of the bugs, only the L2 one comes below 1e-2, in the net with hinge."""
    for function in CHECKS:
        assert max(error(function, seed=seed) for seed in POINTS) < 1e-8
        for bug in BUGS:
            if applies(bug, function):
                least = min(error(function, bug=bug, seed=seed) for seed in POINTS)
                assert least > (5e-3 if bug == "half-penalty" else 0.05)


def test_the_hidden_bug_is_found_by_its_arrays():
    """Holds for the preset: W1 is off, and W2, gamma and beta are right to 1e-6, entry by entry."""
    found = run_check(Planted("net", bug="variance", seed=7), 1e-5)
    worst = {name: found.error[found.owner == place].max() for place, name in enumerate(found.names)}
    assert worst.pop("W1") > 0.5
    assert max(worst.values()) < 1e-6


def test_the_check_sees_that_gelus_phi_is_a_polynomial():
    """Holds: GELU's least error is 3e-9 to 7e-9, 130 times (110 to 170) that of SiLU; with a Phi of 16 digits
    it is below 2e-10."""
    gelu, silu = best(curves("gelu"))[0], best(curves("silu"))[0]
    assert holds(gelu - silu, 1.6, 2.6)
    assert -8.8 < gelu.min() < gelu.max() < -8
    rng = np.random.default_rng(0)
    x, r = 2 * rng.standard_normal((8, 4)), rng.standard_normal((8, 4))

    def slope(x):
        return r * (special.ndtr(x) + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))

    exact = gradient_check(lambda x: (r * x * special.ndtr(x)).sum(), x, slope).arrays[0]
    assert np.linalg.norm(exact.analytic - exact.numeric) / np.linalg.norm(exact.analytic) < 2e-10


def test_rounding_stays_below_what_is_allowed_for_it():
    """Over 40 nets, the error of a right gradient that is not hidden by rounding stays below 1e-7."""
    for seed in range(40):
        torch.manual_seed(seed)
        net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.Tanh(), nn.Linear(16, 4))
        report = gradient_check(
            net, (torch.randn(16, 8), torch.randint(4, (16,))), loss=functional.cross_entropy, entries=20
        )
        assert report.verdict.word == "right", report


SPOILED = {
    "1 % too large": lambda slopes: 1.01 * slopes,
    "wrong sign": lambda slopes: -slopes,
    "factor 2": lambda slopes: 2 * slopes,
    "missing": lambda slopes: 0 * slopes,
    "axes exchanged": lambda slopes: slopes[::-1, ::-1] if slopes.ndim == 2 else slopes[::-1],
}


@pytest.mark.parametrize("problem", [svm, two_layers])
def test_no_false_alarm_and_no_miss(problem):
    """Holds for the lecture's SVM loss and two-layer net at 10 points, with five mistakes in each of their arrays."""
    for seed in range(10):
        loss, x, gradient = problem(seed)
        assert gradient_check(loss, x, gradient, entries=60, seed=seed), (seed, "false alarm")
        right = gradient(x)
        for name in right if isinstance(right, dict) else [None]:
            for mistake, spoil in SPOILED.items():
                wrong = spoil(right) if name is None else right | {name: spoil(right[name])}
                assert not gradient_check(loss, x, wrong, entries=60, seed=seed), (seed, name, mistake)
