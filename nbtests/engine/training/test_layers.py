"""Each layer's backward against autograd, and the gradient of a whole step against finite differences."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from trainingwheels.engine import ACTIVATIONS, LOSSES, RunConfig
from trainingwheels.engine.training.layers import Activation, Linear
from trainingwheels.engine.training.nonlinear import NONLINEARITIES
from trainingwheels.engine.training.nonlinear import by_autograd as autograd_of
from trainingwheels.engine.training.normalization import BatchNorm, FusedBatchNorm
from trainingwheels.engine.training.population import Population

K, UNITS, BATCH = 3, 5, 8


def normal(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def by_autograd(function, d, *inputs):
    inputs = [each.clone().requires_grad_() for each in inputs]
    return torch.autograd.grad(function(*inputs), inputs, d)


def test_linear():
    x, W, b, d = normal(K, 4, BATCH), normal(K, UNITS, 4), normal(K, UNITS), normal(K, UNITS, BATCH)
    dW, db = torch.empty_like(W), torch.empty_like(b)
    layer = Linear(W, dW, b, db)
    torch.testing.assert_close(layer.forward(x, True), W @ x + b[..., None])
    expected = by_autograd(lambda x, W, b: W @ x + b[..., None], d, x, W, b)
    torch.testing.assert_close((layer.backward(d), dW, db), expected)


@pytest.mark.parametrize("blocks", [1, 2, 4])
def test_the_first_linear_layer_shares_inputs_within_a_block(blocks):
    rows, W, d = normal(blocks, BATCH, 6), normal(4, UNITS, 6), normal(4, UNITS, BATCH)
    x = rows.transpose(1, 2)
    dW = torch.empty_like(W)
    layer = Linear(W, dW, None, None, first=True)
    seen = x.repeat_interleave(4 // blocks, 0)
    torch.testing.assert_close(layer.forward(x, True), W @ seen)
    assert layer.backward(d) is None
    torch.testing.assert_close(dW, by_autograd(lambda W: W @ seen, d, W)[0])


def test_the_first_linear_layer_of_a_small_net_alone_sees_new_inputs_in_each_step():
    W = normal(1, UNITS, 6)
    layer = Linear(W, torch.empty_like(W), None, None, first=True)
    for step in range(3):
        x, d = normal(1, 6, BATCH, seed=step), normal(1, UNITS, BATCH, seed=step + 9)
        torch.testing.assert_close(layer.forward(x, True), W @ x)
        layer.forward(normal(1, 6, 3), False)  # an evaluation, which changes nothing of what backward needs
        assert layer.backward(d) is None
        torch.testing.assert_close(layer.dW, d @ x.mT)


def batchnorm(kind):
    parameters = normal(K, UNITS, seed=1), normal(K, UNITS, seed=2)
    gradients = torch.empty(K, UNITS, dtype=torch.float64), torch.empty(K, UNITS, dtype=torch.float64)
    running = torch.zeros(K, UNITS, dtype=torch.float64), torch.ones(K, UNITS, dtype=torch.float64)
    layer = kind(parameters[0], gradients[0], parameters[1], gradients[1], *running)
    return layer, parameters, gradients, running


def torch_batchnorm(x, gamma, beta, running=None, train=True):
    """torch's own, on (batch, members x units)."""
    columns = x.permute(2, 0, 1).reshape(BATCH, -1)
    running = [each.view(-1) for each in running] if running else [None, None]
    y = torch.nn.functional.batch_norm(columns, *running, gamma.reshape(-1), beta.reshape(-1), train)
    return y.view(BATCH, K, UNITS).permute(1, 2, 0)


