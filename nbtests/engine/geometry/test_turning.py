"""Turning classifiers, against torch and scikit-learn."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from trainingwheels.engine.geometry.clouds import Cloud
from trainingwheels.engine.geometry.turning import RIDGE, TURNS, fit_classifier, log_loss, turned_classifiers


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
