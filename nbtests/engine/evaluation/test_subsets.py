from itertools import combinations

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.evaluation import COMBINATIONS, combine, subset_accuracy

RNG = np.random.default_rng(0)
Y = RNG.integers(0, 4, 60)
SCORES = RNG.normal(size=(6, 60, 4)) + 1.5 * np.eye(4)[Y]
P = np.exp(SCORES) / np.exp(SCORES).sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("how", COMBINATIONS)
def test_all_subsets_where_they_are_few(how):
    found = subset_accuracy(P, Y, 3, how)
    each = [(combine(P[list(s)], how).argmax(1) == Y).mean() for s in combinations(range(6), 3)]
    np.testing.assert_allclose(found, each)


def test_one_and_all():
    np.testing.assert_allclose(subset_accuracy(P, Y, 1), (P.argmax(-1) == Y).mean(axis=1))
    np.testing.assert_allclose(subset_accuracy(P, Y, 6), [(combine(P).argmax(-1) == Y).mean()])


def test_many_subsets_are_drawn_and_stay_the_same():
    drawn = subset_accuracy(P, Y, 3, subsets=10, seed=3)
    assert len(drawn) == 10
    np.testing.assert_array_equal(drawn, subset_accuracy(P, Y, 3, subsets=10, seed=3))
    assert set(drawn) <= set(subset_accuracy(P, Y, 3))


@pytest.mark.parametrize("size", [0, 7])
def test_a_size_that_cannot_be_is_one_clear_line(size):
    with pytest.raises(InvalidSetting, match=f"size = {size} is out of range"):
        subset_accuracy(P, Y, size)


def test_labels_must_fit():
    with pytest.raises(InvalidSetting, match="do not fit"):
        subset_accuracy(P, Y[:-1], 2)
