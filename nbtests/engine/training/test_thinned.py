"""A trained net in plain NumPy gives what the engine's own gives, and refuses what it cannot be."""

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting, RunConfig, train_steps
from trainingwheels.engine.training.thinned import trained_nets

CONFIG = RunConfig(dataset="blobs", hidden=(8, 6), epochs=3, dropout=0.3)
OTHER = RunConfig(dataset="blobs", hidden=(5,), epochs=3)


def test_it_is_the_engines_net():
    *_, last = train_steps([CONFIG, OTHER], "cpu", snapshots=1)
    for place, net in enumerate(trained_nets(CONFIG, OTHER)):
        X = net.data.X_val
        expected = last.respond_of(place, X).probabilities
        np.testing.assert_allclose(net.probabilities(X), expected, rtol=1e-3, atol=1e-4)
        assert net.accuracy() == pytest.approx(last.histories[place].val_accuracy[-1], abs=1e-6)
    assert trained_nets(CONFIG)[0].keep == pytest.approx(0.7)


def test_factors_remove_and_scale_units():
    (net,) = trained_nets(CONFIG)
    X, none = net.data.X_val[:20], [np.zeros(8), np.ones(6)]
    gone = net.probabilities(X, none)
    np.testing.assert_allclose(gone, np.broadcast_to(gone[:1], gone.shape), atol=1e-6)  # nothing of x is left
    both = net.probabilities(X, [np.stack([np.ones((1, 8)), np.zeros((1, 8))])])
    np.testing.assert_allclose(both[0], net.probabilities(X), atol=1e-5)
    np.testing.assert_allclose(both[1], gone, atol=1e-5)


@pytest.mark.parametrize("change", [{"activation": "tanh"}, {"batchnorm": True}])
def test_other_nets_are_refused(change):
    with pytest.raises(InvalidSetting, match="choose activation = relu"):
        trained_nets(RunConfig(**{"dataset": "blobs", "hidden": (4,), **change}))
