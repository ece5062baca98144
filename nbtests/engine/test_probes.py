"""A probe against numbers worked out by hand and by autograd, on all sorts of modules, which it leaves as they were."""

import copy
import gc
import random
import warnings
from collections import OrderedDict
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import cross_entropy, relu_

from trainingwheels.engine import ACTIVATIONS, InvalidSetting
from trainingwheels.engine.hooks import KEPT, MEASURED, sample
from trainingwheels.engine.probes import Probe


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def seeded(make):
    torch.manual_seed(0)
    return make()


class Reused(nn.Module):
    """One ReLU for everything, and weights of its own."""

    def __init__(self):
        super().__init__()
        self.W = nn.Parameter(noise(6, 5))
        self.out = nn.Linear(5, 2)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.out(self.relu(x @ self.W)))


class Two(nn.Module):
    """Two inputs in, a nest of outputs out."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(3, 4), nn.Linear(2, 4)
        self.act = nn.Tanh()

    def forward(self, left, right):
        h = self.act(self.a(left) + self.b(right))
        return {"h": h, "more": (h.sum(), "words")}


class Functional(nn.Module):
    """No nonlinearity among its parts, and one that works in place."""

    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(4, 8), nn.Linear(8, 3)

    def forward(self, x):
        return self.two(relu_(self.one(x)))


def mlp():
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 3))


def cnn():
    return nn.Sequential(
        OrderedDict(
            features=nn.Sequential(
                nn.ReLU(inplace=True),
                nn.Conv2d(1, 3, 3),
                nn.BatchNorm2d(3, momentum=None),
                nn.ReLU(inplace=True),
                nn.Dropout(0.5),
                nn.MaxPool2d(2),
            ),
            head=nn.Sequential(nn.Flatten(), nn.Linear(27, 5), nn.Sigmoid(), nn.Linear(5, 2)),
        )
    )


def spectral():
    return nn.Sequential(
        nn.utils.spectral_norm(nn.Linear(4, 4)), nn.SiLU(), nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))
    )


def transformer():
    return nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(3, 6, batch_first=True)
        self.head = nn.Linear(6, 2)

    def forward(self, x):
        return self.head(self.rnn(x)[0][:, -1])


ZOO = {
    "mlp": (mlp, noise(16, 4)),
    "cnn": (cnn, noise(5, 1, 8, 8)),
    "reused": (Reused, noise(7, 6)),
    "two, a tuple": (Two, (noise(9, 3), noise(9, 2))),
    "two, a mapping": (Two, {"left": noise(9, 3), "right": noise(9, 2)}),
    "functional": (Functional, noise(6, 4)),
    "spectral": (spectral, noise(6, 4)),
    "transformer": (transformer, noise(2, 5, 8)),
    "recurrent": (Recurrent, noise(2, 5, 3)),
    "no weights": (partial(nn.Sequential, nn.Tanh(), nn.ReLU()), noise(6, 4)),
    "one layer": (partial(nn.Linear, 4, 2), noise(6, 4)),
    "embedding": (lambda: nn.Sequential(nn.Embedding(9, 4), nn.GELU()), torch.arange(6).reshape(2, 3)),
}


@pytest.fixture(params=ZOO.values(), ids=ZOO.keys())
def animal(request):
    make, batch = request.param
    return seeded(make), copy.deepcopy(batch)


def records(probe):
    return {one.name: one.layer for one in probe.read()}


# The numbers ---------------------------------------------------------------------------------------------------------


def test_a_net_worked_by_hand():
    """x = (1, -1), (2, 3); h = x W with W = diag(1, -2); a = relu(h) = (1, 2), (2, 0); L = 3 a_1 + a_2 summed."""
    net = nn.Sequential(nn.Linear(2, 2, bias=False), nn.ReLU())
    net[0].weight.data = torch.tensor([[1.0, 0.0], [0.0, -2.0]])
    batch = torch.tensor([[1.0, -1.0], [2.0, 3.0]])
    (one,) = Probe(net, batch, lambda a: (a * torch.tensor([3.0, 1.0])).sum()).read()
    assert (one.name, one.kind, one.activation) == ("1", "ReLU", ACTIVATIONS["relu"])
    layer = one.layer
    assert layer.activations.tolist() == [[1, 2], [2, 0]]
    assert layer.gradients.tolist() == [[3, 1], [3, 1]]
    assert (layer.mean, layer.zeros, layer.saturated, layer.dead) == (1.25, 0.25, 0.25, 0)
    assert layer.std == pytest.approx((11 / 16) ** 0.5)
    assert layer.preactivation_std == pytest.approx(np.std([1, 2, 2, -6]))
    assert (layer.gradient_std, layer.gradient_zeros, layer.finite) == (1.0, 0.0, 1.0)
    # dL/dW = sum over examples of dL/dh x^T; the second example's second unit is off
    assert layer.weight_gradient_rms == pytest.approx(np.sqrt(np.mean(np.square([[9, 6], [1, -1]]))))


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "elu", "selu", "gelu", "silu"])
def test_numbers_are_those_of_autograd(name):
    kind = {
        "sigmoid": nn.Sigmoid,
        "tanh": nn.Tanh,
        "relu": nn.ReLU,
        "elu": nn.ELU,
        "selu": nn.SELU,
        "gelu": nn.GELU,
        "silu": nn.SiLU,
    }
    net = seeded(
        lambda: nn.Sequential(nn.Linear(5, 40), kind[name](), nn.Linear(40, 30), kind[name](), nn.Linear(30, 3))
    )
    x, y = 4 * noise(64, 5), torch.arange(64) % 3
    net[0].bias.data[:4] = -1e3  # four units that are off, or saturated, whatever comes
    first = net[1](h := net[0](x))
    second = net[3](g := net[2](first))
    loss = cross_entropy(net[4](second), y)
    d_first, d_second, dW, dV = torch.autograd.grad(loss, [first, second, net[0].weight, net[2].weight])
    seen = Probe(net, x, lambda scores: cross_entropy(scores, y)).read()
    assert [one.name for one in seen] == ["1", "3"]
    for one, pre, a, da, dw in zip(seen, (h, g), (first, second), (d_first, d_second), (dW, dV), strict=True):
        layer, a, pre = one.layer, a.detach().numpy(), pre.detach().numpy()
        assert one.activation is ACTIVATIONS[name]
        assert layer.mean == pytest.approx(a.mean(), rel=1e-5)
        assert layer.std == pytest.approx(a.std(), rel=1e-5)
        assert layer.preactivation_std == pytest.approx(pre.std(), rel=1e-5)
        assert layer.saturated == pytest.approx(ACTIVATIONS[name].saturated(pre), abs=1e-12)
        assert layer.dead == np.mean((a == 0).all(axis=0))
        assert np.array_equal(layer.activations, a)
        assert layer.gradients == pytest.approx(da.numpy(), rel=1e-4, abs=1e-12)
        assert layer.gradient_std == pytest.approx(da.numpy().std(), rel=1e-4)
        assert layer.weight_gradient_rms == pytest.approx(dw.square().mean().sqrt().item(), rel=1e-4)
    assert seen[0].layer.saturated >= 0.1
    assert seen[0].layer.dead == (0.1 if name in ("relu", "gelu", "silu", "sigmoid") else 0)


def test_without_a_loss_a_unit_gradient_enters_at_the_output():
    net = seeded(lambda: nn.Sequential(nn.Linear(8, 4096), nn.Tanh()))
    (one,) = Probe(net, noise(8, 8)).read()
    assert one.layer.gradient_std == pytest.approx(1, abs=0.03)
    assert np.array_equal(one.layer.gradients, Probe(net, noise(8, 8)).read()[0].layer.gradients)


def test_channels_are_units_and_positions_are_examples():
    net = nn.Sequential(seeded(lambda: nn.Conv2d(1, 4, 3)), nn.ReLU())
    net[0].bias.data[2] = -1e3
    x = noise(3, 1, 6, 5)
    (one,) = Probe(net, x).read()
    a = net(x).detach()
    assert np.array_equal(one.layer.activations, a.permute(0, 2, 3, 1).reshape(-1, 4))
    assert one.layer.dead == 0.25
    assert one.layer.std == pytest.approx(a.std(correction=0).item(), rel=1e-5)


@pytest.mark.parametrize(
    ("before", "shape", "units"),
    [
        (nn.Conv1d(2, 4, 1), (3, 2, 7), 4),
        (nn.Linear(7, 4), (3, 2, 7), 4),
        (nn.Linear(7, 4), (3, 5, 2, 7), 4),
        (nn.BatchNorm1d(2), (3, 2, 7), 2),
        (nn.Identity(), (3, 2, 5, 7), 2),
        (nn.Identity(), (7,), 7),
    ],
)
def test_which_axis_holds_the_units(before, shape, units):
    (one,) = Probe(nn.Sequential(before, nn.Tanh()), noise(*shape)).read()
    assert one.layer.activations.shape[1] == units
    assert one.layer.activations.size * (units == 4 or 1) > 0


def test_layers_are_named_as_in_the_module_in_the_order_of_the_pass():
    names = {name: list(records(Probe(seeded(make), batch))) for name, (make, batch) in ZOO.items()}
    assert names["mlp"] == ["1", "3"]
    assert names["cnn"] == ["features.0", "features.3", "head.2"]
    assert names["reused"] == ["relu", "relu (2)"]
    assert names["functional"] == ["one", "two"]  # no nonlinearity among its parts: the layers with weights
    assert names["transformer"] == ["linear1", "linear2"]
    assert names["recurrent"] == ["rnn", "head"]
    assert names["one layer"] == ["Linear"]
    assert names["embedding"] == ["1"]
    assert list(records(Probe(mlp(), noise(2, 4), layers=["2", "0"]))) == ["0", "2"]


def test_what_is_overwritten_in_place_was_measured_before():
    net, x = seeded(Functional), noise(6, 4)
    layer = records(Probe(net, x))["one"]
    h = net.one(x)
    assert np.array_equal(layer.activations, h.detach())
    assert layer.dead == 0
    # the gradient at h, before relu_, so zero where relu is off
    assert np.array_equal(layer.gradients == 0, (h <= 0).numpy())


def test_dead_units_are_found_in_every_example():
    net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    net[0].weight.data.zero_()
    net[0].bias.data = torch.tensor([1.0, -1.0, 0.0])
    layer = records(Probe(net, noise(4, 2)))["1"]
    assert (layer.dead, layer.saturated, layer.zeros) == (2 / 3, 2 / 3, 2 / 3)


def test_no_rule_no_share():
    for kind in (nn.LeakyReLU(), nn.Hardtanh(), nn.ELU(alpha=0.5), nn.PReLU(), nn.ReLU6()):
        (one,) = Probe(nn.Sequential(nn.Linear(4, 4), kind), noise(6, 4)).read()
        assert np.isnan(one.layer.saturated)


def test_numbers_that_are_none_are_counted():
    net = nn.Sequential(nn.Linear(4, 4), nn.ReLU())
    net[0].bias.data[0] = torch.nan
    net[0].bias.data[1] = torch.inf
    layer = records(Probe(net, noise(6, 4)))["1"]
    assert layer.finite == 0.5
    assert np.isnan(layer.mean)


def test_large_layers_are_sampled_evenly():
    net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU())
    net[0].bias.data[:4] = -1e3
    x = noise(4, 1, 128, 128)
    assert 8 * x.numel() > MEASURED
    layer = records(Probe(net, x))["1"]
    a = net(x).detach()
    assert layer.activations.shape[1] == 8
    assert 0.5 * KEPT < layer.activations.size <= 1.1 * KEPT
    assert layer.dead == 0.5
    assert layer.zeros == pytest.approx((a == 0).double().mean().item(), abs=0.003)
    assert layer.std == pytest.approx(a.std().item(), rel=0.01)
    assert layer.activations.std() == pytest.approx(a.std().item(), rel=0.02)


@given(st.integers(1, 300), st.integers(1, 40_000))
@settings(max_examples=60, deadline=None)
def test_a_sample_is_small_and_in_place(rows, units):
    values = torch.arange(units).expand(rows, units)
    kept = sample(values.float(), -1)
    assert kept.numel() <= max(2 * KEPT, 64)
    assert kept.numel() == rows * units or kept.numel() > KEPT / 16
    assert (kept.diff(dim=1) > 0).all()


# Nothing is left behind ----------------------------------------------------------------------------------------------


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
    assert called


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


# What can be watched -------------------------------------------------------------------------------------------------


def test_a_compiled_module_is_read_uncompiled():
    wrapped, in_place = torch.compile(mlp(), backend="eager"), mlp()
    in_place.compile(backend="eager")
    for net in (wrapped, in_place):
        net(noise(4, 4))
        assert list(records(Probe(net, noise(4, 4)))) == ["1", "3"]
        net(noise(4, 4))


def test_a_parallel_module_is_read_through_what_it_wraps():
    assert list(records(Probe(nn.DataParallel(mlp()), noise(4, 4)))) == ["1", "3"]


def test_frozen_weights_do_not_stop_the_gradient():
    net = mlp()
    net.requires_grad_(False)
    layers = records(Probe(net, noise(16, 4)))
    assert all(layer.gradient_std > 0 for layer in layers.values())
    assert all(np.isnan(layer.weight_gradient_rms) for layer in layers.values())


def test_a_gradient_that_is_cut_is_none():
    class Cut(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.two = nn.Sequential(nn.Linear(4, 4), nn.Tanh()), nn.Sequential(nn.Linear(4, 4), nn.Tanh())

        def forward(self, x):
            return self.two(self.one(x).detach())

    layers = records(Probe(Cut(), noise(16, 4)))
    assert layers["one.1"].gradients is None
    assert layers["two.1"].gradients is not None


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_other_precisions(dtype):
    layers = records(Probe(mlp().to(dtype), noise(16, 4).to(dtype)))
    assert layers["1"].activations.dtype == np.float32
    assert 0 < layers["1"].std < 1


def test_an_array_is_a_batch_too():
    x = np.random.default_rng(0).normal(size=(6, 4))
    assert records(Probe(mlp(), x))["1"].activations.shape == (6, 8)


lazy = partial(nn.Sequential, nn.LazyLinear(4), nn.ReLU())


@pytest.mark.parametrize(
    ("module", "batch", "how", "says"),
    [
        (print, noise(2, 4), {}, "is not a torch.nn.Module: choose one"),
        ("scripted", noise(2, 4), {}, "scripted and takes no hooks"),
        (mlp(), noise(2, 5), {}, "batch = a tensor of shape (2, 5) does not go through the module (RuntimeError: mat1"),
        (mlp(), (noise(2, 4), noise(2)), {}, "targets belong into loss"),
        (mlp(), {"x": noise(2, 4)}, {}, "1 named inputs ('x')"),
        (lazy(), noise(2, 4), {}, "call module(batch) once before"),
        (mlp().to("meta"), noise(2, 4), {}, "on the meta device"),
        (mlp(), noise(2, 4), {"loss": "mse"}, "loss = 'mse' is not a function"),
        (mlp(), noise(2, 4), {"loss": lambda out: out}, "loss gives a tensor of shape (2, 3)"),
        (mlp(), noise(2, 4), {"layers": ["o"]}, "layer = 'o' is not known"),
        (mlp(), noise(2, 4), {"loss": lambda out: cross_entropy(out, 0)}, "no gradient comes back (TypeError"),
        (nn.Sequential(), noise(2, 4).long(), {}, "module runs none of its layers"),
    ],
    ids=lambda value: None,
)
def test_what_cannot_be_read_is_said_in_one_line(module, batch, how, says):
    if module == "scripted":
        with warnings.catch_warnings(action="ignore"):  # torch's own: there are better ways
            module = torch.jit.trace(mlp(), noise(2, 4))
    with pytest.raises(InvalidSetting) as error:
        Probe(module, batch, **how)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_closed_probe_holds_nothing():
    net = mlp()
    with Probe(net, noise(2, 4)) as probe:
        probe.read()
    with pytest.raises(InvalidSetting, match="closed"):
        probe.read()
    probe.close()
