"""Few-shot heads: gradient descent against the conditions of a minimum, images left out, and refusals."""

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.data.drawings import shapes
from trainingwheels.engine.evaluation.few_shot import SHRINK, features, few_shot, source_config


@pytest.fixture(scope="module")
def found():
    return few_shot(*shapes(3, 0))


def test_its_loss_has_almost_no_slope_left(found):
    """Of the mean cross-entropy plus half SHRINK sum W^2; at W = 0 its slope is a hundred times as long."""
    X, y = shapes(3, 0)
    head, target = found.features, np.eye(3)[y]
    Z = (features(X, source_config(0)) - head.mean) / head.scale

    def slope(W, b):
        e = np.exp(Z @ W.T + b)
        d = (e / e.sum(axis=1, keepdims=True) - target) / len(y)
        return np.linalg.norm(d.T @ Z + SHRINK * W)

    assert slope(head.W, head.b) < 0.1 * slope(np.zeros_like(head.W), np.zeros(3))


def test_new_drawings_of_the_same_shapes_are_known(found):
    X, y = shapes(20, 100)
    assert (found.pixels.probabilities(X).argmax(axis=1) == y).mean() > 0.8
    assert (found.features.probabilities(features(X, source_config(0))).argmax(axis=1) == y).mean() > 0.8
    assert found.features.seconds > 0


def test_an_image_left_out_is_one_that_its_head_has_not_seen():
    X, y = shapes(3, 0)
    lone = few_shot(X[:7], y[:7]).pixels  # one L
    assert np.isnan(lone.known[6])
    assert np.isfinite(lone.known[:6]).all()
    other = few_shot(X[1:], y[1:]).pixels
    expected = other.probabilities(X[:1]).argmax() == y[0]
    assert few_shot(X, y).pixels.known[0] == expected


def test_one_class_is_refused():
    with pytest.raises(InvalidSetting, match="All 3 images are of one class: draw or upload some of another"):
        few_shot(*(each[:3] for each in shapes(3, 0)))
