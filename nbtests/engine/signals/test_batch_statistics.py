"""Made-up activations have the moments they claim; the noise of batch statistics is what theory says."""

import numpy as np
import pytest

from trainingwheels.engine.batchnorm import forward
from trainingwheels.engine.signals.batch_statistics import (
    MEANS,
    SCALES,
    SHAPES,
    UNITS,
    batch_noise,
    draw_activations,
    draw_batches,
    one_example_in_many_batches,
)

MANY = 100_000


@pytest.mark.parametrize("law", SHAPES["mixed"].laws, ids=lambda law: law.name)
def test_a_law_has_mean_0_variance_1_and_its_kurtosis(law):
    a, b, c, d = np.random.default_rng(0).normal(size=(4, MANY))
    values = law.draw(a, b, c, d)
    assert values.mean() == pytest.approx(0, abs=0.02)
    assert values.var() == pytest.approx(1, abs=0.03)
    assert (values**4).mean() == pytest.approx(law.kurtosis, rel=0.08)
    assert np.allclose(values, eval(law.code, {"np": np, "a": a, "b": b, "c": c, "d": d}))


@pytest.mark.parametrize("shape", SHAPES)
def test_units_have_the_mean_and_scale_asked_for(shape):
    x = draw_activations(shape, 3.0, 2.0, 4096, 4, seed=0)
    assert x.shape == (4096, UNITS, 4)
    assert x.mean((0, 2)) == pytest.approx(3 * np.tile(MEANS, 4), abs=0.12)
    assert x.std((0, 2)) == pytest.approx(2 * np.tile(SCALES, 4), rel=0.05)


def test_a_larger_batch_continues_a_smaller_one():
    small, large = (draw_activations("mixed", 1.0, 2.0, batch, 2, seed=3) for batch in (8, 32))
    assert np.array_equal(small, large[:8])
    assert not np.array_equal(small, draw_activations("mixed", 1.0, 2.0, 8, 2, seed=4))


@pytest.mark.parametrize("shape", SHAPES)
def test_measured_noise_is_the_theorys(shape):
    noise = batch_noise(shape, seed=0)
    assert noise.mean == pytest.approx(noise.mean_theory, rel=0.12)  # 256 batches of the largest size
    assert noise.var == pytest.approx(noise.var_theory, rel=0.12)


def test_an_example_in_many_batches_is_the_forward_pass_of_each():
    found = one_example_in_many_batches("skewed", 3.0, 2.0, 8, 20, seed=1)
    others = draw_batches("skewed", 0.0, 2.0, 7, 20, seed=1)
    expected = [forward(np.append(3.0, batch)[:, None]).x_hat[0, 0] for batch in others]
    assert found == pytest.approx(expected)
