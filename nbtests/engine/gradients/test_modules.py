"""Modules as people write them: whatever a pass changes in them, and whatever they take."""

from collections import deque

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from trainingwheels.engine import InvalidSetting, gradient_check

INPUTS = torch.randn(6, 3, generator=torch.Generator().manual_seed(0))


def squares(x):
    return (x**2).mean()


class Kept(nn.Module):
    """A linear layer that does something more."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.linear, self.kept, self.seen, self.calls = nn.Linear(3, 2), None, {}, 0
        self.constant = torch.ones(2, 2)  # neither a parameter nor a buffer
        self.register_buffer("average", torch.zeros(2))


class CachesWeights(Kept):
    def forward(self, x):
        if self.kept is None:
            self.kept = self.linear.weight.tanh()
        return squares(functional.linear(x, self.kept))


class CountsItsCalls(Kept):
    def forward(self, x):
        self.calls += 1
        self.seen[self.calls] = True
        return len(self.seen) * squares(self.linear(x))


class KeepsItsOutput(Kept):
    def forward(self, x):
        out = self.linear(x) + (0 if self.kept is None else self.kept)
        self.kept = out
        return squares(out)


class FollowsAnAverage(Kept):
    def forward(self, x):
        out = self.linear(x) - self.average
        self.average.lerp_(out.detach().mean(0), 0.1)
        return squares(out)


class ReplacesAnAverage(Kept):
    def forward(self, x):
        out = self.linear(x) - self.average
        self.average = 0.9 * self.average + 0.1 * out.detach().mean(0)
        return squares(out)


class MovesAnArray(Kept):
    def __init__(self):
        super().__init__()
        self.array = np.zeros(2)

    def forward(self, x):
        out = self.linear(x) - torch.from_numpy(self.array).to(x)
        self.array += 0.1 * out.detach().mean(0).numpy()
        return squares(out)


class State:
    def __init__(self):
        self.steps, self.last, self.queue = 0, {}, deque([1.0], maxlen=2)


class CountsInAnObject(Kept):
    def __init__(self):
        super().__init__()
        self.state = State()

    def forward(self, x):
        self.state.steps += 1
        return self.state.steps * squares(self.linear(x))


class KeepsInAnObject(CountsInAnObject):
    def forward(self, x):
        out = self.linear(x) + self.state.last.get("out", 0)
        self.state.last["out"] = out
        return squares(out)


class KeepsInAQueue(CountsInAnObject):
    def forward(self, x):
        self.state.queue.append(2.0 * len(self.state.queue) * self.state.queue[-1])
        return self.state.queue[-1] * squares(self.linear(x))


class KeepsHiddenStates(nn.Module):
    """An LSTM that goes on from where it was, and forgets to detach."""

    def __init__(self):
        super().__init__()
        self.rnn, self.states = nn.LSTM(3, 2), None

    def forward(self, x):
        out, self.states = self.rnn(x, self.states)
        return squares(out)


class WritesIntoItsInput(Kept):
    def forward(self, x):
        x += 1
        return squares(self.linear(x))


class MakesTensors(Kept):
    def forward(self, x):
        return squares(self.linear(x) @ self.constant + torch.zeros(2))


class CastsToFloat32(Kept):
    def forward(self, x):
        return squares(functional.linear(x.float(), self.linear.weight.float()).tanh())


class SolvesADifferentialEquation(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))

    def forward(self, x):
        x = x.requires_grad_()
        u = self.net(x)
        (slope,) = torch.autograd.grad(u.sum(), x, create_graph=True)
        (bend,) = torch.autograd.grad(slope.sum(), x, create_graph=True)
        return squares(bend + u)


@pytest.mark.parametrize(
    "kind",
    [
        CachesWeights, CountsItsCalls, KeepsItsOutput, FollowsAnAverage, ReplacesAnAverage, MovesAnArray,
        CountsInAnObject, KeepsInAnObject, KeepsInAQueue, WritesIntoItsInput, MakesTensors, CastsToFloat32,
    ],
)  # fmt: skip
def test_what_a_pass_changes_is_put_back_before_the_next(kind):
    module, x = kind(), INPUTS.clone()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    report = gradient_check(module, x)
    assert report.ok, report
    assert torch.equal(x, INPUTS)
    assert (module.kept, module.seen, module.calls) == (None, {}, 0)
    assert all(torch.equal(tensor, before[name]) for name, tensor in module.state_dict().items())


def test_a_module_that_was_used_before():
    module = KeepsItsOutput()
    module(INPUTS)
    assert gradient_check(module, INPUTS).ok
    assert module.kept.grad_fn is not None


def test_hidden_states_that_are_kept_with_their_history():
    module = KeepsHiddenStates()
    assert gradient_check(module, INPUTS).ok
    module(INPUTS)
    states = module.states
    assert gradient_check(module, INPUTS).ok
    assert module.states is states
    assert states[0].grad_fn is not None


def test_a_critic_that_the_loss_runs_is_as_it_was():
    critic = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Tanh())
    before = {name: value.clone() for name, value in critic.state_dict().items()}
    report = gradient_check(nn.Linear(3, 2), INPUTS, loss=lambda output: squares(critic(output)), dtype="float32")
    assert report.error < 1e-2
    assert all(torch.equal(value, before[name]) for name, value in critic.state_dict().items())


def test_a_physics_informed_net():
    report = gradient_check(SolvesADifferentialEquation(), torch.linspace(0, 1, 7)[:, None])
    assert report.ok, report
    assert report.arrays[0].analytic.any()


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
@pytest.mark.parametrize("norm", [nn.utils.weight_norm, nn.utils.parametrizations.weight_norm])
def test_weight_norm_old_and_new(norm):
    net = nn.Sequential(norm(nn.Linear(3, 4)), nn.Tanh(), nn.Linear(4, 2))
    net(INPUTS)
    report = gradient_check(net, INPUTS, loss=squares)
    assert report.ok, report


def test_nobodys_hooks_are_called():
    net, called = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), []

    def hook(*_):
        called.append(1)

    handles = [
        net.register_forward_hook(hook),
        net[0].register_forward_pre_hook(hook),
        net[1].register_full_backward_hook(hook),
        nn.modules.module.register_module_forward_hook(hook),
    ]
    try:
        assert gradient_check(net, INPUTS, loss=squares).ok
    finally:
        for handle in handles:
            handle.remove()
    assert not called


def test_a_function_that_computes_a_weight_is_called():
    layer = nn.Linear(3, 2)
    raw = layer.weight
    del layer._parameters["weight"]
    layer.weight_raw = nn.Parameter(raw.detach().clone())

    def centre(layer, _):
        layer.weight = layer.weight_raw - layer.weight_raw.mean(1, keepdim=True)

    layer.register_forward_pre_hook(centre)
    report = gradient_check(layer, INPUTS, loss=squares)
    assert report.ok, report
    assert any(array.name == "weight_raw" and array.analytic.any() for array in report.arrays)
    assert not hasattr(layer, "weight")


def test_any_memory_order():
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Tanh(), nn.Flatten(), nn.Linear(16, 2))
    net = net.to(memory_format=torch.channels_last)
    x = torch.randn(8, 3, 4, 4).to(memory_format=torch.channels_last)
    assert gradient_check(net, x, loss=squares).ok
    layer = nn.Linear(3, 2)
    for weight in (torch.randn(3, 2).T, torch.randn(1, 3).expand(2, 3)):
        layer.weight = nn.Parameter(weight)
        assert gradient_check(layer, INPUTS[:1].expand(6, 3), loss=squares).ok


def test_several_inputs_by_place_and_by_name():
    a, b, y = torch.randn(5, 3), torch.randn(5, 2), torch.randn(5, 4)
    report = gradient_check(nn.Bilinear(3, 2, 4), ((a, b), y), loss=functional.mse_loss)
    assert report.ok, report
    report = gradient_check(nn.Bilinear(3, 2, 4), ({"input1": a, "input2": b}, y), loss=functional.mse_loss)
    assert report.ok, report


def test_arrays_lists_and_sparse_gradients():
    batch = (np.ones((2, 3), np.float32)[::-1], [0, 1])
    assert gradient_check(nn.Linear(3, 2), batch, loss=functional.cross_entropy).ok
    assert gradient_check(nn.Embedding(50, 4, sparse=True), torch.randint(50, (6,)), loss=squares).ok


def test_a_module_gives_its_loss_first():
    class Both(nn.Linear):
        def forward(self, x):
            return squares(super().forward(x)), x

    assert gradient_check(Both(3, 2), INPUTS).ok


def test_within_inference_mode():
    with torch.inference_mode():
        assert gradient_check(nn.Linear(3, 2), INPUTS, loss=squares).ok


@pytest.mark.parametrize(
    ("module", "says"),
    [
        (nn.Linear(3, 2, dtype=torch.complex64), "weight holds torch.complex64"),
        (type("Off", (nn.Linear,), {"forward": torch.no_grad()(nn.Linear.forward)})(3, 2), "decorate f with no_grad"),
    ],
)
def test_what_will_not_do_is_refused_in_one_line(module, says):
    with pytest.raises(InvalidSetting, match=says):
        gradient_check(module, INPUTS, loss=squares)
