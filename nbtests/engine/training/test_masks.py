"""Dropout and DropConnect: means, pairing, and their backward with fixed noise against autograd."""

import pytest
import torch

from trainingwheels.engine.signals.noise import Role
from trainingwheels.engine.training import masks as masks_module
from trainingwheels.engine.training.layers import Linear
from trainingwheels.engine.training.masks import DropConnect, Dropout, Masks
from trainingwheels.engine.training.streams import DeviceNoise

RATES = [0.0, 0.5, 0.5, 0.8]


def uniforms(role=Role.DROPOUT):
    """Two blocks of seeds 1 and 2."""
    return DeviceNoise([1, 2], role, torch.device("cpu"), torch.float64)


def rates(values=RATES):
    return torch.tensor(values, dtype=torch.float64)[:, None, None]


def normal(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_dropout_keeps_the_mean_and_its_mask_goes_back():
    layer = Dropout(Masks(uniforms()))
    layer.masks.rates = rates()
    x = torch.ones(4, 100, 200, dtype=torch.float64)
    y = layer.forward(x, True).clone()
    error = (rates() / (1 - rates()) / 20_000).sqrt()[:, 0, 0]  # the standard error of each member's mean
    assert ((y.mean((1, 2)) - 1).abs() <= 5 * error).all()
    assert (y[0] == 1).all()
    torch.testing.assert_close(y[3].unique(), torch.tensor([0.0, 5.0], dtype=torch.float64))
    torch.testing.assert_close(layer.backward(torch.ones_like(x)), y)
    assert ((y[3] > 0) <= (y[2] > 0)).all()  # one seed: a larger rate drops the same units and more
    assert (layer.forward(x, False) == x).all()


@pytest.mark.parametrize("p", [0.2, 0.5])
def test_dropout_has_the_law_of_torchs(p):
    """The same two values, and the same share of zeros within five standard errors of the difference."""
    layer = Dropout(Masks(uniforms()))
    layer.masks.rates = rates([p, p])
    x = 1 + normal(2, 100, 200).abs()
    ours, theirs = layer.forward(x, True), torch.nn.functional.dropout(x, p)
    for y in (ours, theirs):
        torch.testing.assert_close(torch.where(y != 0, y * (1 - p), x), x)
    difference = (ours == 0).double().mean() - (theirs == 0).double().mean()
    assert abs(difference) < 5 * (2 * p * (1 - p) / x.numel()) ** 0.5


@pytest.mark.parametrize("columns", [8, 1500])
def test_masks_of_many_steps_are_made_of_the_numbers_that_each_step_would_have_drawn(columns, monkeypatch):
    monkeypatch.setattr(masks_module, "AHEAD_NUMBERS", 2**15)
    masks, one_by_one = Masks(uniforms()), uniforms()
    likes = [torch.empty(4, rows, columns, dtype=torch.float64) for rows in (3, 5)]
    p = rates()
    for step in range(60):
        p = rates(RATES[::-1]) if step == 20 else p  # which counts at once
        for place, like in enumerate(likes):
            noise = one_by_one(*like.shape[1:]).repeat_interleave(len(p) // 2, 1).flatten(0, 1)
            torch.testing.assert_close(masks(place, like, p), (noise >= p) / (1 - p), rtol=1e-12, atol=0)
        if step == 40:  # fewer members go on
            likes, p = [like[[0, 2]] for like in likes], rates()[[0, 2]]
    assert (masks.left[0] > 0) is (columns == 8)


def drop_connect(first, blocks=2):
    W, b = normal(4, 5, 6), normal(4, 5, seed=1)
    dW, db = torch.empty_like(W), torch.empty_like(b)
    layer = DropConnect(Linear(W, dW, b, db, first), Masks(uniforms(Role.DROPCONNECT)))
    layer.masks.rates = rates()
    x = normal(blocks if first else 4, 8, 6, seed=2).transpose(1, 2)
    return layer, x, W, b, dW, db


@pytest.mark.parametrize("first", [False, True])
def test_dropconnect_and_its_backward_with_fixed_noise(first):
    layer, x, W, b, dW, db = drop_connect(first)
    y, d = layer.forward(x, True), normal(4, 5, 8, seed=3)
    noise = uniforms(Role.DROPCONNECT)(5, 6).repeat_interleave(2, 1).flatten(0, 1)  # the same first numbers
    mask = (noise >= rates()) / (1 - rates())
    seen = (x.repeat_interleave(2, 0) if first else x).clone().requires_grad_()
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    expected = (W * mask) @ seen + b[..., None]
    torch.testing.assert_close(y, expected)
    dx = layer.backward(d)
    gradients = torch.autograd.grad(expected, (W, b, seen), d)
    torch.testing.assert_close((dW, db), gradients[:2])
    assert dx is None if first else torch.allclose(dx, gradients[2])


def test_dropconnect_drops_the_same_weights_and_more_and_none_in_evaluation():
    layer, x, W, b, *_ = drop_connect(first=False)
    layer.forward(x, True)
    thinned = layer.thinned.W
    assert (thinned[0] == W[0]).all()
    assert ((thinned[3] != 0) <= (thinned[2] != 0)).all()
    torch.testing.assert_close(layer.forward(x, False), W @ x + b[..., None])
    layer.masks.rates = None
    torch.testing.assert_close(layer.forward(x, True), W @ x + b[..., None])


def test_dropconnects_expectation_is_the_whole_layer():
    layer, x, W, b, *_ = drop_connect(first=False)
    draws = torch.stack([layer.forward(x, True).clone() for _ in range(3000)])
    error = draws.std(0) / 3000**0.5
    assert ((draws.mean(0) - (W @ x + b[..., None])).abs() <= 5 * error + 1e-12).all()
