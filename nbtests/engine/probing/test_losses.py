"""Modules that a loss runs are as they were, too."""

from functools import partial

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from nbtests.engine.probing import test_losses
from nbtests.engine.probing.modules import mlp, noise
from trainingwheels.engine.probing.losses import modules_in
from trainingwheels.engine.probing.probes import Probe

CRITIC = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))


def by_name(output):
    return CRITIC(output).mean()


def with_it(critic, output):
    return critic(output).mean()


def of_several(outputs):
    return sum(by_name(output) for output in outputs)


class Trainer:
    """It keeps its nets in a dict, as many do."""

    def __init__(self, critic):
        self.nets, self.seen = {"d": critic}, [self]

    def loss(self, output):
        return self.nets["d"](output).mean()

    def __call__(self, output):
        return self.loss(output)


class Adversarial(nn.Module):
    """It runs a critic that is none of its parts."""

    def forward(self, output):
        return by_name(output)


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
        lambda output: by_name(output),
        lambda output: of_several([output]),
        lambda output, *, nets={"d": [critic]}: nets["d"][0](output).mean(),
        lambda output: test_losses.CRITIC(output).mean(),
        Trainer(critic).loss,
        Trainer(critic),
        partial(Trainer.loss, Trainer(critic)),
    ]
    before = {name: value.clone() for name, value in critic.state_dict().items()}
    for loss in losses:
        assert modules_in(loss) == [critic]
        assert Probe(mlp(), noise(5, 4), loss).read()[0].layer.gradients is not None
    assert all(torch.equal(value, before[name]) for name, value in critic.state_dict().items())


def test_a_loss_that_is_a_module_and_runs_another():
    loss = Adversarial()
    assert modules_in(loss) == [loss, CRITIC]


def test_data_is_not_searched():
    data = [CRITIC] * 2000
    assert modules_in(lambda output: (output - len(data)).mean()) == []


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
