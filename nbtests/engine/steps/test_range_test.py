"""A range test's marks: on made losses whose fall and break are known."""

import numpy as np
import pytest

from trainingwheels.engine import SCHEDULES
from trainingwheels.engine.schedules import DECADES, RISING
from trainingwheels.engine.steps.range_test import BREAK, averaged, breaks_away, falls_fastest


def test_the_rate_rises_by_the_same_factor_and_is_no_schedule_to_choose():
    factors = SCHEDULES["rising"].factors(61)
    np.testing.assert_allclose(factors[1:] / factors[:-1], 10 ** (DECADES / 60))
    assert factors[-1] == 1
    assert RISING.name not in list(SCHEDULES)


@pytest.mark.parametrize("width", [1, 4, 5])
def test_an_average_is_that_of_the_steps_around(width):
    y = np.random.default_rng(0).random(20)
    means = averaged(y, width)
    assert len(means) == 20
    assert means[10] == pytest.approx(y[10 - width // 2 : 10 - width // 2 + width].mean())


def test_it_ends_at_the_first_loss_that_is_no_number():
    y = np.ones(20)
    y[7:] = np.nan, *np.zeros(12)
    means = averaged(y, 4)
    np.testing.assert_array_equal(np.isnan(means), np.arange(20) >= 7)
    assert breaks_away(means) == 7
    assert np.isnan(averaged([np.inf, 1.0], 3)).all()
    assert len(averaged([], 3)) == 0


def test_it_breaks_away_where_it_is_well_above_its_lowest():
    y = np.array([4.0, 3.0, 2.0, 2.0 + 4 * BREAK - 0.01, 2.0 + 4 * BREAK, 1.0])
    assert breaks_away(y) == 4
    assert breaks_away(y[:4]) is None


def test_it_falls_fastest_where_a_smooth_step_is_steepest():
    at = np.arange(200)
    y = 0.1 + 0.9 / (1 + np.exp((at - 120) / 8)) + np.maximum(at - 170, 0)
    assert falls_fastest(y, 10) == pytest.approx(120, abs=1)
