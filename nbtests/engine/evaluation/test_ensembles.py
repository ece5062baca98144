"""Nets trained apart are those that one trains alone; their mean weights are a net; correlations are numpy's."""

from dataclasses import replace

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting, RunConfig, train
from trainingwheels.engine.evaluation.ensembles import averaged, error_correlations, independent

CONFIG = RunConfig(dataset="moons", hidden=(8, 8), train_size=32, epochs=6, batch_size=16)


@pytest.fixture(scope="module")
def three():
    return independent(CONFIG, 3)


def test_members_are_those_trained_alone(three):
    for place in range(3):
        (alone,) = train([replace(CONFIG, seed=place)], "cpu", evaluations=1)
        assert three.right[place].mean() == pytest.approx(alone.val_accuracy[-1], abs=0.005)
    assert three.probabilities.shape == (3, 500, 2)
    np.testing.assert_allclose(three.probabilities.sum(axis=-1), 1, rtol=1e-5)


def test_mean_weights_of_equal_nets_are_the_net_and_of_shuffled_ones_are_not(three):
    net = three.nets[0]
    assert averaged([net, net]).accuracy() == net.accuracy()
    order = np.roll(np.arange(8), 3)
    same = replace(net, net=net.net.pick(0))
    for name, shuffled in (("W1", (0, order)), ("b1", (0, order)), ("W2", (0, slice(None), order))):
        same.net.parameters[name][0] = net.net.parameters[name][shuffled]
    X = net.data.X_val[:50]
    np.testing.assert_allclose(same.probabilities(X), net.probabilities(X), atol=1e-5)
    assert np.abs(averaged([net, same]).probabilities(X) - net.probabilities(X)).max() > 0.01


def test_correlations_are_those_of_numpy():
    right = np.random.default_rng(0).random((4, 100)) < [[0.5], [0.7], [0.9], [0.6]]
    expected = np.corrcoef(~right)[np.triu_indices(4, 1)]
    np.testing.assert_allclose(error_correlations(right), expected)
    assert (error_correlations(np.array([[True] * 9, [True, False, True] * 3])) == 0).all()  # one without mistakes


@pytest.mark.parametrize("members", [0, 1])
def test_one_member_is_one_clear_line(members):
    with pytest.raises(InvalidSetting, match=f"members = {members} makes no ensemble: choose at least 2"):
        independent(CONFIG, members)
