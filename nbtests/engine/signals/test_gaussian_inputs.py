"""Averages over Gaussian inputs, against closed forms and adaptive integration."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from trainingwheels.engine import ACTIVATIONS, maxout, outputs


def test_relu_has_closed_forms():
    made = outputs(ACTIVATIONS["relu"])
    assert made.mean == pytest.approx(1 / math.sqrt(2 * math.pi), abs=1e-6)
    assert made.std == pytest.approx(math.sqrt(0.5 - 1 / (2 * math.pi)), abs=1e-5)
    assert made.slope == pytest.approx(0.5, abs=1e-3)
    assert made.flat == 0.5


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "leaky_relu", "elu", "selu", "gelu", "silu"])
@pytest.mark.parametrize(("mean", "std"), [(0.0, 1.0), (1.5, 0.3), (-2.0, 3.0)])
def test_averages_are_those_of_an_integral(name, mean, std):
    f = ACTIVATIONS[name]
    ends = {"a": mean - 9 * std, "b": mean + 9 * std, "points": [0.0], "limit": 200}
    first, _ = quad(lambda x: f.value(np.array([x]))[0] * norm.pdf(x, mean, std), **ends)
    square, _ = quad(lambda x: f.value(np.array([x]))[0] ** 2 * norm.pdf(x, mean, std), **ends)
    slope, _ = quad(lambda x: f.derivative(np.array([x]))[0] * norm.pdf(x, mean, std), **ends)
    made = outputs(f, mean, std)
    assert made.mean == pytest.approx(first, abs=2e-6)
    assert made.std == pytest.approx(math.sqrt(square - first**2), abs=1e-5)
    assert made.slope == pytest.approx(slope, abs=2e-3)


def test_selu_keeps_mean_zero_and_std_one():
    made = outputs(ACTIVATIONS["selu"])
    assert (made.mean, made.std) == (pytest.approx(0, abs=1e-5), pytest.approx(1, abs=1e-5))
    assert made.centred


def test_which_are_centred_for_unit_gaussian_inputs():
    centred = [name for name, f in ACTIVATIONS.items() if f.pieces == 1 and outputs(f).centred]
    assert centred == ["tanh", "selu"]
    assert not outputs(ACTIVATIONS["tanh"], mean=1.0).centred


def test_a_dead_relu_is_off_for_all_but_three_in_a_hundred_thousand():
    assert 1 - outputs(ACTIVATIONS["relu"], mean=-4.0).flat == pytest.approx(norm.sf(4), rel=1e-6)
    assert outputs(ACTIVATIONS["sigmoid"], std=3.0).flat == pytest.approx(2 * norm.sf(4.356544 / 3), rel=1e-6)


def test_a_level_maxout_is_off_everywhere():
    made = outputs(maxout(0, 1, 0, 2))
    assert (made.mean, made.std, made.flat) == (2, 0, 1)
