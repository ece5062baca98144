"""Units taken away: nothing changes with none, nothing is left with all, and the order is the one said."""

import numpy as np
import pytest

from trainingwheels.engine import RunConfig
from trainingwheels.engine.training.removal import REPEATS, accuracy_without, removals

CONFIG = RunConfig(dataset="blobs", hidden=(12,), epochs=3)


@pytest.fixture(scope="module")
def found():
    return removals(CONFIG)[0]


def test_from_the_whole_net_to_none_of_it(found):
    assert found.counts[[0, -1]].tolist() == [0, 12]
    assert found.at_random.shape == (REPEATS, len(found.counts))
    assert (found.at_random[:, 0] == found.net.accuracy()).all()
    assert np.ptp(found.at_random[:, -1]) == 0
    assert found.worst[[0, -1]] == pytest.approx(found.at_random[0, [0, -1]])


def test_the_most_important_goes_first(found):
    alone = [accuracy_without(found.net, [unit]) for unit in found.by_importance]
    assert alone == sorted(alone)


def test_orders_are_permutations(found):
    for order in (*found.orders, found.by_importance):
        assert sorted(order) == list(range(12))
    place = 5
    gone = found.orders[0][: found.counts[place]]
    assert accuracy_without(found.net, gone) == pytest.approx(found.at_random[0, place])
