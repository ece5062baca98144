"""Residual blocks: their backward against autograd, and stochastic depth by its expectation."""

import torch

from trainingwheels.engine import RunConfig
from trainingwheels.engine.regularizers import survival
from trainingwheels.engine.signals.noise import Role
from trainingwheels.engine.training.layers import Activation, Linear
from trainingwheels.engine.training.masks import Masks
from trainingwheels.engine.training.net import Dropped
from trainingwheels.engine.training.nonlinear import NONLINEARITIES
from trainingwheels.engine.training.residual import Residual
from trainingwheels.engine.training.streams import DeviceNoise


def normal(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def block(rates=None):
    W, dW = normal(4, 6, 6), torch.empty(4, 6, 6, dtype=torch.float64)
    uniforms = DeviceNoise([1, 2], Role.DEPTH, torch.device("cpu"), torch.float64)
    layer = Residual([Linear(W, dW, None, None), Activation(NONLINEARITIES["tanh"])], Masks(uniforms, grow=False))
    layer.masks.rates = None if rates is None else torch.tensor(rates, dtype=torch.float64)[:, None, None]
    return layer, W, dW


def assert_backward(layer, W, dW, b):
    x, d = normal(4, 6, 8, seed=1).requires_grad_(), normal(4, 6, 8, seed=2)
    W = W.clone().requires_grad_()
    expected = x + b * torch.tanh(W @ x)
    with torch.no_grad():
        torch.testing.assert_close(layer.forward(x, True), expected)
        dx = layer.backward(d.clone())
    torch.testing.assert_close((dx, dW), torch.autograd.grad(expected, (x, W), d))


def test_what_a_block_computes_is_added_and_both_ways_lead_back():
    layer, W, dW = block()
    assert_backward(layer, W, dW, 1.0)


def test_a_dropped_block_lets_the_signal_through_and_learns_nothing():
    layer, W, dW = block([0.0, 0.999999, 0.0, 0.999999])
    assert_backward(layer, W, dW, torch.tensor([1.0, 0.0, 1.0, 0.0], dtype=torch.float64)[:, None, None])
    assert (dW[1] == 0).all()


def test_a_larger_rate_drops_the_same_blocks_and_more():
    layer, *_ = block([0.2, 0.5, 0.2, 0.5])
    x = normal(4, 6, 8, seed=1)
    survived = []
    for _ in range(300):
        layer.forward(x, True)
        survived.append(layer.b.flatten().clone())
    little, more, *others = torch.stack(survived).T
    assert (more <= little).all()
    assert abs(little.mean() - 0.8) < 5 * (0.2 * 0.8 / 300) ** 0.5
    assert (others[0] != little).any()  # another seed


def test_in_evaluation_a_block_counts_by_its_probability_which_is_its_expectation():
    layer, W, _ = block([0.0, 0.3, 0.5, 0.9])
    x = normal(4, 6, 8, seed=1)
    tested = layer.forward(x, False).clone()
    draws = torch.stack([layer.forward(x, True).clone() for _ in range(4000)])
    error = draws.std(0) / 4000**0.5
    assert ((draws.mean(0) - tested).abs() <= 5 * error + 1e-12).all()
    p = 1 - layer.masks.rates
    torch.testing.assert_close(tested, x + p * torch.tanh(W @ x))


def test_the_blocks_of_a_config_and_their_rates():
    config = RunConfig(hidden=(64, 64, 64, 32, 32), residual=True, stochastic_depth=0.5)
    assert config.blocks == (2, 3, 5)
    rates = Dropped.by([config, RunConfig(hidden=config.hidden, residual=True)], torch.empty(0, dtype=torch.float64))
    found = torch.stack([each.flatten() for each in rates.blocks])
    torch.testing.assert_close(found[:, 0], torch.from_numpy(1 - survival(3, 0.5)))
    assert (found[:, 1] == 0).all()
    assert RunConfig(hidden=(64,) * 6).blocks == ()
