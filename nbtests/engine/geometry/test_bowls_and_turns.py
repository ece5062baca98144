"""Gradient descent on bowls, turning classifiers and leaks, against literal loops, torch and scikit-learn."""

import math

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from trainingwheels.engine import PREPROCESSING, InvalidSetting
from trainingwheels.engine.data.leakage import SOURCES, leaked_accuracies
from trainingwheels.engine.geometry.bowls import GOAL, Bowl, bowls, steps_in_theory
from trainingwheels.engine.geometry.clouds import Cloud
from trainingwheels.engine.geometry.turning import RIDGE, TURNS, fit_classifier, log_loss, turned_classifiers


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


# -- turning ----------------------------------------------------------------------------------------------------------


def test_the_log_loss_has_torchs_value_and_derivatives():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 2)), rng.integers(0, 2, 30).astype(float)
    w, b = (
        torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True),
        torch.tensor(0.3, dtype=torch.float64, requires_grad=True),
    )
    loss = torch.nn.functional.binary_cross_entropy_with_logits(torch.tensor(X) @ w + b, torch.tensor(y))
    loss.backward()
    value, dw, db = log_loss(np.array([0.5, -1.0]), 0.3, X, y)
    assert value == pytest.approx(loss.item())
    np.testing.assert_allclose(dw, w.grad.numpy(), rtol=1e-9)
    assert db == pytest.approx(b.grad.item())


def test_newton_finds_scikit_learns_classifier():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 2))
    y = (X.sum(axis=1) + rng.normal(size=200) > 0).astype(float)
    ours = fit_classifier(X, y)
    theirs = LogisticRegression(C=1 / (RIDGE * len(X)), tol=1e-8).fit(X, y)  # which does not shrink b
    np.testing.assert_allclose(ours.w, theirs.coef_[0], rtol=1e-2)
    assert ours.b == pytest.approx(theirs.intercept_[0], abs=1e-2)


def test_the_best_classifier_is_the_same_in_every_step():
    steps, y = turned_classifiers(Cloud(points=100))
    scores = [turned.points @ turned.best.w + turned.best.b for turned in steps.values()]
    for each in scores[1:]:
        np.testing.assert_allclose(each, scores[0], atol=2e-3)
    turned = steps["original"].best.turned(TURNS[100])
    assert steps["original"].losses[100] == pytest.approx(log_loss(turned.w, turned.b, steps["original"].points, y)[0])
    assert np.hypot(*turned.w) == pytest.approx(np.hypot(*steps["original"].best.w))


def test_far_from_the_origin_a_smaller_turn_doubles_the_loss():
    near, far = (turned_classifiers(Cloud(shift=shift))[0] for shift in ((0.0, 0.0), (8.0, 6.0)))
    assert far["original"].turn_to() < near["original"].turn_to() / 3
    assert far["centred"].turn_to() == pytest.approx(near["centred"].turn_to(), rel=1e-3)
    assert near["original"].turn_to(1e9) is None


# -- leaks ------------------------------------------------------------------------------------------------------------


def test_centring_cannot_leak_through_a_classifier_with_a_bias():
    """A shift of all inputs is taken up by the bias: statistics of both sets give the same predictions."""
    found = leaked_accuracies("centre", 100, 100, repeats=3)
    np.testing.assert_array_equal(found["train"], found["both"])


def test_without_preprocessing_nothing_leaks():
    found = leaked_accuracies("none", 100, 50, repeats=3)
    assert list(found) == SOURCES.keys()
    np.testing.assert_array_equal(found["train"], found["test"])


def test_a_test_set_of_one_has_no_statistics():
    """Minus its own mean nothing is left: the classifier says the same of every image."""
    found = leaked_accuracies("normalize", 500, 1, repeats=20)
    assert found["train"].mean() > 0.8
    assert found["test"].mean() < 0.4


@pytest.mark.parametrize("name", PREPROCESSING)
def test_every_preprocessing_can_leak(name):
    found = leaked_accuracies(name, 40, 30, 0.2, repeats=2)
    assert all(values.min() >= 0 and values.max() <= 1 for values in found.values())


def test_too_many_digits_are_refused():
    with pytest.raises(InvalidSetting, match="are more than the 1,797 digits"):
        leaked_accuracies("centre", 1700, 200)
