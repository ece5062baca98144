"""A probe against numbers worked out by hand and by autograd, on all sorts of modules."""

import warnings
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import cross_entropy

from nbtests.engine.probing.modules import ZOO, Functional, mlp, noise, records, seeded
from trainingwheels.engine import ACTIVATIONS, InvalidSetting
from trainingwheels.engine.probing.measures import KEPT, MEASURED, sample
from trainingwheels.engine.probing.probes import Probe

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


def test_complex_weights_count_with_both_their_parts():
    class Complex(nn.Module):
        def __init__(self):
            super().__init__()
            self.w, self.act = nn.Parameter(torch.complex(noise(4, 3), noise(4, 3, seed=1))), nn.GELU()

        def forward(self, x):
            return self.act((x.to(self.w.dtype) @ self.w).abs())

    net, x = Complex(), noise(6, 4)
    (gradient,) = torch.autograd.grad(net(x).sum(), net.w)
    layer = records(Probe(net, x, lambda out: out.sum()))["act"]
    assert layer.weight_gradient_rms == pytest.approx(gradient.abs().square().mean().sqrt().item())


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
        (
            mlp(),
            noise(2, 4),
            {"loss": lambda out: cross_entropy(out, 0)},
            "loss does not take the module's output (TypeError",
        ),
        (
            mlp(),
            noise(2, 4),
            {"loss": lambda out: cross_entropy(out, torch.zeros(3).long())},
            "are those of this batch",
        ),
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
