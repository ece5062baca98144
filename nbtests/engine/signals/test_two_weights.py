"""Two weights on their way: a step by hand, against autograd, what signs force, and the script."""

import numpy as np
import pytest
import torch

from trainingwheels.engine import ACTIVATIONS, outputs, two_weights, two_weights_script
from trainingwheels.engine.signals.two_weights import WANTED, follow


def test_one_step_by_hand():
    path = follow(np.array([[2.0, 0.5]]), 0.1)
    # w = 0: the error is -(2 - 0.5), so w = 0.1 * 1.5 * x
    assert path[1] == pytest.approx([0.3, 0.075])


def test_the_steps_are_those_of_autograd():
    inputs = np.random.default_rng(0).normal(size=(9, 2))
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    for x in torch.tensor(inputs):
        (gradient,) = torch.autograd.grad((w @ x - torch.tensor(WANTED) @ x) ** 2 / 2, w)
        w = (w - 0.3 * gradient).detach().requires_grad_()
    np.testing.assert_allclose(follow(inputs, 0.3)[-1], w.detach().numpy(), rtol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_all_positive_inputs_move_both_weights_the_same_way(seed):
    found = two_weights(ACTIVATIONS["sigmoid"], 100, 0.5, 0.0, 1.0, seed)
    assert (found.inputs > 0).all()
    steps = np.diff(found.path, axis=0)
    assert ((steps > 0).all(axis=1) | (steps < 0).all(axis=1)).all()
    tanh = two_weights(ACTIVATIONS["tanh"], 100, 0.5, 0.0, 1.0, seed)
    np.testing.assert_allclose(np.arctanh(tanh.inputs), -np.log(1 / found.inputs - 1), rtol=1e-6)  # the same z


@pytest.mark.parametrize("centred", [False, True])
def test_moments_are_those_of_the_inputs(centred):
    found = two_weights(ACTIVATIONS["sigmoid"], 200_000, 0.0, 0.5, 2.0, 0, centred)
    made = found.inputs.T @ found.inputs / len(found.inputs)
    np.testing.assert_allclose(made, found.moments, atol=5 / np.sqrt(200_000))
    if centred:
        assert found.moments[0, 1] == 0


def test_more_steps_continue_the_same_way_and_a_rate_too_large_is_no_error():
    few, more = (two_weights(ACTIVATIONS["relu"], steps, 0.2, 0.0, 1.0, 3).path for steps in (20, 50))
    np.testing.assert_array_equal(few, more[:21])
    assert not np.isfinite(two_weights(ACTIVATIONS["relu"], 500, 5.0, 10.0, 10.0, 0).path[-1]).all()


@pytest.mark.parametrize("f", [f for f in ACTIVATIONS.values() if f.pieces == 1], ids=lambda f: f.name)
def test_the_script_goes_the_same_way(f):
    names = {"print": lambda *words: None}
    exec(two_weights_script(f, 30, 0.2, 0.5, 1.5, 4), names)
    np.testing.assert_allclose(np.array(names["path"]), follow(names["xs"], 0.2), rtol=1e-9, atol=1e-12)
    assert names["xs"].mean() == pytest.approx(outputs(f, 0.5, 1.5).mean, abs=5 * outputs(f, 0.5, 1.5).std / 60**0.5)
