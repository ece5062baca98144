"""Preprocessing against scikit-learn, torch, finite differences and hand."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from trainingwheels.engine import PREPROCESSING, InvalidSetting
from trainingwheels.engine.preprocessing import Fitted, constant_features


@pytest.fixture(name="X")
def inputs():
    rng = np.random.default_rng(0)
    return (rng.normal(size=(500, 6)) @ rng.normal(size=(6, 6)) + 3).astype(np.float32)


def test_one_example_by_hand():
    X = np.array([[1.0, 10.0], [3.0, 30.0]], np.float32)
    assert PREPROCESSING["centre"].fit(X)(X).tolist() == [[-1, -10], [1, 10]]
    np.testing.assert_allclose(PREPROCESSING["normalize"].fit(X)(X), [[-1, -1], [1, 1]], atol=1e-5)
    along = np.sqrt(1 + 100)  # both points lie on the direction (1, 10)
    np.testing.assert_allclose(PREPROCESSING["pca"].fit(X)(X), [[-along, 0], [along, 0]], atol=1e-5)
    np.testing.assert_allclose(PREPROCESSING["whiten"].fit(X)(X), [[-1, 0], [1, 0]], atol=2e-3)
    assert PREPROCESSING["centre_channels"].fit(X, 1)(X).tolist() == [[-10, -1], [-8, 19]]


def test_normalize_is_scikit_learns_scaler(X):
    ours = PREPROCESSING["normalize"].fit(X)(X[:50])
    np.testing.assert_allclose(ours, StandardScaler().fit(X).transform(X[:50]), atol=1e-4)


@pytest.mark.parametrize(("name", "whiten"), [("pca", False), ("whiten", True)])
def test_pca_is_scikit_learns(X, name, whiten):
    theirs = PCA(whiten=whiten).fit(X).transform(X[:50])
    if whiten:
        theirs *= np.sqrt(len(X) / (len(X) - 1))  # they divide by n - 1
    ours = PREPROCESSING[name].fit(X)(X[:50])
    signs = np.sign((ours * theirs).sum(axis=0))
    np.testing.assert_allclose(ours * signs, theirs, rtol=5e-3, atol=1e-4)  # they add nothing to variances


@pytest.mark.parametrize("name", PREPROCESSING)
def test_each_step_can_be_taken_back(X, name):
    fitted = PREPROCESSING[name].fit(X, 3)
    others = X[:20] * 2 - 5
    np.testing.assert_allclose(fitted.inverse(fitted(others)), others, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("name", PREPROCESSING)
def test_backward_is_torchs_and_that_of_finite_differences(X, name):
    fitted = PREPROCESSING[name].fit(X, 3)
    parts = {key: None if value is None else torch.tensor(value) for key, value in vars(fitted).items()}
    x, dy = (
        torch.tensor(X[:4], requires_grad=True),
        torch.tensor(np.random.default_rng(1).normal(size=(4, 6)).astype(np.float32)),
    )
    y = x if parts["mean"] is None else x - parts["mean"]
    y = y if parts["axes"] is None else y @ parts["axes"]
    y = y if parts["scale"] is None else y / parts["scale"]
    y.backward(dy)
    ours = fitted.backward(dy.numpy())
    np.testing.assert_allclose(ours, x.grad.numpy(), rtol=1e-4, atol=1e-5)
    exact = Fitted(*(None if part is None else part.astype(np.float64) for part in vars(fitted).values()))
    step = np.zeros((4, 6))
    step[2, 3] = 1e-4
    slope = ((exact(X[:4] + step) - exact(X[:4] - step)) * dy.numpy()).sum() / 2e-4
    assert slope == pytest.approx(ours[2, 3], rel=1e-3, abs=1e-5)


def test_constant_features_stay_finite_and_are_counted():
    X = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    X[:, 1] = 7.0
    assert constant_features(X) == 1
    for name in ("normalize", "whiten"):
        Y = PREPROCESSING[name].fit(X)(X)
        assert np.isfinite(Y).all()
        assert np.abs(Y.mean(axis=0)).max() < 1e-3
    assert np.abs(PREPROCESSING["normalize"].fit(X)(X)[:, 1]).max() == 0


@pytest.mark.parametrize("name", PREPROCESSING)
@pytest.mark.parametrize("examples", [1, 3])
def test_fewer_examples_than_dimensions(name, examples):
    X = np.random.default_rng(0).normal(size=(examples, 6)).astype(np.float32)
    Y = PREPROCESSING[name].fit(X, 3)(X)
    assert Y.shape == X.shape
    assert np.isfinite(Y).all()
    if name in ("centre", "normalize", "pca", "whiten") and examples == 1:
        np.testing.assert_allclose(Y, 0, atol=1e-6)  # a batch of one, minus its own mean


@pytest.mark.parametrize(
    ("X", "says"),
    [
        (np.empty((0, 3), np.float32), "X has 0 examples"),
        (np.array([[1, 2], [np.nan, 4]], np.float32), r"X\[1, 0\] = nan is not a finite number"),
        (np.array([[1, np.inf]], np.float32), r"X\[0, 1\] = inf is not a finite number"),
    ],
)
@pytest.mark.parametrize("name", PREPROCESSING)
def test_what_cannot_be_learned_from_is_one_line(name, X, says):
    with pytest.raises(InvalidSetting, match=says) as error:
        PREPROCESSING[name].fit(X)
    assert "\n" not in str(error.value)
