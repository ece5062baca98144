"""Convolutions and pooling against nn.Conv2d, nn.MaxPool2d and autograd, member by member."""

import pytest
import torch
from torch import nn

from trainingwheels.engine.training.convolution import Convolution, Flatten, MaxPool

K, OUT, BATCH = 4, 5, 6


def normal(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def as_torch(x, channels, height, width):
    """(batch, channels, height, width) from what a member has, (channels, height width batch) in any shape."""
    return x.reshape(channels, height, width, -1).permute(3, 0, 1, 2)


def as_ours(x):
    """(channels, height width batch)."""
    return x.permute(1, 2, 3, 0).reshape(x.shape[1], -1)


def plain_convolutions(W, b, picture, kernel):
    for member, filters in enumerate(W):
        module = nn.Conv2d(picture[0], OUT, kernel, padding=(kernel[0] // 2, kernel[1] // 2), dtype=torch.float64)
        with torch.no_grad():
            module.weight.copy_(filters.view(OUT, picture[0], *kernel))
            module.bias.copy_(b[member])
        yield module


PICTURES = [((3, 5, 4), (3, 3)), ((2, 4, 4), (1, 1)), ((2, 1, 9), (1, 5)), ((1, 3, 3), (9, 9)), ((2, 6, 7), (5, 3))]


@pytest.mark.parametrize(("picture", "kernel"), PICTURES)
def test_convolution(picture, kernel):
    channels, pixels = picture[0], picture[1] * picture[2]
    x, d = normal(K, channels, pixels * BATCH), normal(K, OUT, pixels * BATCH, seed=1)
    W, b = normal(K, OUT, channels * kernel[0] * kernel[1], seed=2), normal(K, OUT, seed=3)
    dW, db = torch.empty_like(W), torch.empty_like(b)
    layer = Convolution(W, dW, b, db, picture, kernel)
    for _ in range(2):  # the second finds memory that was used before
        y, dx = layer.forward(x, True), layer.backward(d.clone())
    for member, module in enumerate(plain_convolutions(W, b, picture, kernel)):
        theirs = as_torch(x[member], *picture).requires_grad_()
        made = module(theirs)
        torch.testing.assert_close(y[member], as_ours(made))
        made.backward(as_torch(d[member], OUT, *picture[1:]))
        torch.testing.assert_close(dx[member], as_ours(theirs.grad))
        torch.testing.assert_close(dW[member], module.weight.grad.flatten(1))
        torch.testing.assert_close(db[member], module.bias.grad)


@pytest.mark.parametrize("blocks", [1, 2, 4])
def test_the_first_convolution_shares_pictures_within_a_block(blocks):
    picture, kernel = (3, 5, 4), (3, 3)
    rows = normal(blocks, BATCH, 60)  # a batch as it is gathered, one example after the other
    W, b, d = normal(K, OUT, 27, seed=2), normal(K, OUT, seed=3), normal(K, OUT, 20 * BATCH, seed=1)
    dW, db = torch.empty_like(W), torch.empty_like(b)
    layer = Convolution(W, dW, b, db, picture, kernel, first=True)
    y = layer.forward(rows.mT, True)
    assert layer.backward(d.clone()) is None
    for member, module in enumerate(plain_convolutions(W, b, picture, kernel)):
        made = module(rows[member * blocks // K].view(BATCH, *picture))
        torch.testing.assert_close(y[member], as_ours(made))
        made.backward(as_torch(d[member], OUT, *picture[1:]))
        torch.testing.assert_close(dW[member], module.weight.grad.flatten(1))


@pytest.mark.parametrize(("size", "pool"), [((4, 6), (2, 2)), ((5, 7), (2, 3)), ((1, 9), (1, 2)), ((3, 3), (3, 3))])
def test_pooling_also_of_equal_pixels_and_of_what_is_left_over(size, pool):
    pixels = size[0] * size[1]
    x = normal(K, OUT, pixels * BATCH).mul_(2).round_()  # many are equal
    layer = MaxPool(size, pool)
    y = layer.forward(x, True)
    d = normal(*y.shape, seed=1)
    dx = layer.backward(d.clone())
    for member in range(K):
        theirs = as_torch(x[member], OUT, *size).requires_grad_()
        made = nn.functional.max_pool2d(theirs, pool)
        torch.testing.assert_close(y[member], as_ours(made))
        made.backward(as_torch(d[member], OUT, size[0] // pool[0], size[1] // pool[1]))
        torch.testing.assert_close(dx[member], as_ours(theirs.grad))


def test_flatten_keeps_the_batch_apart_and_goes_back():
    x = normal(K, 3, 4 * BATCH)
    layer = Flatten(12)
    y = layer.forward(x, True)
    for member in range(K):
        torch.testing.assert_close(y[member].T, as_torch(x[member], 3, 2, 2).flatten(1))
    torch.testing.assert_close(layer.backward(y), x)