@pytest.mark.parametrize("kind", [BatchNorm, FusedBatchNorm])
def test_batchnorm_and_its_running_averages(kind):
    layer, (gamma, beta), gradients, running = batchnorm(kind)
    theirs = [each.clone() for each in running]
    x, d = 3 + 2 * normal(K, UNITS, BATCH, seed=3), normal(K, UNITS, BATCH, seed=4)
    torch.testing.assert_close(layer.forward(x.clone(), True), torch_batchnorm(x, gamma, beta, theirs))
    layer.running.settle()
    torch.testing.assert_close(running, tuple(theirs))
    dx, dgamma, dbeta = by_autograd(torch_batchnorm, d, x, gamma, beta)
    torch.testing.assert_close((layer.backward(d.clone()), *gradients), (dx, dgamma, dbeta))
    evaluated = torch_batchnorm(x, gamma, beta, running, train=False)
    torch.testing.assert_close(layer.forward(x.clone(), False), evaluated)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation(name):
    """Against autograd of torch's formula, and the values against the table's NumPy."""
    f, pieces = NONLINEARITIES[name], ACTIVATIONS[name].pieces
    x, d = 2 * normal(K, pieces * UNITS, BATCH), normal(K, UNITS, BATCH, seed=1)
    layer = Activation(f)
    y = layer.forward(x.clone(), True)
    units_last = x.transpose(1, 2).numpy()
    np.testing.assert_allclose(y.transpose(1, 2), ACTIVATIONS[name].value(units_last), rtol=1e-6, atol=1e-8)
    slopes = ACTIVATIONS[name].derivative(units_last)
    expected = np.concatenate([d.transpose(1, 2).numpy()] * pieces, axis=2) * slopes
    np.testing.assert_allclose(layer.backward(d.clone()).transpose(1, 2), expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", LOSSES)
def test_loss(name):
    blocks, members, classes = 2, 3, 4
    scores = normal(blocks, members, classes, BATCH)
    labels = torch.arange(blocks * BATCH).view(blocks, BATCH) % classes
    onehot = torch.nn.functional.one_hot(labels, classes).to(scores.dtype).transpose(1, 2)[:, None].contiguous()
    flat = scores.permute(1, 0, 3, 2)  # (members, blocks, batch, classes)

    def plain(flat):
        if name == "softmax":
            log_p = flat.log_softmax(3)
            return -log_p.gather(3, labels[None, :, :, None].expand(members, -1, -1, 1))[..., 0].mean(2)
        true = flat.gather(3, labels[None, :, :, None].expand(members, -1, -1, 1))
        return ((flat - true + 1).clamp(min=0).sum(3) - 1).mean(2)

    out = scores.new_empty(blocks, members)
    target = LOSSES[name].target(onehot)
    kept = LOSSES[name].forward(scores, target, out)
    torch.testing.assert_close(out, plain(flat).T)
    d = LOSSES[name].backward(kept, target)
    (expected,) = by_autograd(lambda flat: plain(flat).sum(), torch.ones((), dtype=scores.dtype), flat)
    torch.testing.assert_close(d, expected.permute(1, 0, 3, 2))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("activation", "batchnorm"), [("tanh", False), ("silu", True), ("maxout", False)])
def test_the_gradient_of_a_whole_step_against_finite_differences(activation, batchnorm, loss):
    assert_slopes(RunConfig(hidden=(6, 5), activation=activation, batchnorm=batchnorm, loss=loss))


@pytest.mark.parametrize("dataset", ["digits", "mnist1d"])
def test_the_gradient_of_a_whole_step_with_convolutions(dataset):
    noises = {"dropout": 0.2, "dropconnect": 0.2, "input_noise": 0.2}
    base = RunConfig(dataset=dataset, conv=(3, 4), hidden=(5,), activation="tanh", batchnorm=dataset == "digits")
    assert_slopes(base, noises, features=64 if dataset == "digits" else 40)


@pytest.mark.parametrize("batchnorm", [False, True])
def test_the_gradient_of_a_whole_step_with_everything_random_but_fixed(batchnorm):
    noises = {"dropout": 0.2, "dropconnect": 0.2, "stochastic_depth": 0.4, "input_noise": 0.2}
    noises |= {"mixup": 0.4, "cutmix": 0.5, "label_smoothing": 0.1, "cutout": 3}
    base = RunConfig(hidden=(6, 6, 5, 5), residual=True, activation="tanh", batchnorm=batchnorm)
    assert_slopes(base, noises, features=64)


