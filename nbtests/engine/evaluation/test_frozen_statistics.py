"""Frozen layers with batchnorm: what moves, what does not, and what that is measured against."""

from dataclasses import replace

import numpy as np
import pytest

from trainingwheels.engine import RunConfig, load_dataset
from trainingwheels.engine.evaluation.frozen_statistics import drifts, with_and_without
from trainingwheels.engine.training.pretraining import pretrained_net, source_of
from trainingwheels.engine.training.thinned import trained_nets

CONFIG = RunConfig(dataset="digits-5-9", pretrained="digits-0-4", per_class=4, hidden=(12, 8), batch_size=50, epochs=3)


@pytest.fixture(scope="module")
def moments():
    return list(drifts(with_and_without(CONFIG, [0, 1]), moments=3))


def test_there_is_a_moment_before_and_as_many_after(moments):
    assert [len(each.steps) for each in moments] == [1, 2, 3, 4]
    last = moments[-1]
    assert last.steps[-1] == last.total == 3 * (729 // 50)
    assert last.means.shape == (4, 4, 2)
    assert [config.drift for config in last.configs] == [True, True, False, False]


def test_drifting_statistics_move_and_still_ones_stay(moments):
    means = moments[-1].means
    assert not means[0].any()
    assert (means[1:, :2, 0] > 0.05).all()
    assert not means[:, 2:].any()


def test_the_old_head_on_still_layers_is_the_net_that_was_trained_before(moments):
    last, data = moments[-1], load_dataset("digits-0-4")
    for seed in (0, 1):
        net = pretrained_net(replace(CONFIG, batchnorm=True, seed=seed))
        x = data.X_val
        for layer in (1, 2):
            x = x @ net[f"W{layer}"].T
            x = (x - net[f"mean{layer}"]) / np.sqrt(net[f"var{layer}"] + 1e-5)
            x = np.maximum(0, net[f"gamma{layer}"] * x + net[f"beta{layer}"])
        known = ((x @ net["W3"].T + net["b3"]).argmax(axis=1) == data.y_val).mean()
        np.testing.assert_allclose(last.source[:, 2 + seed], known, atol=0.006)  # a tie may go either way


def test_convolutions_are_frozen_layers_too():
    config = replace(CONFIG, conv=(2,), epochs=1)
    *_, last = drifts(with_and_without(config, [0]), moments=1)
    assert last.means.shape == (2, 2, 3)
    assert (last.means[-1, 0] > 0).all()
    assert not last.means[:, 1].any()
    (net,) = trained_nets(source_of(last.configs[1]))
    assert last.source[:, 1] == pytest.approx(net.accuracy(), abs=0.006)
