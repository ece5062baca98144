"""Rates of momentum against the eigenvalues of the step, and the best ones against all others."""

import numpy as np
import pytest

from trainingwheels.engine.descent.quadratics import (
    ACCELERATIONS,
    Quadratic,
    highest_lr,
    rate_of_best_momentum,
    rate_of_best_sgd,
    rates,
)


@pytest.mark.parametrize("method", ACCELERATIONS)
def test_the_rate_is_the_largest_eigenvalue_of_a_step(method):
    rng = np.random.default_rng(0)
    for a, m, h in zip(rng.uniform(0, 4, 60), rng.uniform(0, 1, 60), rng.uniform(0.001, 1, 60), strict=True):
        step = np.array([[m, h], [-a * m, 1 - a * h]])  # of (v, e)
        if method == "nesterov":
            step = np.array([[m, h], [-a * m * m, 1 - a * h * (1 + m)]])
        assert rates(method, a, m, h) == pytest.approx(np.abs(np.linalg.eigvals(step)).max(), rel=1e-6)


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("method", ACCELERATIONS)
def test_nothing_converges_from_the_highest_learning_rate_on(method, momentum):
    edge = highest_lr(method, momentum)
    assert rates(method, 0.999 * edge, momentum, 1.0) < 1 < rates(method, 1.001 * edge, momentum, 1.0)


@pytest.mark.parametrize("condition", [1.0, 4.0, 100.0])
def test_no_point_of_the_plane_is_better_than_the_best(condition):
    lr, momentum = np.meshgrid(np.linspace(0.01, 3.99, 200), np.linspace(0, 0.99, 100))
    found = np.maximum(rates("momentum", lr, momentum, 1.0), rates("momentum", lr, momentum, 1 / condition))
    q = Quadratic(condition, "momentum", 0.0, 0.0)
    for (best_lr, best), rate, where in (
        (q.best_momentum, rate_of_best_momentum(condition), found),
        (q.best_sgd, rate_of_best_sgd(condition), found[:1]),
    ):
        here = Quadratic(condition, "momentum", best_lr, best).rates.max()
        assert here == pytest.approx(rate, abs=1e-6)
        assert (where > rate - 1e-6).all()
        assert where.min() < rate + 0.06


@pytest.mark.parametrize("method", ACCELERATIONS)
def test_distances_shrink_at_their_rates(method):
    q = Quadratic(50.0, method, 0.8, 0.6)
    e = np.abs(q.distances(400))
    window = np.array([e[at : at + 40].max(axis=0) for at in (150, 250)])  # over more than one swing
    np.testing.assert_allclose((window[1] / window[0]) ** 0.01, q.rates, rtol=0.02)
    assert (q.distances(0) == 1).all()


def test_what_diverges_stays_a_number():
    assert not np.isnan(Quadratic(10.0, "momentum", 4.0, 0.0).distances(3000)).any()
