"""The lecture's graph of batch normalization against torch, autograd, finite differences, and an example by hand."""

from dataclasses import fields

import numpy as np
import pytest
import torch
from torch.nn import functional

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.batchnorm import (
    EPSILON,
    NORMALIZATIONS,
    Graph,
    at_test_time,
    forward,
    normalize,
    running_average,
)

N, C, L = 6, 3, 4
NAMES = [field.name for field in fields(Graph)]
VALUES = [name for name in NAMES if name not in ("x", "gamma", "beta")]


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(1.0, 2.0, shape)


def parameters(kind, shape):
    """gamma and beta for activations of ``shape``, as this kind has them."""
    own = [length if axis in NORMALIZATIONS[kind].learned else 1 for axis, length in enumerate(shape)]
    return normal(*own, seed=1), normal(*own, seed=2)


def torch_graph(x, gamma, beta, epsilon, axes):
    """The same graph, line by line, in torch: what autograd finds for each value is the truth for ``backward``."""
    x, gamma, beta = (torch.tensor(each, requires_grad=True) for each in (x, gamma, beta))
    mu = x.mean(axes, keepdim=True)
    centred = x - mu
    squares = centred**2
    var = squares.mean(axes, keepdim=True)
    sigma = (var + epsilon).sqrt()
    inverse = 1 / sigma
    x_hat = centred * inverse
    scaled = gamma * x_hat
    y = scaled + beta
    found = {name: value for name, value in locals().items() if name in NAMES}
    for name in VALUES:
        found[name].retain_grad()
    return found


@pytest.mark.parametrize("kind", NORMALIZATIONS)
@pytest.mark.parametrize("epsilon", [EPSILON, 0.5])
def test_every_value_and_every_gradient_is_autograds(kind, epsilon):
    axes, x, dy = NORMALIZATIONS[kind].axes, normal(N, C, L), normal(N, C, L, seed=3)
    gamma, beta = parameters(kind, x.shape)
    ours = forward(x, gamma, beta, epsilon=epsilon, axes=axes)
    theirs = torch_graph(x, gamma, beta, epsilon, axes)
    theirs["y"].backward(torch.tensor(dy))
    gradients = ours.backward(dy)
    for name in NAMES:
        np.testing.assert_allclose(getattr(ours, name), theirs[name].detach(), rtol=1e-12, err_msg=name)
        np.testing.assert_allclose(
            getattr(gradients, name), theirs[name].grad, rtol=1e-9, atol=1e-13, err_msg=f"dL/d {name}"
        )


def torch_own(kind, x, gamma, beta):
    match kind:
        case "batch":
            return functional.batch_norm(x, None, None, gamma.flatten(), beta.flatten(), training=True, eps=EPSILON)
        case "layer":
            return functional.layer_norm(x, x.shape[1:], gamma[0], beta[0], EPSILON)
        case "instance":
            return functional.instance_norm(x, None, None, gamma.flatten(), beta.flatten(), eps=EPSILON)
    raise AssertionError(kind)


@pytest.mark.parametrize("kind", NORMALIZATIONS)
def test_it_is_what_torch_calls_by_that_name(kind):
    x, dy = normal(N, C, L), normal(N, C, L, seed=3)
    gamma, beta = parameters(kind, x.shape)
    graph = forward(x, gamma, beta, axes=NORMALIZATIONS[kind].axes)
    inputs = [torch.tensor(each, requires_grad=True) for each in (x, gamma, beta)]
    y = torch_own(kind, *inputs)
    np.testing.assert_allclose(graph.y, y.detach(), rtol=1e-12)
    gradients = graph.backward(dy)
    for own, expected in zip(["x", "gamma", "beta"], torch.autograd.grad(y, inputs, torch.tensor(dy)), strict=True):
        np.testing.assert_allclose(getattr(gradients, own), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["x", "gamma", "beta"])
