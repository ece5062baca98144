"""A linear classifier for many lambdas: optimality, exact zeros, and each lambda as if it were alone."""

import numpy as np
import pytest

from trainingwheels.engine import PENALTIES, load_dataset
from trainingwheels.engine.shrinkage.classifier import LAMBDAS, alive, fit_paths

EXAMPLES = 100


def paths(penalty, method="proximal", **settings):
    return fit_paths(penalty, 0.5, EXAMPLES, method, **settings)


def test_only_pixels_that_vary_have_weights():
    X = load_dataset("digits").X_train[:EXAMPLES]
    pixels = alive(X)
    assert (X[:, ~pixels] == X[0, ~pixels]).all()
    assert paths("l1").W.shape == (len(LAMBDAS), pixels.sum(), 10)
    assert (paths("l1").templates(0).reshape(10, 64)[:, ~pixels] == 0).all()


@pytest.mark.parametrize("penalty", PENALTIES)
def test_the_optimality_conditions_hold(penalty):
    found = paths(penalty)
    share = found.violations / np.array(found.lams)
    assert (share < 0.6).all()
    assert (share[4:] < 0.1).all()


def test_l1_has_exact_zeros_and_more_with_a_larger_lambda():
    zeros = paths("l1").zeros
    assert (np.diff(zeros) >= 0).all()
    assert zeros[0] > 0
    assert zeros[-1] == paths("l1").W[0].size
    assert paths("elastic").zeros[4] > 0


def test_l2_has_none_and_plain_subgradient_steps_make_none():
    assert (paths("l2").zeros == 0).all()
    assert (paths("l1", "subgradient").zeros == 0).all()


def test_the_gradients_are_those_of_the_loss():
    found, step = paths("l2"), 1e-5
    X, y = load_dataset("digits").X_train[:EXAMPLES].astype(float), load_dataset("digits").y_train[:EXAMPLES]
    A = X[:, found.pixels] - X[:, found.pixels].mean(axis=0)

    def loss(W):
        s = A @ W + found.b[3]
        return np.mean(np.logaddexp.reduce(s, axis=1) - s[np.arange(len(y)), y])

    for pixel, digit in ((5, 0), (20, 7), (33, 3)):
        shift = np.zeros_like(found.W[3])
        shift[pixel, digit] = step
        slope = (loss(found.W[3] + shift) - loss(found.W[3] - shift)) / (2 * step)
        assert found.gradients[3, pixel, digit] == pytest.approx(slope, abs=1e-8)


def test_a_lambda_alone_is_as_among_others():
    alone = paths("l1", lams=(LAMBDAS[5],))
    np.testing.assert_allclose(alone.W[0], paths("l1").W[5], atol=1e-9)
    assert alone.val_accuracy[0] == paths("l1").val_accuracy[5]


def test_smaller_lambdas_fit_the_training_digits_better():
    found = paths("l2")
    assert found.train_accuracy[0] >= found.train_accuracy[-1]
    norms = np.square(found.W).sum(axis=(1, 2))
    assert (np.diff(norms) < 0).all()
