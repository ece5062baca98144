"""Repetitions of a search: the best so far of each, as far as all are, and where the middle half of them lies."""

import math

import numpy as np
import pytest

from trainingwheels.engine.search import LogUniform, Repeated, Result, Trial
from trainingwheels.engine.search.repeated import quartiles

NO = math.nan


def made(*values, running=0):
    """A search whose trials came to these values, NaN for one that crashed, and to 0.1 less on the test."""
    trials = [
        Trial(number, {"lr": 0.1}, "diverged" if math.isnan(value) else "complete", value, value - 0.1)
        for number, value in enumerate(values)
    ]
    trials += [Trial(len(values) + more, {"lr": 0.1}, "running", 0.99) for more in range(running)]
    return Result({"lr": LogUniform(1e-4, 1)}, "random", tuple(trials), 4, 20.0, not running)


def test_the_best_so_far_goes_as_far_as_all_repetitions_are():
    repeated = Repeated((made(0.5, 0.3, 0.8, running=1), made(NO, 0.6)))
    val, test = repeated.best_so_far
    np.testing.assert_array_equal(val, [[0.5, 0.5], [NO, 0.6]])
    np.testing.assert_allclose(test, [[0.4, 0.4], [NO, 0.5]])
    np.testing.assert_array_equal(repeated.ends[0], [0.8, 0.6])
    assert not repeated.done


def test_who_has_found_none_has_no_end():
    val, test = Repeated((made(NO, NO), made(0.7))).ends
    np.testing.assert_array_equal(val, [NO, 0.7])
    np.testing.assert_allclose(test, [NO, 0.6])


def test_quartiles_are_of_what_all_repetitions_know():
    found = quartiles(np.array([[NO, 0.0], [0.2, 1.0], [0.4, 2.0], [0.5, 3.0], [0.6, 4.0]]))
    assert np.isnan(found[:, 0]).all()
    assert found[:, 1] == pytest.approx([1, 2, 3])
