"""Surfaces: their gradients are those of their losses, their code is their function, their best points are lowest."""

import numpy as np
import pytest

from trainingwheels.engine.descent.surfaces import REACH, START, SURFACES, Surface

POINTS = np.random.default_rng(0).uniform(-REACH, REACH, (40, 2))


@pytest.mark.parametrize("angle", [0.0, -37.0])
@pytest.mark.parametrize("name", SURFACES)
def test_the_gradient_is_that_of_the_loss(name, angle):
    surface, h = Surface(name, angle), 1e-5
    steps = h * np.eye(2)
    slopes = [(surface.loss(POINTS + step) - surface.loss(POINTS - step)) / (2 * h) for step in steps]
    np.testing.assert_allclose(surface.gradient(POINTS), np.stack(slopes, axis=-1), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("angle", [0.0, 60.0])
@pytest.mark.parametrize("name", SURFACES)
def test_nothing_is_lower_than_the_best_points(name, angle):
    surface = Surface(name, angle)
    np.testing.assert_allclose(surface.loss(surface.best), 0, atol=1e-12)
    np.testing.assert_allclose(surface.gradient(surface.best), 0, atol=1e-9)
    assert (surface.loss(POINTS) > 0).all()


@pytest.mark.parametrize("name", SURFACES)
def test_its_code_is_its_function(name):
    kind = SURFACES[name]
    for x, y in POINTS:
        names = {"np": np, "x": x, "y": y}
        assert eval(kind.code, names) == pytest.approx(kind.loss(x, y), rel=1e-9)
        given = eval(kind.code_gradient, names)
        assert given == pytest.approx(kind.gradient(x, y), rel=1e-9)


def test_turning_keeps_the_loss():
    turn = np.array([[0, -1], [1, 0]])
    np.testing.assert_allclose(Surface("ravine", 90.0).loss(POINTS @ turn.T), Surface("ravine").loss(POINTS))


def test_rosenbrock_starts_where_he_did():
    assert Surface("rosenbrock").loss(np.array(START)) == pytest.approx(24.2)  # (1 + 1.2)^2 + 100 (1 - 1.44)^2
