"""What every layer sees: by hand, against torch, at the ends of float32, and stable under a moving slider."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from scipy import stats

from trainingwheels.engine import ACTIVATIONS, INITIALIZERS, METHODS, DeepNet, propagate
from trainingwheels.engine.batchnorm import normalize
from trainingwheels.engine.signals.dense import DenseProduct, Weights
from trainingwheels.engine.signals.matrix_free import ConstantProduct, GaussianProduct
from trainingwheels.engine.signals.noise import CACHE, CACHE_BYTES, Role, normals, uniforms
from trainingwheels.engine.signals.propagation import _mean_and_std

X = np.array([[1, 2], [3, -1]], dtype=np.float32)
DY = np.array([[1, 0], [0, 2]], dtype=np.float32)


@pytest.mark.parametrize("product", [DenseProduct, ConstantProduct])
def test_one_layer_worked_by_hand(product):
    """Every weight 0.5: y sums half of each row. dW = x^T dy = [[1, 6], [2, -2]], of mean square 45/4."""
    layer = product(Weights(INITIALIZERS["constant"], 2, 2, 1, 0.5, seed=0, layer=0))
    assert layer.forward(X).tolist() == [[1.5, 1.5], [1.0, 1.0]]
    gradient = layer.backward(DY)
    assert gradient.dx().tolist() == [[0.5, 0.5], [1.0, 1.0]]
    assert gradient.weight_rms == pytest.approx(math.sqrt(45 / 4))


def test_the_weight_gradient_needs_no_weights():
    layer = GaussianProduct(Weights(INITIALIZERS["gaussian"], 2, 2, 1, 0.5, seed=0, layer=0))
    layer.forward(X)
    assert layer.backward(DY).weight_rms == pytest.approx(math.sqrt(45 / 4))


TORCH = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda x: torch.nn.functional.leaky_relu(x, 0.1),
    "maxout": lambda x: torch.maximum(*x.chunk(2, dim=-1)),
    "elu": torch.nn.functional.elu,
    "selu": torch.nn.functional.selu,
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
}


@pytest.mark.parametrize("batchnorm", [False, True])
@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_dense_is_what_torchs_autograd_computes(activation, batchnorm, dropout):
    net = DeepNet((30, 50, 20, 40), activation, "kaiming", batchnorm=batchnorm, dropout=dropout)
    layers = propagate(net, batch=12, seed=3, method="dense")
    x = torch.tensor(normals(3, 0, Role.INPUT, 12, 30).astype(float))
    weights, values = [], []
    for index, (fan_in, fan_out) in enumerate(zip(net.widths[:-1], net.widths[1:], strict=True)):
        W = Weights(INITIALIZERS["kaiming"], fan_in, fan_out, ACTIVATIONS[activation].pieces, None, 3, index).draw()
        weights.append(torch.tensor(W.astype(float), requires_grad=True))
        y = x @ weights[-1]
        if batchnorm:
            y = torch.nn.functional.batch_norm(y, None, None, training=True, eps=1e-5)
        values.append(TORCH[activation](y))
        values[-1].retain_grad()
        mask = torch.tensor(uniforms(3, index, Role.DROPOUT, 12, fan_out) >= np.float32(dropout))
        x = values[-1] * mask / (1 - dropout)
    values[-1].backward(torch.tensor(normals(3, 0, Role.UPSTREAM, 12, 40).astype(float)))
    for layer, value, W in zip(layers, values, weights, strict=True):
        scale = value.grad.std().item()
        np.testing.assert_allclose(layer.activations, value.detach().numpy(), atol=1e-4)
        np.testing.assert_allclose(layer.gradients / scale, value.grad.numpy() / scale, atol=2e-4)
        assert layer.weight_gradient_rms == pytest.approx(W.grad.pow(2).mean().sqrt().item(), rel=1e-4)


def test_batchnorm_forward_and_backward_agree_with_torch():
    rng = np.random.default_rng(0)
    x, dy = (rng.standard_normal((16, 40)).astype(np.float32) for _ in range(2))
    x = x * 3 + np.arange(40, dtype=np.float32)
    theirs = torch.tensor(x.astype(float), requires_grad=True)
    y = torch.nn.functional.batch_norm(theirs, None, None, training=True, eps=1e-5)
    y.backward(torch.tensor(dy.astype(float)))
    ours = normalize(x)
    np.testing.assert_allclose(ours.values, y.detach().numpy(), atol=1e-5)
    np.testing.assert_allclose(ours.backward(dy), theirs.grad.numpy(), atol=1e-5)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("activation", ["tanh", "relu", "maxout"])
def test_the_numbers_describe_the_arrays(method, activation):
    net = DeepNet((60, 80, 70), activation, "gaussian", std=0.2, dropout=0.5)
    for layer in propagate(net, batch=5, method=method):
        a, da = layer.activations.astype(float), layer.gradients.astype(float)
        assert layer.activations.dtype == layer.gradients.dtype == np.float32
        assert layer.mean == pytest.approx(a.mean(), abs=1e-12)
        assert layer.std == pytest.approx(a.std(), rel=1e-9)
        assert layer.gradient_std == pytest.approx(da.std(), rel=1e-9)
        assert layer.dead == np.mean((a == 0).all(axis=0))
        assert layer.zeros == np.mean(a == 0)
        assert layer.gradient_zeros == np.mean(da == 0)
        assert (layer.finite, layer.weight_std, layer.method) == (1.0, 0.2, method)
        if activation == "relu":
            assert layer.saturated == layer.zeros
        if activation == "tanh":
            assert layer.saturated == pytest.approx(np.mean(1 - a**2 < 0.05), abs=1e-12)


def test_shapes_follow_the_widths():
    layers = propagate(DeepNet(widths=(7, 11, 1, 5), activation="maxout", initializer="xavier"), batch=3)
    assert [layer.activations.shape for layer in layers] == [(3, 11), (3, 1), (3, 5)]
    assert [layer.gradients.shape for layer in layers] == [(3, 11), (3, 1), (3, 5)]


def test_without_backward_there_are_no_gradients_and_the_rest_is_the_same():
    net = DeepNet((50,) * 4)
    for there, back in zip(propagate(net, backward=False), propagate(net), strict=True):
        assert there.gradients is None
        assert math.isnan(there.weight_gradient_rms)
        assert math.isnan(there.gradient_std)
        assert (there.activations == back.activations).all()
        assert there.std == back.std


def test_the_upstream_gradient_is_unit_gaussian():
    last = propagate(DeepNet((10, 50_000)))[-1]
    assert last.gradient_std == pytest.approx(1, abs=0.004)


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_uniform_laws_take_the_dense_way_and_say_so(initializer):
    layer = propagate(DeepNet((20, 30), initializer=initializer))[0]
    assert layer.method == ("dense" if "uniform" in initializer else "matrix-free")


# --- the ends of float32: no warning (warnings are errors here), no exception, and a record that shows it


@pytest.mark.parametrize("method", METHODS)
def test_a_signal_that_explodes_is_shown_not_raised(method):
    layers = propagate(DeepNet((64,) * 101, "relu", std=1.0), method=method)
    assert layers[0].finite == 1
    assert layers[-1].finite < 1
    assert not math.isfinite(layers[-1].std)
    assert layers[20].std > 1e10


@pytest.mark.parametrize("method", METHODS)
def test_a_signal_that_vanishes_is_exactly_zero_in_the_end(method):
    layers = propagate(DeepNet((64,) * 101, "tanh", std=1e-3), method=method)
    assert 0 < layers[10].std < 1e-20
    assert (layers[-1].std, layers[-1].dead, layers[-1].zeros) == (0, 1, 1)
    assert layers[0].gradient_zeros == 1
    assert layers[-1].weight_gradient_rms == 0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("initializer", ["gaussian", "constant"])
def test_zero_weights_kill_everything(method, initializer):
    first, last = propagate(DeepNet((30, 20, 10), "tanh", initializer, std=0), batch=4, method=method)
    assert first.zeros == last.zeros == first.gradient_zeros == 1
    assert first.weight_gradient_rms == 0
    assert last.weight_gradient_rms == 0


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("initializer", INITIALIZERS)
@pytest.mark.parametrize("batchnorm", [False, True])
def test_no_choice_breaks_at_the_extremes(activation, initializer, batchnorm):
    for std in (0, 1e-30, 1000):
        net = DeepNet((9, 1, 24) + (8,) * 25, activation, initializer, std, batchnorm, dropout=0.3)
        for batch in (1, 12):
            assert len(propagate(net, batch=batch)) == 27


def test_a_hundred_relu_layers_keep_their_size_with_kaiming_though_rows_become_collinear():
    last = propagate(DeepNet((2048,) * 101, "relu", "kaiming"), seed=1)[-1]
    a = last.activations.astype(float)
    cosine = (a[0] @ a[1]) / math.sqrt((a[0] @ a[0]) * (a[1] @ a[1]))
    assert cosine > 0.99
    assert 0.2 < last.std < 5


@pytest.mark.parametrize("value", [1e-44, 1e-30, 1e30, 3e38])
def test_statistics_neither_overflow_nor_vanish(value):
    values = np.array([[value / 3, value]] * 40_000, dtype=np.float32)
    mean, std = _mean_and_std(values)
    assert mean == pytest.approx(values[0].astype(float).mean(), rel=1e-6)
    assert std == pytest.approx(values[0].astype(float).std(), rel=1e-6)
    assert _mean_and_std(np.full(70_000, value, dtype=np.float32))[1] == 0


# --- the same settings, the same numbers; nearby settings, nearby pictures


@pytest.mark.parametrize("method", METHODS)
def test_equal_arguments_give_equal_numbers_even_from_a_cold_cache(method):
    net = DeepNet((40,) * 5, dropout=0.2, batchnorm=True)
    first = propagate(net, seed=9, method=method)
    CACHE.clear()
    again, other = propagate(net, seed=9, method=method), propagate(net, seed=10, method=method)
    for a, b, c in zip(first, again, other, strict=True):
        assert (a.activations == b.activations).all()
        assert (a.gradients == b.gradients).all()
        assert a.weight_gradient_rms == b.weight_gradient_rms
        assert (a.activations != c.activations).any()


@pytest.mark.parametrize("method", METHODS)
def test_more_layers_leave_the_earlier_ones_as_they_were(method):
    short, long = (propagate(DeepNet((40,) * n), method=method, backward=False) for n in (4, 9))
    for a, b in zip(short, long, strict=False):
        assert (a.activations == b.activations).all()


def test_a_wider_array_of_noise_continues_the_narrower_one():
    for draw in (normals, uniforms):
        narrow, wide = draw(1, 2, Role.DROPOUT, 7, 301), draw(1, 2, Role.DROPOUT, 7, 20_000)
        assert (narrow == wide[:, :301]).all()


@pytest.mark.parametrize("initializer", ["gaussian", "orthogonal"])
def test_a_small_step_of_a_setting_is_a_small_step_of_the_picture(initializer):
    """Common random numbers: 1 % more std, or 1 % more units, moves the values by about as much, not at random."""
    net = propagate(DeepNet((500,) * 5, "tanh", initializer, std=0.05))
    for other in (
        DeepNet((500,) * 5, "tanh", initializer, 0.0505),
        DeepNet((500,) * 4 + (505,), "tanh", initializer, 0.05),
    ):
        for a, b in zip(net, propagate(other), strict=True):
            assert np.std(a.activations - b.activations[:, :500]) < 0.06 * a.std


def test_many_threads_get_the_same_numbers_as_one():
    nets = [DeepNet((300,) * 4, activation, "xavier") for activation in ("tanh", "relu", "maxout", "elu")] * 4
    expected = [propagate(net, seed=5)[-1].weight_gradient_rms for net in nets]
    CACHE.clear()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda net: propagate(net, seed=5)[-1].weight_gradient_rms, nets)) == expected


def test_the_cache_is_bounded_and_what_it_holds_is_read_only():
    for seed in range(12):
        propagate(DeepNet((4096,) * 7), seed=seed)
    held = list(CACHE._arrays.values())
    assert sum(array.nbytes for array in held) == CACHE._bytes <= CACHE_BYTES
    assert not any(array.flags.writeable for array in held)
    layer = propagate(DeepNet((20, 20)))[0]
    assert not layer.activations.flags.writeable
    assert not layer.gradients.flags.writeable


def test_normals_are_normal():
    z = normals(0, 0, Role.WEIGHTS, 16, 125_000)
    assert stats.kstest(z.ravel(), "norm").pvalue > 0.01
    assert abs(stats.kurtosis(z.ravel())) < 0.02
    assert np.abs(z).max() > 4.8
    assert np.abs(np.corrcoef(z) - np.eye(16)).max() < 0.015
