"""Two weights: the solution against a search, the optimality conditions, balls and contours."""

import numpy as np
import pytest

from trainingwheels.engine import PENALTIES
from trainingwheels.engine.shrinkage.two_weights import Bowl, ball

CASES = [
    (name, Bowl(tuple(rng.uniform(-3, 3, 2)), rng.uniform(1, 5), rng.uniform(-90, 90)), rng.uniform(0, 3), beta)
    for rng in [np.random.default_rng(0)]
    for name in PENALTIES
    for beta in (0.0, 0.5, 2.0)
    for _ in range(6)
]


def full_loss(case, w):
    name, bowl, lam, beta = case
    squares, absolutes = PENALTIES[name].parts(beta)
    return bowl.loss(w) + lam * (squares * np.square(w).sum(-1) + absolutes * np.abs(w).sum(-1))


@pytest.mark.parametrize("case", CASES)
def test_nothing_in_the_plane_is_lower_than_the_solution(case):
    name, bowl, lam, beta = case
    solution = bowl.solve(name, lam, beta)
    grid = np.stack(np.meshgrid(np.linspace(-4, 4, 161), np.linspace(-4, 4, 161)), axis=-1)
    near = solution.w + 1e-3 * np.random.default_rng(1).standard_normal((500, 2))
    lowest = full_loss(case, solution.w)
    assert lowest <= full_loss(case, grid).min() + 1e-12
    assert lowest <= full_loss(case, near).min() + 1e-12


@pytest.mark.parametrize("case", CASES)
def test_a_weight_is_0_just_where_the_conditions_put_it(case):
    name, bowl, lam, beta = case
    solution = bowl.solve(name, lam, beta)
    np.testing.assert_array_equal(solution.w == 0, solution.on_axis)
    for weight in range(2):
        best = solution.response(weight, solution.pulls[weight : weight + 1])[0]
        assert solution.w[weight] == pytest.approx(best, abs=1e-9)


def test_l1_reaches_the_axis_and_l2_does_not():
    bowl = Bowl((1.2, 2.0), 2.0, 25.0)
    assert bowl.solve("l1", 0.5).w[0] == 0
    assert bowl.solve("l1", 0.5).w[1] > 0
    assert (bowl.path("l2", np.linspace(0, 50, 101)) != 0).all()


def test_the_path_begins_at_the_data_and_l1_ends_at_0():
    bowl = Bowl((1.2, -2.0), 3.0, -40.0)
    lams = np.array([0.0, np.abs(bowl.curvature @ bowl.optimum).max()])
    path = bowl.path("l1", lams)
    np.testing.assert_allclose(path[0], bowl.optimum)
    np.testing.assert_array_equal(path[1], [0, 0])
    assert (bowl.path("l1", lams[1:] * 0.999)[0] != 0).any()


@pytest.mark.parametrize("value", [0.0, 1e-12, 0.5, 40.0])
@pytest.mark.parametrize("name", PENALTIES)
def test_on_the_ball_the_penalty_has_its_value(name, value):
    values = [PENALTIES[name].value(w, 0.4) for w in ball(name, value, 0.4)]
    np.testing.assert_allclose(values, value, rtol=1e-9, atol=1e-15)


def test_on_a_contour_the_data_loss_has_its_level():
    bowl = Bowl((1.0, -1.0), 4.0, 30.0)
    np.testing.assert_allclose(bowl.loss(bowl.contour(0.7)), 0.7)
    off = bowl.contour(0.7) - bowl.optimum
    lengths = np.hypot(*off.T)
    assert lengths.max() / lengths.min() == pytest.approx(4, rel=1e-2)
    along = off[lengths.argmax()]
    assert abs(np.rad2deg(np.arctan(along[1] / along[0]))) == pytest.approx(30, abs=1)