def assert_slopes(base, noises=None, features=4):
    """In every direction of a random unit vector: (L(w + h v) - L(w - h v)) / 2h = g v, for each member.

    The second of three members has the ``noises``, the third half of them.
    """
    halves = {name: value // 2 if isinstance(value, int) else value / 2 for name, value in (noises or {}).items()}
    penalties = ((0.0, 0.0), (0.01, 0.0), (0.003, 0.02))
    configs = [
        replace(base, l1=l1, l2=l2, lr=0.0, **noise)
        for (l1, l2), noise in zip(penalties, ({}, noises or {}, halves), strict=True)
    ]
    population = Population(configs, features, 3, 100, torch.device("cpu"), torch.float64)
    x = normal(1, BATCH, features).transpose(1, 2)
    onehot = torch.nn.functional.one_hot(torch.arange(BATCH) % 3, 3).double().T[None, None].contiguous()
    target = population.loss.target(onehot)
    net, disturbing = population.net, population.disturbances.all.values()
    masks = net.noise.units, net.noise.weights, net.noise.blocks
    noise = [each.uniforms for each in masks] + [each.few for each in disturbing] + [each.many for each in disturbing]

    def losses():
        for each in noise:
            vars(each).pop("generators", None)  # from the beginning again
        for each in disturbing:
            each.ahead.clear()
        for each in masks:
            each.left.clear()
        out = x.new_empty(1, 3)
        population.step(x, target, out)  # with a learning rate of 0 it moves nothing
        total = out[0].clone()
        for k, config in enumerate(configs):
            for name in population.parameters.shapes:
                if name.startswith("W"):
                    W = population.parameters[name][k]
                    total[k] += config.l2 * (W**2).sum() + config.l1 * W.abs().sum()
        return total

    losses()
    gradients = {name: population.gradients[name].clone() for name in population.gradients.shapes}
    for name, gradient in gradients.items():
        v = normal(*gradient.shape, seed=len(name))
        w, h = population.parameters[name].clone(), 1e-6
        population.parameters[name].copy_(w + h * v)
        above = losses()
        population.parameters[name].copy_(w - h * v)
        below = losses()
        population.parameters[name].copy_(w)
        slope = (gradient * v).flatten(1).sum(1)
        torch.testing.assert_close((above - below) / (2 * h), slope, rtol=2e-5, atol=2e-7)


NOISES = {"dropout": 0.1, "dropconnect": 0.1, "stochastic_depth": 0.5, "cutout": 3, "input_noise": 0.2}
SOFT = {"mixup": 0.4, "cutmix": 0.5, "label_smoothing": 0.1}  # labels that the hinge loss does not take


@pytest.mark.parametrize("conv", [(), (6, 8)])
@pytest.mark.parametrize("batchnorm", [False, True])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_full_training_step_with_everything_on_runs_on_the_meta_device(batchnorm, loss, conv):
    """It holds no numbers: a tensor on another device, or a step that waits for a value, is an error."""
    meta = torch.device("meta")
    noises = NOISES | (SOFT if loss == "softmax" else {})
    base = RunConfig(batchnorm=batchnorm, loss=loss, optimizer="adam", l1=1e-4, residual=True, conv=conv)
    configs = [
        replace(base, lr=lr, l2=lr, schedule=schedule, **noises if noisy else {})
        for lr, schedule, noisy in ((0.1, "cosine", True), (0.2, "step", False))
    ]
    population = Population(configs, 64, 10, 100, meta)
    net = population.net
    for mask in (*net.unit_masks, *net.weight_masks, *net.block_masks):  # torch has no generator for this device
        mask.masks.uniforms = lambda rows, columns: torch.empty(1, 1, rows, columns, device=meta)
    population.disturbances.all["input_noise"].many = lambda rows, columns: torch.empty(
        1, 1, rows, columns, device=meta
    )
    assert len(population.disturbances.active) == (5 if loss == "softmax" else 2)
    x, onehot, losses = (torch.empty(shape, device=meta) for shape in ((1, 64, 32), (1, 1, 10, 32), (1, 2)))
    with torch.inference_mode():
        for _ in range(2):
            population.step(x, population.loss.target(onehot), losses)
            assert population.batch_accuracy().is_meta
    assert population.parameters.flat.is_meta
    assert population.taken == 2


def test_maxouts_backward_is_autograds_also_where_its_pieces_are_equal():
    x, d = normal(3, 8, 5), normal(3, 4, 5, seed=1)
    x[:, 4:6] = x[:, :2]  # ties
    asked, own = autograd_of(lambda x: torch.maximum(*x.chunk(2, 1)), pieces=2), NONLINEARITIES["maxout"]
    out = torch.empty_like(d)
    torch.testing.assert_close(own.value(x, out), asked.value(x, torch.empty_like(out)))
    torch.testing.assert_close(own.backward(d.clone(), x, out), asked.backward(d.clone(), x, out))
