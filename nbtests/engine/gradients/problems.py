"""Functions and gradients as people write them for the lecture's assignments, to be checked and to be spoiled."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def svm(seed, examples=60, pixels=120, classes=10, reg=5e-3):
    """The lecture's SVM loss on pixels, its mean taken off, at small random weights; and its gradient."""
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 256, (examples, pixels)).astype(float)
    X -= X.mean(0)
    y = rng.integers(classes, size=examples)
    W = 1e-4 * rng.standard_normal((pixels, classes))
    rows = np.arange(examples)

    def loss(W):
        scores = X @ W
        margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
        margins[rows, y] = 0
        return margins.sum() / examples + reg * (W**2).sum()

    def gradient(W):
        scores = X @ W
        d = (scores - scores[rows, y][:, None] + 1 > 0).astype(float)
        d[rows, y] = 0
        d[rows, y] = -d.sum(1)
        return X.T @ d / examples + 2 * reg * W

    return loss, W, gradient


def two_layers(seed, examples=128, inputs=10, hidden=20, classes=5, reg=0.05):
    """The lecture's two-layer net with ReLU, softmax and regularization; and its gradient."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((examples, inputs))
    y = rng.integers(classes, size=examples)
    rows = np.arange(examples)
    parameters = {
        "W1": 0.5 * rng.standard_normal((inputs, hidden)),
        "b1": np.zeros(hidden),
        "W2": 0.5 * rng.standard_normal((hidden, classes)),
        "b2": np.zeros(classes),
    }

    def loss(p):
        scores = np.maximum(0, X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        scores -= scores.max(1, keepdims=True)
        data = (np.log(np.exp(scores).sum(1)) - scores[rows, y]).mean()
        return data + reg * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())

    def gradient(p, penalty=2 * reg, masked=True):
        z = X @ p["W1"] + p["b1"]
        h = np.maximum(0, z)
        scores = h @ p["W2"] + p["b2"]
        d = np.exp(scores - scores.max(1, keepdims=True))
        d /= d.sum(1, keepdims=True)
        d[rows, y] -= 1
        d /= examples
        dh = d @ p["W2"].T
        if masked:
            dh = dh * (z > 0)
        return {"W1": X.T @ dh + penalty * p["W1"], "b1": dh.sum(0), "W2": h.T @ d + penalty * p["W2"], "b2": d.sum(0)}

    return loss, parameters, gradient


def relu_net(seed, batch=512):
    """A net, a batch and a loss."""
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(8, 24), nn.ReLU(), nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, 4))
    return net, (torch.randn(batch, 8), torch.randint(4, (batch,))), functional.cross_entropy


def cnn(seed):
    """The same for a small convolutional net with max-pool."""
    torch.manual_seed(seed)
    net = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3, padding=1), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(24, 5),
    )  # fmt: skip
    return net, (torch.randn(32, 1, 8, 8), torch.randint(5, (32,))), functional.cross_entropy
