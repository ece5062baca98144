"""All sorts of torch modules to read with a probe."""

from collections import OrderedDict
from functools import partial

import torch
from torch import nn
from torch.nn.functional import relu_


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


def records(probe):
    return {one.name: one.layer for one in probe.read()}
