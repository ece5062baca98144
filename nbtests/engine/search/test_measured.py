"""Landscapes of real nets: what lies between, by hand; and that lr matters, and L2 hardly."""

import numpy as np
import pytest

from trainingwheels.engine.search.landscapes import contest
from trainingwheels.engine.search.measured import POINTS, Measured, measured


def test_between_the_nets_it_is_bilinear():
    rows, columns = np.mgrid[:POINTS, :POINTS] / POINTS
    found = Measured(2 * columns + 3 * rows)
    at = np.random.default_rng(0).uniform(0.5 / POINTS, 1 - 0.5 / POINTS, (50, 2))
    assert found.score(at) == pytest.approx(2 * at[:, 0] + 3 * at[:, 1] - 2.5 / POINTS)
    assert found.score([[0.0, 0.0], [1.0, 1.0]]) == pytest.approx([0, 5 * (1 - 1 / POINTS)])  # beyond: the nearest


def test_lr_matters_and_l2_hardly_so_that_random_is_ahead_of_a_grid():
    found = measured("l2")
    along = [np.ptp(found.scores.mean(axis=axis)) for axis in (0, 1)]
    assert along[0] > 5 * along[1]
    best = contest(found, 3)
    assert (best.here("random") - best.here("grid")).mean() > 0.015
