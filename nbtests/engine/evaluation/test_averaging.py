import numpy as np
import pytest
import torch

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.evaluation import COMBINATIONS, combine

SCORES = np.random.default_rng(0).normal(size=(5, 40, 3))
P = torch.softmax(torch.tensor(SCORES), -1).numpy()


@pytest.mark.parametrize("how", COMBINATIONS)
def test_the_result_is_a_distribution(how):
    combined = combine(P, how)
    assert combined.shape == (40, 3)
    np.testing.assert_allclose(combined.sum(axis=1), 1)
    assert (combined >= 0).all()
    np.testing.assert_allclose(combine(P[::-1], how), combined)  # members have no order


def test_worked_by_hand():
    p = np.array([[[0.5, 0.4, 0.1]], [[0.5, 0.4, 0.1]], [[0.0, 0.9, 0.1]]])
    np.testing.assert_allclose(combine(p)[0], [1 / 3, 1.7 / 3, 0.1])
    np.testing.assert_allclose(combine(p, "vote")[0], [2 / 3, 1 / 3, 0])
    root = (0.4 * 0.4 * 0.9) ** (1 / 3)
    np.testing.assert_allclose(combine(p, "geometric")[0], [0, root / (root + 0.1), 0.1 / (root + 0.1)])


def test_logits_are_averaged_as_torch_averages_them_and_are_the_geometric_mean():
    theirs = torch.softmax(torch.tensor(SCORES).mean(0), -1).numpy()
    np.testing.assert_allclose(combine(P, "logits"), theirs)
    product = P.prod(axis=0) ** (1 / 5)
    np.testing.assert_allclose(combine(P, "geometric"), product / product.sum(axis=1, keepdims=True))


def test_where_every_class_was_ruled_out_once_something_remains():
    p = np.array([[[1.0, 0.0]], [[0.0, 1.0]], [[0.0, 1.0]]])
    np.testing.assert_allclose(combine(p, "geometric"), [[0, 1]])


@pytest.mark.parametrize(
    ("probabilities", "message"),
    [
        (P[:1], "1 member makes no ensemble"),
        (P[0], "choose an array"),
        (SCORES, "not distributions"),
        ([[[0.5, 0.5]], [[1.0]]], "are no array of numbers"),
    ],
)
def test_bad_input_is_one_clear_line(probabilities, message):
    with pytest.raises(InvalidSetting, match=message):
        combine(probabilities)


def test_an_unknown_way_names_the_nearest():
    with pytest.raises(InvalidSetting, match="did you mean 'vote'"):
        combine(P, "votes")