def test_the_gradients_are_the_finite_differences(name):
    values = {"x": normal(5, 2), "gamma": normal(1, 2, seed=1), "beta": normal(1, 2, seed=2)}
    dy, step = normal(5, 2, seed=3), 1e-5
    gradient = getattr(forward(**values).backward(dy), name)
    for place in np.ndindex(values[name].shape):
        losses = []
        for sign in (1, -1):
            moved = {key: value.copy() for key, value in values.items()}
            moved[name][place] += sign * step
            losses.append((forward(**moved).y * dy).sum())
        assert gradient[place] == pytest.approx((losses[0] - losses[1]) / (2 * step), rel=1e-6, abs=1e-9)


def test_an_example_by_hand():
    """x = (3, -1), gamma 2, beta 1: mean 1, variance 4, x_hat = (1, -1), y = (3, -1)."""
    graph = forward([[3.0], [-1.0]], 2.0, 1.0, epsilon=0.0)
    assert graph.mu == 1
    assert graph.var == 4
    assert graph.inverse == 0.5
    assert graph.x_hat.tolist() == [[1], [-1]]
    assert graph.y.tolist() == [[3], [-1]]
    gradients = graph.backward([[1.0], [0.0]])
    assert gradients.beta == 1
    assert gradients.gamma == 1
    assert gradients.x_hat.tolist() == [[2], [0]]
    assert gradients.inverse == 4  # 2 * (3 - 1)
    assert gradients.var == -0.25  # -4 * 0.5^2 * 0.5 * 0.5
    assert gradients.x.tolist() == [[0], [0]]  # two examples always end at 1 and -1: nothing that x does matters


def test_nothing_flows_back_along_a_shift_or_a_scaling_of_the_batch():
    graph = forward(normal(50, 4), epsilon=0.0)
    dx = graph.backward(normal(50, 4, seed=3)).x
    np.testing.assert_allclose(dx.sum(0), 0, atol=1e-13)
    np.testing.assert_allclose((dx * graph.x_hat).sum(0), 0, atol=1e-12)


def test_the_short_form_is_the_graphs():
    x, dy = normal(16, 5).astype(np.float32), normal(16, 5, seed=3).astype(np.float32)
    short, graph = normalize(x), forward(x)
    np.testing.assert_allclose(short.values, graph.y, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(short.backward(dy), graph.backward(dy).x, rtol=1e-4, atol=1e-6)
    assert graph.y.dtype == graph.backward(dy).x.dtype == np.float32


def test_gamma_and_beta_recover_the_identity():
    x = normal(32, 4)
    gamma, beta = np.sqrt(x.var(0, keepdims=True) + EPSILON), x.mean(0, keepdims=True)
    np.testing.assert_allclose(forward(x, gamma, beta).y, x, rtol=1e-12)


def test_a_constant_feature_becomes_beta():
    graph = forward(np.full((4, 1), 7.0), 3.0, 2.0)
    assert graph.y.tolist() == [[2.0]] * 4
    assert np.isfinite(graph.backward(np.arange(4.0)[:, None]).x).all()


def test_what_cannot_be_normalized_is_refused_in_one_line():
    with pytest.raises(InvalidSetting, match=r"over 1 value .* at least 2"):
        forward(normal(1, 5))
    with pytest.raises(InvalidSetting, match="at least 2"):
        forward(normal(8, 5, 1), axes=NORMALIZATIONS["instance"].axes)
    with pytest.raises(InvalidSetting, match=r"epsilon = 0 .* constant"):
        forward(np.ones((4, 2)), epsilon=0.0)


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_running_statistics_and_test_mode_are_torchs(share):
    layer = torch.nn.BatchNorm1d(C, momentum=share, dtype=torch.float64)
    batches = normal(20, N, C)
    for batch in batches:
        layer(torch.tensor(batch))
    mean = running_average(np.zeros(C), batches.mean(1), share)
    var = running_average(np.ones(C), batches.var(1, ddof=1), share)
    assert mean.shape == (21, C)
    np.testing.assert_allclose(mean[-1], layer.running_mean, rtol=1e-12)
    np.testing.assert_allclose(var[-1], layer.running_var, rtol=1e-12)
    layer.eval()
    x = normal(5, C, seed=9)
    np.testing.assert_allclose(at_test_time(x, mean[-1], var[-1]), layer(torch.tensor(x)).detach(), rtol=1e-12)
