"""Which layers a probe looks at."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - what everybody calls it

from nbtests.engine.probing.modules import noise
from trainingwheels.engine.probing.probes import Probe


class Swish(nn.Module):
    """A library's own."""

    def forward(self, x):
        return x * torch.sigmoid(x)


class Doubled(nn.Module):
    """No nonlinearity, though it looks like one."""

    def forward(self, x):
        return 2 * x


class Centred(nn.Module):
    """Nonlinear, but not of each number by itself."""

    def forward(self, x):
        return (x - x.mean()).tanh()


class MyReLU(nn.ReLU):
    pass


class FixedNoise(nn.Module):
    """It draws its noise once, in the shape of the first input that it meets."""

    noise = None

    def forward(self, x):
        if self.noise is None:
            self.noise = torch.randn(x.shape)
        return x + self.noise


class Mixed(nn.Module):
    """Functional nonlinearities and one lone part."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c, self.gate = nn.Linear(4, 8), nn.Linear(8, 8), nn.Linear(8, 2), nn.Sigmoid()

    def forward(self, x):
        return self.gate(self.c(F.relu(self.b(F.relu(self.a(x))))))


class Residual(nn.Module):
    """Two paths into one functional nonlinearity."""

    def __init__(self):
        super().__init__()
        self.left, self.right, self.act, self.out = nn.Linear(4, 4), nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4)
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        return self.head(F.gelu(x + self.left(self.act(self.out(x))) + self.right(x).relu()))


class ByHand(nn.Module):
    """None of its parts is called."""

    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(4, 4), nn.Linear(4, 2)

    def forward(self, x):
        return F.linear(F.relu(F.linear(x, self.one.weight)), self.two.weight)


class Cell(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.one, self.act, self.two = nn.GRU(4, 6), nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 2)

    def forward(self, x):
        return self.two(self.act(self.one(self.rnn(x)[0])))


class Straight(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.sign()

    @staticmethod
    def backward(ctx, d):
        return d


class Unknown(nn.Module):
    """What the nonlinearity is, nobody can tell: then the layers before the lone one that is known are shown."""

    def __init__(self):
        super().__init__()
        self.one, self.two, self.three, self.act = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4), nn.Tanh()

    def forward(self, x):
        return self.act(self.three(Straight.apply(self.two(Straight.apply(self.one(x))))))


def stack(activation):
    return nn.Sequential(nn.Linear(4, 6), activation, nn.Linear(6, 6), activation, nn.Linear(6, 2))


@pytest.mark.parametrize(
    ("module", "shown", "left_out"),
    [
        (stack(nn.ReLU()), ["1", "1 (2)"], ["Linear 4"]),
        (stack(Swish()), ["1", "1 (2)"], ["Linear 4"]),
        (stack(MyReLU()), ["1", "1 (2)"], ["Linear 4"]),
        (stack(Doubled()), ["0", "2", "4"], []),
        (stack(Centred()), ["0", "2", "4"], []),
        (stack(nn.Softmax(-1)), ["0", "2", "4"], []),
        (nn.Sequential(nn.Linear(4, 6), FixedNoise(), nn.ReLU()), ["2"], []),
        (Mixed(), ["a", "b", "gate"], []),
        (Residual(), ["act", "left", "right"], ["head"]),
        (Cell(), ["rnn", "act"], ["two"]),
        (Unknown(), ["one", "two", "act"], []),
        (nn.TransformerEncoderLayer(4, 2, 8), ["linear1", "linear2"], ["self_attn"]),
        (nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2)), ["1"], ["Linear 2"]),
        (nn.Sequential(nn.Flatten(1)), ["0"], []),
        (ByHand(), ["ByHand"], []),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Module) else None,
)
def test_what_is_shown_and_what_is_left_out(module, shown, left_out):
    read = Probe(module, noise(5, 3, 4)).read()
    assert [one.name for one in read] == shown
    assert list(read.left_out) == left_out


@pytest.mark.parametrize(
    "function", [F.relu, F.gelu, F.silu, F.elu, F.selu, F.celu, F.leaky_relu, F.hardswish, F.mish, F.softplus, F.relu6,
                 torch.tanh, torch.sigmoid, F.logsigmoid, F.hardtanh, lambda h: h.clamp(min=0), F.relu_],
)  # fmt: skip
def test_functions_that_are_nonlinear_are_known(function):
    class Net(Mixed):
        def forward(self, x):
            return self.gate(self.c(function(self.b(function(self.a(x))))))

    assert [one.name for one in Probe(Net(), noise(5, 4)).read()] == ["a", "b", "gate"]


def test_vectors_of_length_one_are_no_nonlinearity():
    class Embeds(Mixed):
        def forward(self, x):
            return F.normalize(self.c(F.relu(self.b(self.gate(self.a(x))))), dim=-1)

    read = Probe(Embeds(), noise(5, 4)).read()
    assert [one.name for one in read] == ["gate", "b"]
    assert read.left_out == ("c",)


def test_frozen_layers_are_chosen_as_others_are():
    net = Mixed()
    net.a.requires_grad_(False)
    assert [one.name for one in Probe(net, noise(5, 4)).read()] == ["a", "b", "gate"]


def test_layers_are_chosen_again_when_the_module_is_rebuilt():
    net = stack(nn.ReLU())
    probe = Probe(net, noise(5, 4))
    net[1] = net[3] = nn.Tanh()
    assert [one.kind for one in probe.read()] == ["Tanh", "Tanh"]
    net[3] = nn.Sequential(nn.Linear(6, 6), nn.SiLU())
    assert [one.name for one in probe.read()] == ["1", "3.1"]
    net[4] = nn.Identity()
    assert probe.read().left_out == ("Linear 2",)
