"""Where the units lie in what a layer makes, and which of several outputs tells of it."""

import pytest
import torch
from torch import nn

from nbtests.engine.probing.architectures import SqueezeExcitation
from nbtests.engine.probing.modules import noise, records
from trainingwheels.engine.probing.probes import Probe


class View(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.view(len(x), *self.shape)


class Scale(nn.Module):
    """One number per channel, in the shape in which it multiplies."""

    def __init__(self):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(8, 1, 1))

    def forward(self, x):
        return x * self.gamma


class Transpose(nn.Module):
    def forward(self, x):
        return x.transpose(1, 2)


class OwnConvolution(nn.Module):
    """Not torch's, but of the same kind."""

    def __init__(self):
        super().__init__()
        self.weight, self.bias = nn.Parameter(0.1 * noise(8, 3, 3, 3)), nn.Parameter(torch.zeros(8))

    def forward(self, x):
        return nn.functional.conv2d(x, self.weight, self.bias)


def half_dead(layer):
    """Half of the units of ``layer`` are off, whatever comes, and the others are not."""
    with torch.no_grad():
        layer.bias.copy_(torch.tensor([-100.0] * 4 + [3.0] * 4))
    return layer


IMAGES = noise(9, 3, 6, 6)
WEIGHT_NORM, SPECTRAL_NORM = nn.utils.parametrizations.weight_norm, nn.utils.parametrizations.spectral_norm


def conv():
    return half_dead(nn.Conv2d(3, 8, 3))


HALF_DEAD = {
    "convolution": ([conv()], IMAGES),
    "weight norm": ([WEIGHT_NORM(conv())], IMAGES),
    "spectral norm": ([SPECTRAL_NORM(conv())], IMAGES),
    "old weight norm": (lambda: [nn.utils.weight_norm(conv())], IMAGES),
    "old spectral norm": (lambda: [nn.utils.spectral_norm(conv())], IMAGES),
    "flatten": ([conv(), nn.Flatten()], IMAGES),
    "view": ([conv(), View(8, 16)], IMAGES),
    "pooling": ([conv(), nn.MaxPool2d(2)], IMAGES),
    "a norm over whole images": ([conv(), nn.LayerNorm([8, 4, 4])], IMAGES),
    "another": ([conv(), nn.RMSNorm([8, 4, 4])], IMAGES),
    "a scale per channel": ([conv(), Scale()], IMAGES),
    "pooling and flatten": ([conv(), nn.AdaptiveAvgPool2d(1), nn.Flatten()], IMAGES),
    "dropout": ([conv(), nn.Dropout(0.1)], IMAGES),
    "squeeze and excitation": ([conv(), SqueezeExcitation(8)], IMAGES),
    "a convolution of one's own": ([half_dead(OwnConvolution())], IMAGES),
    "one image": ([conv()], noise(3, 6, 6)),
    "transposed": ([half_dead(nn.Conv1d(3, 8, 3)), Transpose()], noise(9, 3, 7)),
    "features": ([half_dead(nn.Linear(5, 8))], noise(9, 7, 5)),
    "features, transposed": ([half_dead(nn.Linear(5, 8)), Transpose()], noise(9, 7, 5)),
    "features as an image": ([half_dead(nn.Linear(5, 8)), View(2, 2, 2)], noise(9, 5)),
}


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
@pytest.mark.parametrize("name", HALF_DEAD)
def test_dead_units_are_those_of_the_layer_that_feeds_the_nonlinearity(name):
    before, batch = HALF_DEAD[name]
    before = before() if callable(before) else before
    layers = records(Probe(nn.Sequential(*before, nn.ReLU()), batch))
    layer = layers[str(len(before))]
    assert layer.dead == 0.5
    assert layer.activations.shape[1] == 8
    assert layer.gradients.shape == layer.activations.shape


def test_a_parametrized_layer_shows_what_it_makes():
    net = nn.Sequential(WEIGHT_NORM(nn.Linear(3, 4)), SPECTRAL_NORM(nn.Linear(4, 2)))
    layers = records(Probe(net, noise(50, 3)))
    assert {name: layer.activations.shape for name, layer in layers.items()} == {"0": (50, 4), "1": (50, 2)}
    assert all(layer.weight_gradient_rms > 0 for layer in layers.values())


class Recurrent(nn.Module):
    """A head on one of the outputs of a recurrent layer."""

    def __init__(self, kind, through, packed=False):
        super().__init__()
        self.rnn, self.head = kind(4, 6, batch_first=True), nn.Linear(6, 2)
        self.through, self.packed = through, packed

    def forward(self, x):
        if self.packed:
            x = nn.utils.rnn.pack_padded_sequence(x, torch.tensor([5, 3, 1]), batch_first=True)
        y, h = self.rnn(x)
        h = h if isinstance(h, tuple) else (h, h)
        return self.head({"y": lambda: y[:, -1], "h": lambda: h[0][-1], "c": lambda: h[1][-1]}[self.through]())


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("kind", "through"), [(nn.LSTM, "h"), (nn.LSTM, "c"), (nn.GRU, "h"), (nn.RNN, "h")])
def test_a_gradient_comes_back_through_any_output(kind, through, packed):
    torch.manual_seed(0)
    net = Recurrent(kind, through, packed)
    layer = records(Probe(net, noise(3, 5, 4), loss=lambda out: out.sum()))["rnn"]
    assert layer.activations.shape == layer.gradients.shape == (3, 6)
    assert layer.gradients == pytest.approx(net.head.weight.sum(0).detach().expand(3, 6).numpy())


def test_the_first_output_through_which_a_gradient_comes_tells_of_the_layer():
    layer = records(Probe(Recurrent(nn.LSTM, "y"), noise(3, 5, 4)))["rnn"]
    assert layer.activations.shape == (15, 6)
    assert layer.gradient_zeros == pytest.approx(0.8), "only the last of five steps goes on"
