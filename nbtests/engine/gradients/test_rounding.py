"""The noise of f is measured, in whatever precision it computes."""

import numpy as np
import pytest

from trainingwheels.engine.gradients.rounding import noise_of


def noise(f, *arrays, seed=0):
    return noise_of(lambda: float(f(*arrays)), arrays, np.random.default_rng(seed))


@pytest.fixture
def x():
    return np.random.default_rng(0).standard_normal((20, 5))


def test_float64_is_precise_to_its_last_digits(x):
    assert noise(lambda x: (np.sin(x) ** 2).sum(), x) < 1e-13


def test_float32_inside_is_seen(x):
    assert 1e-8 < noise(lambda x: (np.sin(x.astype(np.float32)) ** 2).mean(), x) < 1e-6


def test_terms_that_cancel_are_seen(x):
    """The sum of 100 deviations from the mean is 0; its rounding is that of terms around 1000."""
    assert 1e-14 < noise(lambda x: (1000 + x - (1000 + x).mean()).sum(), x) < 1e-10


def test_neither_a_slope_nor_a_bend_is_noise(x):
    assert noise(lambda x: 1e3 * x.sum(), x) < 1e-10
    assert noise(lambda x: 1e3 * (x**2).sum(), x) < 1e-9


def test_a_constant_has_none(x):
    assert noise(lambda x: 7.0, x) == 0


def test_what_was_moved_is_put_back(x):
    y, before = np.zeros(3), x.copy()
    noise(lambda x, y: x.sum() + y.sum(), x, y)
    assert np.array_equal(x, before)
    assert not y.any()
