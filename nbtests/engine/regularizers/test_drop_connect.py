import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.regularizers import drop_connect


def test_what_stays_grows_so_that_the_expectation_is_w():
    W = np.random.default_rng(0).normal(size=(30, 20))
    draws = np.array([drop_connect(W, 0.3, np.random.default_rng(seed))[0] for seed in range(2000)])
    np.testing.assert_allclose(np.where(draws != 0, 0.3 * draws, W), np.broadcast_to(W, draws.shape))
    error = np.abs(W) * np.sqrt((1 - 0.3) / 0.3 / 2000)  # the standard error of the mean
    assert (np.abs(draws.mean(0) - W) < 5 * error).all()


def test_a_smaller_keep_drops_the_same_weights_and_more():
    W = np.ones((50, 50))
    masks = [drop_connect(W, keep, np.random.default_rng(0))[1] for keep in (0.2, 0.5, 1.0)]
    assert (masks[0] <= masks[1]).all()
    assert masks[2].all()
    assert 0.15 < masks[0].mean() < 0.25


@pytest.mark.parametrize("keep", [0, -0.1, 1.1, float("nan")])
def test_an_impossible_keep_is_one_clear_line(keep):
    with pytest.raises(InvalidSetting, match=r"keep = .*: choose a number above 0, up to 1"):
        drop_connect([[1.0]], keep, np.random.default_rng(0))
