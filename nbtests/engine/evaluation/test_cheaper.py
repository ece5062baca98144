"""Ways to several nets from one training."""

import numpy as np
import pytest

from trainingwheels.engine import RunConfig
from trainingwheels.engine.evaluation.cheaper import moving_average, snapshots, ways
from trainingwheels.engine.training.thinned import trained_nets

CONFIG = RunConfig(dataset="moons", hidden=(8, 8), train_size=64, epochs=16, batch_size=16)


def test_snapshots_are_moments_of_one_run_that_has_come_to_rest():
    found = snapshots(CONFIG, 2)
    assert len(found) == 2
    assert found[1].accuracy() > 0.7
    steps = [np.abs(a - b).max() for a, b in zip(found[0].weights, found[1].weights, strict=True)]
    assert max(steps) > 0.01  # the rate begins anew
    (apart,) = trained_nets(CONFIG)
    assert all(a.shape == b.shape for a, b in zip(apart.weights, found[1].weights, strict=True))


def test_a_moving_average_that_keeps_nothing_is_the_last_net():
    (last,) = trained_nets(CONFIG)
    same = moving_average(CONFIG, decay=0.0)
    for ours, theirs in zip(same.weights, last.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)
    late = moving_average(CONFIG, decay=0.9)
    assert np.abs(late.weights[0] - last.weights[0]).max() > 1e-3


def test_each_way_has_its_price():
    found = ways(CONFIG, 3, 3)
    assert [way.name for way in found] == ["one", "apart", "snapshots", "average", "masks"]
    assert [(way.trainings, way.passes, way.nets) for way in found[:4]] == [(1, 1, 1), (3, 3, 3), (1, 3, 3), (1, 1, 2)]
    labels = trained_nets(CONFIG)[0].data.y_val
    for way in found:
        assert way.accuracies(labels).shape == (len(way.p),)
        assert way.together.sum(axis=1) == pytest.approx(1, rel=1e-5)
        if len(way.p) == 1:
            assert way.accuracy(labels) == way.accuracies(labels)[0]
