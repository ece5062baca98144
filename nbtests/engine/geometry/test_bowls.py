"""Gradient descent on bowls, against literal loops and torch."""

import math

import numpy as np
import pytest
import torch

from trainingwheels.engine.geometry.bowls import GOAL, Bowl, bowls, steps_in_theory


@pytest.fixture
def problem():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 2)) * [4, 0.5] + [1, 2]
    return X, X @ [1.5, -2.0] + 0.7


def test_a_bowl_is_the_loss_of_least_squares(problem):
    X, y = problem
    bowl, w = Bowl.of(X, y), np.array([0.3, -0.1, 0.2])
    parameters = torch.tensor(w, requires_grad=True)
    loss = ((torch.tensor(X) @ parameters[:2] + parameters[2] - torch.tensor(y)) ** 2).mean() / 2
    loss.backward()
    assert bowl.loss(w) == pytest.approx(loss.item())
    np.testing.assert_allclose(bowl.gradient(w), parameters.grad.numpy(), rtol=1e-9)
    np.testing.assert_allclose(bowl.best, [1.5, -2.0, 0.7], rtol=1e-9)


@pytest.mark.parametrize("rate", [0.3, 1.0, 1.8, 2.1])
def test_descending_at_once_is_descending_step_by_step(problem, rate):
    X, y = problem
    bowl, w, path = Bowl.of(X, y), torch.zeros(3, dtype=torch.float64, requires_grad=True), []
    lr = rate / bowl.principal()[0][0]
    optimizer = torch.optim.SGD([w], lr=lr)
    for _ in range(31):
        path.append(w.detach().numpy().copy())
        optimizer.zero_grad()
        (((torch.tensor(X) @ w[:2] + w[2] - torch.tensor(y)) ** 2).mean() / 2).backward()
        optimizer.step()
    steps = np.arange(31)
    np.testing.assert_allclose(bowl.descend(rate, steps), path, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(bowl.losses(rate, steps), bowl.loss(np.array(path)) / bowl.loss(np.zeros(3)), rtol=1e-7)


@pytest.mark.parametrize("rate", [0.5, 1.0, 1.9])
def test_steps_are_the_first_that_reach_the_goal(rate):
    for bowl in bowls(20.0, 30.0, (2.0, 1.0)).values():
        steps = bowl.steps(rate)
        before, there = bowl.losses(rate, np.array([steps - 1, steps]))
        assert there <= GOAL < before


def test_what_never_gets_there_is_none(problem):
    bowl = Bowl.of(*problem)
    assert bowl.steps(2.0) is None
    assert bowl.steps(2.2) is None
    assert Bowl(np.diag([1.0, 1e-9, 1.0]), np.array([1.0, 1e6, 1.0])).steps(0.05) is None


@pytest.mark.parametrize("condition", [1.0, 10.0, 300.0])
def test_condition_numbers_of_the_five_bowls(condition):
    found = bowls(condition, 35.0, (4.0, 3.0))
    assert found["centred"].condition == pytest.approx(condition, rel=1e-3)
    assert found["decorrelated"].condition == pytest.approx(condition, rel=1e-3)
    assert found["whitened"].condition == pytest.approx(1, rel=1e-3)
    assert found["original"].condition > found["centred"].condition
    losses = [bowl.loss(np.zeros(3)) for bowl in found.values()]
    np.testing.assert_allclose(losses, losses[0], rtol=1e-4)  # all start from the same predictions


@pytest.mark.parametrize("angle", [0.0, 45.0])
def test_normalizing_helps_where_the_clouds_axes_are_the_features(angle):
    """(1 + r) / (1 - r) with the correlation r: 0 without a turn; at 45 degrees dividing changes nothing."""
    found = bowls(100.0, angle, (0.0, 0.0))["normalized"].condition
    assert found == pytest.approx(1.0 if angle == 0 else 100.0, rel=1e-2)


@pytest.mark.parametrize("rate", [0.2, 1.0, 1.7])
@pytest.mark.parametrize("condition", [4.0, 50.0, 1000.0])
def test_theory_and_descent_agree(rate, condition):
    taken = bowls(condition, 20.0, (0.0, 0.0))["centred"].steps(rate)
    theory = float(steps_in_theory(np.array([condition]), rate)[0])
    assert theory - 1 <= taken <= theory + 2
    if condition == 1000:
        assert theory == pytest.approx(condition * math.log(500) / (2 * rate), rel=2e-3)
