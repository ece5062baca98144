"""Each rule, taken apart, against torch.optim and against the rule that populations use."""

import numpy as np
import pytest
import torch

from trainingwheels.engine import OPTIMIZERS
from trainingwheels.engine.descent.updates import RULES, Hyper, State, update

SIZE, STEPS = 30, 25
HYPER = Hyper(0.05, 0.8, 0.95, 0.03)


def gradients():
    return np.random.default_rng(0).standard_normal((STEPS, SIZE))


def test_there_is_one_for_each_optimizer():
    assert list(RULES) == OPTIMIZERS.keys()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_it_moves_as_torch_moves(name):
    w = np.linspace(-1, 1, SIZE)
    state, theirs = State(w), torch.tensor(w, requires_grad=True)
    code = OPTIMIZERS[name].code.format(lr=HYPER.lr, momentum=HYPER.momentum, beta2=HYPER.beta2)
    code = f"{code[:-1]}, weight_decay={2 * HYPER.l2})"
    reference = eval(code, {"torch": torch, "groups": [theirs]})
    for gradient in gradients():
        theirs.grad = torch.tensor(gradient)
        reference.step()
        w = w + update(name, w, gradient, state, HYPER).step
    np.testing.assert_allclose(w, theirs.detach(), rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_parts_make_the_step(name):
    w, state = np.linspace(-1, 1, SIZE), State(np.zeros(SIZE))
    for gradient in gradients():
        found = update(name, w, gradient, state, HYPER)
        np.testing.assert_allclose(found.step, -HYPER.lr * found.direction / found.size - found.shrink)
        decay = 0 if OPTIMIZERS[name].decoupled else 2 * HYPER.l2 * w
        np.testing.assert_allclose(found.gradient, gradient + decay)
        assert (found.shrink != 0).any() == OPTIMIZERS[name].decoupled
        w = w + found.step


def test_adam_by_hand():
    """Its first step: both corrected moments are the gradient's, so each weight moves by the learning rate."""
    found = update("adam", np.zeros(2), np.array([3.0, -0.01]), State(np.zeros(2)), Hyper(0.1))
    np.testing.assert_allclose(found.velocity, [3, -0.01])
    np.testing.assert_allclose(found.kept, 0)
    np.testing.assert_allclose(found.size, [3, 0.01], rtol=1e-5)
    np.testing.assert_allclose(found.step, [-0.1, 0.1], rtol=1e-5)


def test_nesterov_by_hand():
    state = State(np.zeros(1))
    first = update("nesterov", np.ones(1), np.ones(1), state, Hyper(0.1, 0.5))
    second = update("nesterov", np.ones(1), np.ones(1), state, Hyper(0.1, 0.5))
    assert (first.direction, second.kept, second.velocity, second.direction) == (1.5, 0.5, 1.5, 1.75)
