"""Which mean the scaled pass is, in which net."""

import numpy as np
import pytest

from trainingwheels.engine.regularizers.integral import DRAWN, NETS, integral


@pytest.mark.parametrize("units", [2, 7, 12])
@pytest.mark.parametrize("keep", [0.3, 0.5, 1.0])
def test_exactly_the_arithmetic_or_the_geometric_mean(units, keep):
    linear = integral("linear", units, keep, 2.0, 0)
    np.testing.assert_allclose(linear.scaled, linear.arithmetic, atol=1e-10)
    assert linear.geometric is None
    softmax = integral("softmax", units, keep, 2.0, 0)
    np.testing.assert_allclose(softmax.scaled, softmax.geometric, atol=1e-10)


def test_a_deep_net_is_neither():
    """With 12 units and weights of size 2, at each of 10 seeds; far from rounding, 1e-15."""
    for seed in range(10):
        found = integral("deep", 12, 0.5, 2.0, seed)
        assert np.abs(found.scaled - found.arithmetic).max() > 1e-3
        assert np.abs(found.scaled - found.geometric).max() > 1e-5


@pytest.mark.parametrize("kind", NETS)
def test_the_mean_over_drawn_masks_is_within_its_error(kind):
    found = integral(kind, 10, 0.5, 1.5, 1)
    assert found.counts[[0, -1]].tolist() == [1, DRAWN]
    assert (np.abs(found.drawn[-1] - found.arithmetic) <= 5 * found.spread / np.sqrt(DRAWN) + 1e-12).all()


def test_keep_one_leaves_one_mask():
    for kind in NETS:
        found = integral(kind, 6, 1.0, 2.0, 0)
        np.testing.assert_allclose(found.arithmetic, found.scaled)
        assert found.spread.max() < 1e-6  # a root of rounding
