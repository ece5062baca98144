"""Paths and the rates that suit them."""

import numpy as np
import pytest

from trainingwheels.engine import OPTIMIZERS
from trainingwheels.engine.descent.paths import FAR, RATES, descend, noise_of, suited_rate
from trainingwheels.engine.descent.surfaces import START, Surface
from trainingwheels.engine.descent.updates import Hyper, Update


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_path_is_the_sum_of_its_steps(name):
    surface = Surface("rosenbrock", 20.0)
    path = descend(surface, name, np.array(START), 40, Hyper(1e-3))
    assert path.points.shape == (41, 2)
    assert isinstance(path.updates, Update)
    np.testing.assert_allclose(np.diff(path.points, axis=0), path.updates.step, atol=1e-12)
    np.testing.assert_allclose(path.losses, surface.loss(path.points))
    np.testing.assert_allclose(path.updates.gradient, surface.gradient(path.points[:-1]), rtol=1e-9, atol=1e-9)
    assert path.diverged_at is None


def test_sgd_on_the_ravine_is_known_in_closed_form():
    path = descend(Surface("ravine"), "sgd", np.array(START), 30, Hyper(0.015))
    factors = np.array([1 - 0.015, 1 - 0.015 * 100])
    np.testing.assert_allclose(path.points, START * factors ** np.arange(31)[:, None], atol=1e-12)


def test_what_diverges_says_so_and_stays_finite():
    path = descend(Surface("ravine"), "sgd", np.array(START), 150, Hyper(0.05))
    assert path.diverged_at is not None
    assert np.isfinite(path.points).all()
    assert (path.points[path.diverged_at :] == path.points[path.diverged_at - 1]).all()


def test_all_rules_meet_the_same_noise():
    surface = Surface("noisy")
    sgd, adam = (descend(surface, name, np.array(START), 20, Hyper(1e-9), 3) for name in ("sgd", "adam"))
    np.testing.assert_allclose(sgd.updates.gradient, adam.updates.gradient, atol=1e-5)
    assert (noise_of(Surface("ravine"), 5, 0) == 0).all()


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_no_other_rate_of_the_grid_suits_better(name):
    surface, hyper = Surface("ravine", 30.0), Hyper(0.0, beta2=0.99)
    chosen, late = suited_rate(surface, name, 60, hyper), {}
    for rate in RATES:
        path = descend(surface, name, np.array(START), 60, Hyper(rate, beta2=0.99))
        late[rate] = path.losses[46:].sum() if (np.abs(path.points) <= FAR).all() else np.inf
    assert late[chosen] == min(late.values()) < np.inf
