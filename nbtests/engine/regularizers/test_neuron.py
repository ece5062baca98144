"""One neuron: the lecture's four masks by hand, and the law for n inputs."""

import numpy as np
import pytest

from trainingwheels.engine.regularizers.neuron import MaskedNeuron, more_inputs


def test_the_lectures_four_masks():
    """w1 x = 2 and w2 y = -1: 1/4 (1) + 1/4 (2) + 1/4 (0) + 1/4 (-1) = 1/2 (2 - 1)."""
    neuron = MaskedNeuron(np.array([1.0, -1.0]), np.array([2.0, 1.0]), 0.5)
    assert sorted(neuron.values) == [-1, 0, 1, 2]
    assert neuron.probabilities.tolist() == [0.25] * 4
    assert neuron.mean == 0.5
    assert neuron.whole == 1
    assert neuron.after_relu == (0.75, 0.5)


@pytest.mark.parametrize("inputs", [2, 5, 12])
@pytest.mark.parametrize("keep", [0.1, 0.5, 1.0])
def test_mean_and_spread_over_the_masks(inputs, keep):
    neuron = more_inputs((1.5, -0.5), (2.0, 1.0), inputs, keep, 3)
    assert (neuron.w[:2].tolist(), neuron.x[:2].tolist()) == ([1.5, -0.5], [2.0, 1.0])
    assert neuron.mean == pytest.approx(keep * neuron.whole)
    assert neuron.std == pytest.approx(np.sqrt(keep * (1 - keep) * ((neuron.w * neuron.x) ** 2).sum()), abs=1e-7)
    assert neuron.after_relu[0] >= neuron.after_relu[1] - 1e-12


def test_more_inputs_leave_the_others_as_they_were():
    few, many = (more_inputs((1, 1), (1, 1), inputs, 0.5, 0) for inputs in (4, 8))
    np.testing.assert_array_equal(few.w, many.w[:4])
