"""Preprocessing against scikit-learn, torch, finite differences and hand; and what it does to a cloud."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from trainingwheels.engine import PREPROCESSING, InvalidSetting, load_dataset
from trainingwheels.engine.geometry.clouds import STEPS, Cloud, Moments, cloud_steps
from trainingwheels.engine.geometry.components import digit_components
from trainingwheels.engine.preprocessing import SMALLEST, Fitted, constant_features


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


# -- clouds -----------------------------------------------------------------------------------------------------------


def test_a_cloud_has_the_covariance_it_was_made_with():
    cloud = Cloud((3.0, 0.5), 30.0, (4.0, -2.0), 400, exact=True)
    moments = Moments.of(cloud.draw())
    stds, axes = moments.principal()
    np.testing.assert_allclose(moments.mean, [4, -2], atol=1e-12)
    np.testing.assert_allclose(stds, [3, 0.5], atol=1e-12)
    np.testing.assert_allclose(np.abs(axes[:, 0]), [np.cos(np.pi / 6), 0.5], atol=1e-12)
    assert moments.condition == pytest.approx(36)


def test_equal_seeds_move_together():
    one, other = Cloud(angle=10.0).draw(), Cloud(angle=11.0).draw()
    assert 0 < np.abs(one - other).max() < 0.3


@pytest.mark.parametrize("stds", [(2.5, 0.7), (1.0, 1.0), (0.3, 4.0)])
def test_the_five_steps_do_what_the_slide_says(stds):
    taken = {found.step.name: found for found in cloud_steps(Cloud(stds).draw())}
    assert list(taken) == STEPS.keys()
    covariance = {name: found.moments.covariance for name, found in taken.items()}
    for name in list(taken)[1:]:
        np.testing.assert_allclose(taken[name].moments.mean, 0, atol=1e-5)
    np.testing.assert_allclose(covariance["centred"], covariance["original"], rtol=1e-5)
    np.testing.assert_allclose(np.diag(covariance["normalized"]), 1, rtol=1e-3)
    assert taken["normalized"].moments.correlation == pytest.approx(taken["original"].moments.correlation, abs=1e-3)
    assert abs(covariance["decorrelated"][0, 1]) < 1e-4
    assert covariance["decorrelated"][0, 0] >= covariance["decorrelated"][1, 1]
    np.testing.assert_allclose(covariance["whitened"], np.eye(2), atol=1e-3)
    assert all(found.miss < 1e-5 for found in taken.values())


def test_the_ellipse_holds_86_percent_of_a_gaussian_cloud():
    """Within 2 standard deviations of a 2-D Gaussian lie 1 - exp(-2) = 86.5 % of the points."""
    X = Cloud(points=20_000).draw()
    moments = Moments.of(X)
    distance = np.einsum("ni,ij,nj->n", X - moments.mean, np.linalg.inv(moments.covariance), X - moments.mean)
    assert (distance < 4).mean() == pytest.approx(1 - np.exp(-2), abs=0.01)
    edge = moments.ellipse(2.0) - moments.mean
    np.testing.assert_allclose(np.einsum("ni,ij,nj->n", edge, np.linalg.inv(moments.covariance), edge), 4, rtol=1e-9)


@pytest.mark.parametrize("cloud", [Cloud(points=1), Cloud((2.0, 0.0)), Cloud((0.0, 0.0))])
def test_clouds_without_any_width(cloud):
    taken = cloud_steps(cloud.draw())
    assert taken[0].moments.condition == np.inf
    assert all(np.isfinite(found.points).all() for found in taken)


# -- components -------------------------------------------------------------------------------------------------------


def test_components_of_digits_are_scikit_learns():
    X, others = load_dataset("digits").X_train, load_dataset("digits").X_val
    ours, theirs = digit_components(len(X)), PCA(12).fit(X)
    assert ours.kept(12) == pytest.approx(theirs.explained_variance_ratio_.sum(), abs=1e-4)
    np.testing.assert_allclose(ours.rebuilt(others, 12), theirs.inverse_transform(theirs.transform(others)), atol=1e-3)
    np.testing.assert_allclose(ours.rebuilt(others, 64), others, atol=1e-4)
    variances = ours.fitted(X).var(axis=0)[: ours.rank]
    np.testing.assert_allclose(
        variances, ours.variances[: ours.rank] / (ours.variances[: ours.rank] + SMALLEST), rtol=1e-2
    )


@pytest.mark.parametrize("examples", [1, 2, 20, 64])
def test_the_rank_is_less_than_the_number_of_examples(examples):
    found = digit_components(examples)
    assert found.rank <= examples - 1
    assert found.constant >= 1
    assert np.isfinite(found.whitened(load_dataset("digits").X_val)).all()
