"""How sure a mean over seeds is."""

import numpy as np
import pytest
from scipy import stats

from trainingwheels.engine.intervals import bootstrap_interval


@pytest.mark.parametrize("count", [5, 12, 40])
def test_the_interval_is_the_percentile_bootstraps(count):
    values = np.random.default_rng(3).normal(2.0, 1.0, count)
    expected = stats.bootstrap(
        (values,), np.mean, confidence_level=0.99, method="percentile", rng=np.random.default_rng(1)
    )
    assert bootstrap_interval(values) == pytest.approx(tuple(expected.confidence_interval), rel=0.08)


def test_of_many_values_it_is_the_normal_one():
    values = np.random.default_rng(0).normal(5, 2, 400)
    half = 2.576 * values.std() / 20
    assert bootstrap_interval(values) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.05)


def test_equal_values_leave_no_doubt():
    assert bootstrap_interval([3.0] * 5) == (3.0, 3.0)
