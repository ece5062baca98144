"""Dropout against torch's, by its expectation, and what it refuses."""

import numpy as np
import pytest
import torch

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.regularizers import dropout
from trainingwheels.engine.regularizers.dropout import KINDS


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("keep", [0.3, 0.5, 0.9])
def test_what_stays_is_scaled_as_the_lecture_does(kind, keep):
    x = rng(1).normal(size=(40, 50))
    y, mask = dropout(x, keep, rng=rng(), kind=kind)
    np.testing.assert_array_equal(y, x * mask)
    kept = mask > 0
    np.testing.assert_array_equal(kept, rng().random(x.shape) < keep)
    assert mask[kept] == pytest.approx(1 / keep if kind == "inverted" else 1)


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.8])
def test_inverted_is_what_torch_does_at_one_minus_keep(keep):
    """torch's p is the probability of dropping: share of zeros and size of the rest agree."""
    x = np.ones(100_000)
    ours, _ = dropout(x, keep, rng=rng())
    torch.manual_seed(0)
    theirs = torch.nn.functional.dropout(torch.tensor(x), p=1 - keep, training=True).numpy()
    assert np.unique(ours) == pytest.approx(np.unique(theirs))
    error = np.sqrt(keep * (1 - keep) / len(x))
    assert (ours > 0).mean() == pytest.approx(keep, abs=5 * error)
    assert (theirs > 0).mean() == pytest.approx(keep, abs=5 * error)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("keep", [0.25, 0.5, 1.0])
def test_test_time_is_the_expectation(kind, keep):
    """Within five standard errors of the mean over 40,000 masks."""
    x = rng(1).normal(size=20)
    draws, generator = 40_000, rng()
    mean = dropout(np.tile(x, (draws, 1)), keep, rng=generator, kind=kind)[0].mean(axis=0)
    scale = KINDS[kind].in_training(keep)
    error = np.abs(x) * scale * np.sqrt(keep * (1 - keep) / draws)
    assert (np.abs(mean - x * KINDS[kind].at_test_time(keep)) <= 5 * error + 1e-12).all()


def test_a_smaller_keep_drops_the_same_units_and_more():
    x = np.ones(1000)
    few, many = (dropout(x, keep, rng=rng())[1] > 0 for keep in (0.3, 0.7))
    assert (many | ~few).all()
    assert few.sum() < many.sum()


def test_the_type_stays_and_whole_numbers_become_floats():
    assert dropout(np.ones(4, np.float32), rng=rng())[0].dtype == np.float32
    assert dropout([1, 2, 3], rng=rng())[0].dtype == np.float64


def test_keep_one_keeps_all():
    y, mask = dropout([1.0, 2.0], 1, rng=rng())
    assert y.tolist() == [1, 2]
    assert mask.tolist() == [1, 1]


@pytest.mark.parametrize("keep", [0, -0.1, 1.5, float("nan"), "half", True, None])
def test_what_is_no_probability_of_keeping_is_one_line(keep):
    with pytest.raises(InvalidSetting, match=r"^keep = .*: choose .*above 0, up to 1") as refused:
        dropout([1.0], keep, rng=rng())
    assert "\n" not in str(refused.value)


def test_keep_zero_says_what_it_would_do():
    with pytest.raises(InvalidSetting, match="keep = 0 drops every unit"):
        dropout([1.0], 0, rng=rng())


def test_an_unknown_kind_is_one_line():
    with pytest.raises(InvalidSetting, match="did you mean 'inverted'"):
        dropout([1.0], rng=rng(), kind="invert")
