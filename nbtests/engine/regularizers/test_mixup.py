import numpy as np
import pytest
from scipy.stats import beta, kstest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.regularizers import mixup
from trainingwheels.engine.regularizers.mixup import beta_quantile

X = np.random.default_rng(0).normal(size=(32, 7))
Y = np.eye(4)[np.arange(32) % 4]


def test_examples_and_labels_are_blended_alike():
    mixed = mixup(X, Y, 0.4, np.random.default_rng(1))
    assert sorted(mixed.partner) == list(range(32))
    assert 0 <= mixed.share <= 1
    for i in range(32):
        other = mixed.partner[i]
        np.testing.assert_allclose(mixed.x[i], mixed.share * X[i] + (1 - mixed.share) * X[other])
        np.testing.assert_allclose(mixed.y[i], mixed.share * Y[i] + (1 - mixed.share) * Y[other])
    np.testing.assert_allclose(mixed.y.sum(1), 1)
    np.testing.assert_allclose(mixed.x.mean(0), X.mean(0))  # partners are a permutation


@pytest.mark.parametrize("alpha", [0.1, 0.4, 1.0, 8.0])
def test_the_share_is_a_draw_from_beta(alpha):
    shares = [mixup(X[:2], Y[:2], alpha, np.random.default_rng(seed)).share for seed in range(500)]
    assert kstest(shares, beta(alpha, alpha).cdf).pvalue > 0.001


def test_a_larger_alpha_is_closer_to_one_half_and_has_the_same_partners():
    draws = [[mixup(X, Y, alpha, np.random.default_rng(seed)) for alpha in (0.1, 0.4, 2.0, 50.0)] for seed in range(50)]
    distance = np.abs(np.array([[each.share for each in row] for row in draws]) - 0.5)
    assert (np.diff(distance, axis=1) <= 0).all()
    assert all((each.partner == row[0].partner).all() for row in draws for each in row)


def test_alpha_zero_mixes_nothing_and_a_tiny_one_nearly_nothing():
    u = np.linspace(0.001, 0.999, 99)
    assert (beta_quantile(u, 0.0) == 1).all()
    tiny = beta_quantile(u, 1e-4)
    assert np.isfinite(tiny).all()
    assert (np.minimum(tiny, 1 - tiny) < 1e-6).mean() > 0.95


@pytest.mark.parametrize("alpha", [0, -1, float("nan")])
def test_an_impossible_alpha_is_one_clear_line(alpha):
    with pytest.raises(InvalidSetting, match=r"alpha = .*: choose a number above 0"):
        mixup(X, Y, alpha, np.random.default_rng(0))


@pytest.mark.parametrize("y", [np.eye(4)[[2] * 32], np.ones((32, 1)), np.ones(32)])
def test_a_single_class_is_one_clear_line(y):
    with pytest.raises(InvalidSetting, match="choose examples of at least two classes"):
        mixup(X, y, 0.4, np.random.default_rng(0))
