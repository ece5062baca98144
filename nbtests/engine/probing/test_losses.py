"""Modules that a loss runs are as they were, too."""

from functools import partial

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from nbtests.engine.probing.modules import mlp, noise
from trainingwheels.engine.probing.losses import modules_in
from trainingwheels.engine.probing.probes import Probe

CRITIC = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))


def by_name(output):
    return CRITIC(output).mean()


def with_it(critic, output):
    return critic(output).mean()


class Criterion(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("centre", torch.zeros(3))

    def forward(self, output):
        self.centre.add_(output.detach().mean(0))
        return (output - self.centre).square().mean()


def test_a_critic_is_as_it_was_however_the_loss_knows_it():
    critic = CRITIC
    losses = [
        by_name,
        lambda output: critic(output).mean(),
        partial(with_it, critic),
        lambda output, critic=critic: critic(output).mean(),
        lambda output: binary_cross_entropy_with_logits(critic(output), torch.ones(5, 1)),
    ]
    before = {name: value.clone() for name, value in critic.state_dict().items()}
    for loss in losses:
        assert modules_in(loss) == [critic]
        assert Probe(mlp(), noise(5, 4), loss).read()[0].layer.gradients is not None
    assert all(torch.equal(value, before[name]) for name, value in critic.state_dict().items())


def test_a_loss_that_is_a_module():
    criterion = Criterion()
    Probe(mlp(), noise(5, 4), criterion).read()
    Probe(mlp(), noise(5, 4), criterion.forward).read()
    assert torch.equal(criterion.centre, torch.zeros(3))


def test_a_penalty_on_the_modules_own_weights_counts():
    net = mlp()
    read = Probe(net, noise(5, 4), lambda output: 0 * output.sum() + net[0].weight.square().sum()).read()
    expected = (2 * net[0].weight).square().mean().sqrt().item()
    assert abs(read[0].layer.weight_gradient_rms - expected) < 1e-5
