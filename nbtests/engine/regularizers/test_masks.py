"""The mean over masks, enumerated and drawn, against what it must be."""

import itertools
import time

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.regularizers import average_over_masks
from trainingwheels.engine.regularizers.masks import all_masks, mask_weights

W = np.random.default_rng(0).normal(size=(3, 6))
H = np.abs(np.random.default_rng(1).normal(size=6))


def linear(mask):
    """Of one mask only."""
    assert mask.shape == (6,)
    return W @ (H * mask)


def softmax(mask):
    s = linear(mask)
    e = np.exp(s - s.max())
    return e / e.sum()


def many(mask):
    """The same of many masks."""
    s = (H * mask) @ W.T
    e = np.exp(s - s.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def by_hand(f, keep, units=6):
    total = 0
    for mask in itertools.product((0.0, 1.0), repeat=units):
        kept = sum(mask)
        total = total + keep**kept * (1 - keep) ** (units - kept) * f(np.array(mask))
    return total


@pytest.mark.parametrize("keep", [0.3, 0.5, 1.0])
@pytest.mark.parametrize("f", [linear, softmax, many])
def test_it_is_the_sum_over_all_masks(f, keep):
    np.testing.assert_allclose(average_over_masks(f, 6, keep), by_hand(f, keep), rtol=1e-10)


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
def test_of_a_linear_net_it_is_the_scaled_pass(keep):
    np.testing.assert_allclose(average_over_masks(linear, 6, keep), linear(np.full(6, keep)), rtol=1e-10)


@pytest.mark.parametrize("keep", [0.2, 0.5, 1.0])
@pytest.mark.parametrize("f", [softmax, many])
def test_the_geometric_mean_of_softmax_regression_is_the_scaled_pass(f, keep):
    np.testing.assert_allclose(average_over_masks(f, 6, keep, "geometric"), softmax(np.full(6, keep)), rtol=1e-10)
    assert average_over_masks(f, 6, keep, "geometric").sum() == pytest.approx(1)


def test_a_net_whose_outputs_are_zeros_has_a_geometric_mean_where_one_is_left():
    def certain(mask):
        return np.array([mask[0], 1 - mask[0], 0.5])

    assert average_over_masks(certain, 2, mean="geometric").tolist() == [0, 0, 1]


def test_drawn_masks_come_near():
    """Within five standard errors."""
    exact, square = (average_over_masks(lambda m, k=k: softmax(m) ** k, 6) for k in (1, 2))
    drawn = average_over_masks(softmax, 6, sample=20_000, rng=np.random.default_rng(0))
    error = np.sqrt((square - exact**2) / 20_000)
    assert (np.abs(drawn - exact) < 5 * error).all()
    assert (drawn != exact).all()


def test_many_units_can_be_drawn():
    found = average_over_masks(lambda m: m.mean(-1), 4096, 0.3, sample=1000, rng=np.random.default_rng(0))
    assert found == pytest.approx(0.3, abs=5 * np.sqrt(0.21 / 4_096_000))


@pytest.mark.parametrize("units", [1, 2, 3, 5, 6])
def test_a_net_that_takes_one_mask_is_not_given_many(units):
    """Whatever its sizes are, also where a wrong product would have the right shape."""
    square = np.random.default_rng(0).normal(size=(units, units))
    found = average_over_masks(lambda mask: square @ mask, units, 0.3)
    np.testing.assert_allclose(found, square.sum(axis=1) * 0.3, rtol=1e-10)


def test_masks_and_their_probabilities():
    masks = all_masks(3)
    assert sorted(map(tuple, masks)) == sorted(itertools.product((0, 1), repeat=3))
    assert mask_weights(3, 0.2).sum() == pytest.approx(1)
    assert mask_weights(3, 0.2) @ masks == pytest.approx(0.2)


def test_65536_masks_take_less_than_a_second():
    """A net of 16 units, given many masks at a time: the fastest of three, by the time that the process was at work."""
    r = np.random.default_rng(0)
    first, second, last = np.abs(r.normal(size=8)), r.normal(size=(8, 8)), r.normal(size=(8, 3))

    def deep(mask):
        s = (np.maximum(0, (first * mask[..., :8]) @ second) * mask[..., 8:]) @ last
        e = np.exp(s - s.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True)

    def seconds():
        start = time.process_time()
        assert average_over_masks(deep, 16).sum() == pytest.approx(1)
        return time.process_time() - start

    assert min(seconds() for _ in range(3)) < 1


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"keep": 0}, "keep = 0 drops every unit"),
        ({"units": 30}, r"units = 30 has 2\^30 masks, too many to enumerate: choose at most 20 units, or sample"),
        ({"units": 0}, "units = 0 is out of range"),
        ({"sample": 10}, "sample = 10 needs a generator"),
        ({"sample": 0, "rng": np.random.default_rng(0)}, "sample = 0 is out of range"),
        ({"mean": "harmonic"}, "mean = 'harmonic' is not known: .*choose one of arithmetic, geometric"),
    ],
)
def test_what_it_refuses_is_one_line(settings, says):
    with pytest.raises(InvalidSetting, match=says) as refused:
        average_over_masks(softmax, **{"units": 6} | settings)
    assert "\n" not in str(refused.value)


def test_a_geometric_mean_needs_probabilities():
    with pytest.raises(InvalidSetting, match="below 0: choose arithmetic"):
        average_over_masks(linear, 6, mean="geometric")
    with pytest.raises(InvalidSetting, match="is 0 everywhere"):
        average_over_masks(lambda mask: np.array([mask[0], 1 - mask[0]]), 2, mean="geometric")
