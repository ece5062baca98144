"""Clouds and what preprocessing does to them, step by step."""

import numpy as np
import pytest

from trainingwheels.engine.geometry.clouds import STEPS, Cloud, Moments, cloud_steps


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
