"""What a probe leaves behind: nothing."""

import copy
import gc
import random

import numpy as np
import pytest
import torch
from torch import nn

from nbtests.engine.probing.modules import ZOO, cnn, mlp, noise, seeded
from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.probing.probes import Probe


@pytest.fixture(params=ZOO.values(), ids=ZOO.keys())
def animal(request):
    make, batch = request.param
    return seeded(make), copy.deepcopy(batch)


def state(module):
    """All that a pass could change."""
    return {
        "tensors": {k: (v.clone(), v._version, id(v)) for k, v in module.state_dict(keep_vars=True).items()},
        "own": [
            (list(p._parameters), list(p._buffers), [id(b) for b in p._buffers.values()]) for p in module.modules()
        ],
        "grad": {k: None if p.grad is None else (p.grad.clone(), id(p.grad)) for k, p in module.named_parameters()},
        "needs": [p.requires_grad for p in module.parameters()],
        "modes": [part.training for part in module.modules()],
        "hooks": [
            (len(part._forward_hooks), len(part._forward_pre_hooks), len(part._backward_hooks))
            for part in module.modules()
        ],
        "random": (torch.get_rng_state(), random.getstate(), np.random.get_state()[1].copy()),  # noqa: NPY002
        "recording": (torch.is_grad_enabled(), torch.is_inference_mode_enabled()),
    }


def same(one, other):
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, torch.Tensor | np.ndarray):
        return bool((torch.as_tensor(one).nan_to_num(7) == torch.as_tensor(other).nan_to_num(7)).all())
    return one == other


def test_the_check_itself_sees_a_pass():
    net = cnn()
    before = state(net)
    net(noise(5, 1, 8, 8))
    assert not same(before, state(net))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("with_grad", [True, False])
def test_a_reading_leaves_everything_as_it_was(animal, training, with_grad):
    net, batch = animal
    net.train(training)
    if with_grad:
        for p in net.parameters():
            p.grad = torch.ones_like(p)
    probe_batch = copy.deepcopy(batch)
    net(*batch) if isinstance(batch, tuple) else net(**batch) if isinstance(batch, dict) else net(batch.clone())
    before = state(net)
    probe = Probe(net, batch)
    probe.read()
    with torch.no_grad():
        probe.read()
    with torch.inference_mode():
        probe.read()
    probe.close()
    assert same(before, state(net))
    assert same(probe_batch, batch)


@pytest.mark.parametrize("where", ["forward", "loss", "interrupt"])
def test_a_pass_that_raises_leaves_everything_too(where):
    net = cnn()
    stumble = {"on": False}

    class Stumble(nn.Module):
        def forward(self, x):
            if stumble["on"]:
                raise KeyboardInterrupt if where == "interrupt" else ValueError("two\nlines")
            return x

    net.add_module("stumble", Stumble())

    def loss(output):
        if stumble["on"] and where == "loss":
            raise ValueError("two\nlines")
        return output.sum()

    if where == "loss":
        net.stumble.forward = lambda x: x
    probe, before = Probe(net, noise(5, 1, 8, 8), loss), state(net)
    stumble["on"] = True
    with pytest.raises(KeyboardInterrupt if where == "interrupt" else InvalidSetting) as error:
        probe.read()
    assert same(before, state(net))
    assert where == "interrupt" or ("ValueError: two)" in str(error.value) and "\n" not in str(error.value))


def test_a_backward_pass_of_the_learner_goes_through_all_the_same():
    net, x = cnn(), noise(5, 1, 8, 8)
    loss = net(x.clone()).sum()
    Probe(net, x).read()
    loss.backward()


def test_hooks_of_the_optimizer_and_of_the_learner_stay_as_they_are():
    net, stepped, called = mlp(), [], []
    for p in net.parameters():
        p.register_post_accumulate_grad_hook(stepped.append)  # an optimizer that steps in the backward pass
    net[1].register_forward_hook(lambda *_: called.append(1))
    Probe(net, noise(3, 4)).read()
    assert not stepped
    assert not called


def test_a_loss_that_runs_the_module_again_changes_nothing():
    net, x = cnn(), noise(5, 1, 8, 8)
    before = state(net)
    seen = Probe(net, x, lambda _: net(x.clone()).square().mean()).read()
    assert same(before, state(net))
    assert [one.name for one in seen] == ["features.0", "features.3", "head.2"]
    assert all(one.layer.gradients is None for one in seen)  # the loss is not of this pass


def test_memory_is_flat():
    net = cnn()
    probe = Probe(net, noise(5, 1, 8, 8))

    def tensors():
        gc.collect()
        return sum(issubclass(type(thing), torch.Tensor) for thing in gc.get_objects())

    probe.read()
    before = tensors()
    for _ in range(200):
        probe.read()
    assert tensors() == before
