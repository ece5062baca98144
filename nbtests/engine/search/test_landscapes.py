"""Landscapes: designs as others make them, the score by hand, and who is ahead, by what theory says of it."""

import numpy as np
import pytest
from scipy.stats import qmc

from trainingwheels.engine.search.landscapes import BITS, DESIGNS, DRAWS, SIDES, Ridge, contest, design


def test_the_score_by_hand():
    ridge = Ridge(importance=0.5, peak=(0.2, 0.6), width=0.1)
    assert ridge.score([0.2, 0.6]) == 1
    assert ridge.score([0.3, 0.6]) == pytest.approx((np.exp(-0.5) + 0.5) / 1.5)
    assert ridge.score([[0.2, 0.7], [9.0, 9.0]]) == pytest.approx([(1 + 0.5 * np.exp(-0.5)) / 1.5, 0])


@pytest.mark.parametrize("side", SIDES)
def test_a_grid_tries_few_values_and_its_rivals_many(side):
    for name in DESIGNS:
        points = design(name, side, seed=3)
        assert points.shape == (side**2, 2)
        assert (points >= 0).all()
        assert (points < 1).all()
        values = [len(np.unique(points[:, axis].round(12))) for axis in (0, 1)]
        assert values == [side if name == "grid" else side**2] * 2
    steps = np.diff(np.unique(design("grid", side, 3)[:, 0].round(12)))
    assert steps == pytest.approx(np.full(side - 1, 1 / side))


def test_the_sequence_is_sobols_but_for_a_shift():
    points = (design("sobol", 8, 0) * 2**BITS).astype(np.uint32)
    other = (qmc.Sobol(2, scramble=False).random(64) * 2**BITS).astype(np.uint32)
    assert len(np.unique(points ^ other, axis=0)) == 1


def test_equal_seeds_draw_equally_and_others_otherwise():
    for name in DESIGNS:
        assert np.array_equal(design(name, 3, 1), design(name, 3, 1))
        assert not np.array_equal(design(name, 3, 1), design(name, 3, 2))


def test_more_random_trials_go_on_where_fewer_end():
    for name in ("random", "sobol"):
        assert np.array_equal(design(name, 5, 0)[:9], design(name, 3, 0))
        best = contest(Ridge(), 3).best[name]
        assert (np.diff(best, axis=0) >= 0).all()


def test_one_trial_is_one_trial():
    """Of a grid as of a random search: both are uniform, so their means agree within what 1,000 draws leave open."""
    best = contest(Ridge(0.3), 1)
    grid, random = (best.here(name) for name in ("grid", "random"))
    error = np.hypot(grid.std(), random.std()) / np.sqrt(DRAWS)
    assert abs(grid.mean() - random.mean()) < 4 * error


@pytest.mark.parametrize("side", [3, 5])
def test_random_is_ahead_where_one_parameter_matters_and_behind_where_both_do(side):
    found = contest(Ridge(), side)
    lead = (found.against["random"] - found.against["grid"]).mean(axis=1)
    assert lead[0] > 0.08
    assert lead[-1] < -0.02
    assert (np.diff(lead) < 0).all()  # the more y matters, the less random gains


def test_the_curve_against_importance_goes_through_what_is_looked_at():
    found = contest(Ridge(0.25), 4)
    place = found.importances.tolist().index(0.25)
    for name in DESIGNS:
        assert found.against[name][place] == pytest.approx(found.here(name))
