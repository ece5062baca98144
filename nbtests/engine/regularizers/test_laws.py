"""The distributions that noises are drawn from, against scipy's and against what is drawn."""

import numpy as np
import pytest
from scipy import stats

from trainingwheels.engine.regularizers import cutout, survival
from trainingwheels.engine.regularizers.laws import beta_density, binomial, cut_shares, number_alive


@pytest.mark.parametrize("alpha", [0.05, 0.4, 1.0, 3.0, 20.0])
def test_the_density_of_a_share(alpha):
    x = np.linspace(0.01, 0.99, 50)
    np.testing.assert_allclose(beta_density(x, alpha), stats.beta(alpha, alpha).pdf(x), rtol=1e-9)


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_how_many_fall(p):
    np.testing.assert_allclose(binomial(104, p), stats.binom(104, p).pmf(np.arange(105)), atol=1e-12)


def test_how_many_blocks_survive():
    alive = survival(54, 0.5)
    law = number_alive(alive)
    assert law.sum() == pytest.approx(1)
    counts = np.arange(55)
    assert law @ counts == pytest.approx(alive.sum())
    assert law @ counts**2 - (law @ counts) ** 2 == pytest.approx((alive * (1 - alive)).sum())


@pytest.mark.parametrize(("side", "size"), [(1, 8), (3, 8), (8, 8), (18, 48)])
def test_how_much_cutout_covers(side, size):
    shares, probabilities = cut_shares(side, size)
    assert probabilities.sum() == pytest.approx(1)
    assert shares[-1] == pytest.approx(side**2 / size**2)
    boxes = cutout(np.ones((4000, 1, size, size)), side, np.random.default_rng(0)).boxes
    drawn = np.array([box.area / size**2 for box in boxes])
    assert all(np.isclose(shares, share).any() for share in np.unique(drawn))
    error = 4 * np.sqrt((probabilities @ shares**2 - (probabilities @ shares) ** 2) / len(drawn)) + 1e-12
    assert drawn.mean() == pytest.approx(probabilities @ shares, abs=error)
