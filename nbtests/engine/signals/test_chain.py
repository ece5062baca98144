"""Units in a row: by hand, against torch's autograd, and where numbers end."""

import numpy as np
import pytest
import torch

from trainingwheels.engine import ACTIVATIONS, chain, chain_script, elu, function_script, leaky_relu, maxout, outputs

TORCH = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu, "silu": torch.nn.functional.silu}


def test_two_sigmoids_worked_by_hand():
    found = chain(ACTIVATIONS["sigmoid"], np.array([0.0]), 2, w=2.0, b=0.0)
    middle = 1 / (1 + np.exp(-1.0))  # of z = 2 * 0.5
    assert found.values[:, 0] == pytest.approx([0, 0.5, middle])
    assert found.gradients[:, 0] == pytest.approx([1, 2 * 0.25, 0.5 * 2 * middle * (1 - middle)])


@pytest.mark.parametrize("name", TORCH)
def test_gradients_are_those_of_autograd(name):
    x = np.linspace(-3, 3, 50)
    a = inputs = torch.tensor(x, requires_grad=True)
    for _ in range(7):
        a = TORCH[name](1.3 * a + 0.2)
    a.sum().backward()
    found = chain(ACTIVATIONS[name], x, 7, 1.3, 0.2)
    np.testing.assert_allclose(found.values[-1], a.detach().numpy(), rtol=1e-10)
    np.testing.assert_allclose(found.gradients[-1], inputs.grad.numpy(), rtol=1e-9, atol=1e-14)


def test_a_row_that_overflows_gives_no_warning():
    found = chain(ACTIVATIONS["relu"], np.array([1.0]), 200, w=100.0)
    assert np.isinf(found.values[-1, 0])
    assert found.gradients[100, 0] == pytest.approx(1e200)


ALL = [f for f in ACTIVATIONS.values() if f.pieces == 1] + [elu(0.5), leaky_relu(0.3), maxout(1, 0.5, -0.5, 0)]


def run(script):
    names, printed = {}, []
    exec(script, names | {"print": lambda *words: printed.append(" ".join(map(str, words)))}, names)
    return names, printed


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.label)
def test_the_script_of_a_row_computes_the_same(f):
    names = {"print": lambda *words: None}
    exec(chain_script(f, -0.7, 6, 1.5, 0.1), names)
    found = chain(f, np.array([-0.7]), 6, 1.5, 0.1)
    assert names["a"] == pytest.approx(found.values[-1, 0], abs=1e-6)
    assert names["gradient"] == pytest.approx(found.gradients[-1, 0], rel=1e-5)


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.label)
def test_the_script_of_a_function_computes_the_same(f):
    names = {"print": lambda *words: None}
    exec(function_script(f, 1.25, 0.5, 1.5).replace("1_000_000", "100_000"), names)
    found = outputs(f, 0.5, 1.5)
    assert names["f"](names["x"]) == pytest.approx(f.value(np.array([1.25]))[0], abs=1e-6)
    assert names["df"](names["x"]) == pytest.approx(f.derivative(np.array([1.25]))[0], abs=1e-6)
    assert names["outputs"].mean() == pytest.approx(found.mean, abs=4 * found.std / np.sqrt(1e5))
    assert names["outputs"].std() == pytest.approx(found.std, rel=0.02)
