"""Functions in NumPy as people write them: whatever their memory order, what they give, and what they draw."""

import math
import random

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting, gradient_check

X = np.arange(6.0).reshape(2, 3) + 0.5
LOCKED = X.copy()
LOCKED.flags.writeable = False


def squares(x):
    return (x**2).sum()


def twice(x):
    return 2 * x


@pytest.mark.parametrize(
    "x",
    [
        X.T,
        np.asfortranarray(X),
        np.broadcast_to(np.ones(3), (2, 3)),
        X[::-1, ::-1],
        np.ones((4, 6))[::2, ::2],
        X.astype(">f8"),
        X.astype(np.float16),
        LOCKED,
    ],
)
def test_any_memory_order(x):
    before = x.copy()
    assert gradient_check(squares, x, twice).ok
    assert gradient_check(squares, x, np.asfortranarray(2.0 * x)).ok
    assert not gradient_check(squares, x, lambda x: 2.02 * x).ok
    assert np.array_equal(x, before)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: (squares(x), 2 * x),
        lambda x: [squares(x), 2 * x],
        lambda x: (squares(x), 2 * x, "more"),
        lambda x: (squares(x), {"scores": 1}, 2 * x),
        lambda x: ((squares(x), "more"), 2 * x),
        lambda x: (squares(x), (2 * x).tolist()),
    ],
)
def test_a_value_with_its_gradient(f):
    assert gradient_check(f, X).ok
    assert not gradient_check(lambda x: f(1.01 * x), X).ok


def test_a_value_with_the_gradient_for_several_arrays():
    W, b = X, np.ones(3)

    def loss(W, b):
        return (W**2).sum() + (b**3).sum()

    assert gradient_check(lambda W, b: (loss(W, b), 2 * W, 3 * b**2), (W, b)).ok
    assert gradient_check(lambda W, b: (loss(W, b), [2 * W, 3 * b**2]), [W, b]).ok
    assert gradient_check(lambda p: (loss(**p), {"W": 2 * p["W"], "b": 3 * p["b"] ** 2}), {"W": W, "b": b}).ok
    assert not gradient_check(lambda W, b: (loss(W, b), 2 * W, 2 * b**2), (W, b)).ok


def test_f_may_write_into_its_argument():
    def doubled(x):
        x *= 2
        return (x**2).sum()

    before = X.copy()
    assert gradient_check(doubled, X, lambda x: 8 * x).ok
    assert np.array_equal(X, before)


def test_f_that_does_not_use_its_argument_is_told_so():
    W = np.ones((2, 2))
    report = gradient_check(lambda ignored: squares(W), W, twice)
    assert not report.ok
    assert "f does not change with x. It is flat there" in str(report)
    assert "or reads something else, such as a variable from outside" in str(report)
    report = gradient_check(lambda a, b: squares(a), (W, W), lambda a, b: (2 * a, 2 * b))
    assert not report.ok
    assert "f does not change with x1." in str(report)


def test_global_random_numbers_are_the_same_in_every_evaluation():
    state, python = np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002 - what f draws from

    def mask(x):
        return np.random.rand(*x.shape) > 0.3  # noqa: NPY002 - as people write dropout

    assert gradient_check(lambda x: ((x * mask(x)) ** 2).sum(), X, lambda x: 2 * x * mask(x)).ok
    assert gradient_check(lambda x: random.random() * squares(x), X, lambda x: random.random() * 2 * x).ok
    assert np.array_equal(np.random.get_state()[1], state)  # noqa: NPY002 - the same
    assert random.getstate() == python


def test_random_numbers_of_ones_own_and_counters_are_refused():
    rng = np.random.default_rng(0)
    for f in (lambda x: ((x * rng.random(x.shape)) ** 2).sum(), lambda x: rng.standard_normal() + squares(x)):
        with pytest.raises(InvalidSetting, match="different values at the same x: it draws from a generator"):
            gradient_check(f, X, twice)


def test_float32_inside_is_judged_as_far_as_it_goes():
    def coarse(x):
        return float((x.astype(np.float32) ** 2).sum())

    report = gradient_check(coarse, X, twice)
    assert report.ok, report
    assert not gradient_check(coarse, X, lambda x: 2.02 * x).ok


def test_float32_that_leaves_nothing_to_see_is_named():
    report = gradient_check(lambda x: np.float32(1e6) + (x.astype(np.float32) ** 2).sum(), X, twice)
    assert not report.ok
    assert report.verdict.word == "not judged"
    assert "it computes in less than float64 somewhere" in str(report)


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (lambda x: np.log(x).sum(), [1e-6, 1], lambda x: 1 / x),
        (lambda x: np.sqrt(x).sum(), [1e-7, 1], lambda x: 0.5 / np.sqrt(x)),
        (lambda x: math.sqrt(x[0]), [1e-6], lambda x: 0.5 / np.sqrt(x)),
    ],
)
def test_near_the_end_of_its_domain_f_is_asked_closer_by(f, x, slope):
    assert gradient_check(f, np.array(x), slope).ok
    assert not gradient_check(f, np.array(x), lambda x: 1.01 * slope(x)).ok


@pytest.mark.parametrize("size", [1e12, 1e6, 1, 1e-6, 1e-12])
def test_entries_of_any_size(size):
    x = size * np.array([1.0, -2.0, 0.3])
    assert gradient_check(squares, x, twice).ok
    assert not gradient_check(squares, x, lambda x: 2.02 * x).ok
    assert not gradient_check(squares, x, lambda x: 0 * x).ok
