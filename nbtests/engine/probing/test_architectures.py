"""Behaviour: public architectures, what is shown of them, and that a reading leaves no trace."""

import copy

import numpy as np
import pytest
import torch

from nbtests.engine.probing.architectures import ARCHITECTURES, made
from nbtests.engine.probing.test_untouched import same, state
from trainingwheels.engine.probing.probes import Probe

SHOWN = {
    "ResNet": ["relu"] + [f"layer{i}.{j}.relu{k}" for i in (1, 2) for j in (0, 1) for k in ("", " (2)")],
    "VGG": ["features.1", "features.4", "features.7", "features.9", "classifier.1"],
    "DenseNet": ["layers.0.relu", "layers.1.relu", "layers.2.relu", "layers.2.conv"],
    "MobileNetV2 with SE": [f"{i}.conv.{part}" for i in (1, 2, 3) for part in ("2", "5", "6.fc.1", "6.fc.3")],
    "UNet": [f"{part}.double_conv.{i}" for part in ("inc", "down1.1", "conv_up1") for i in (2, 5)],
    "GPT": ["h.0.mlp.1", "h.1.mlp.1", "h.2.mlp.1"],
    "ViT": ["encoder.layers.0.linear1", "encoder.layers.1.linear1", "head.2"],
    "LSTM classifier": ["lstm", "head.1"],
    "VQ-VAE": ["encoder.1", "decoder.1"],
    "discriminator": ["main.1", "main.3"],
    "generator": ["main.1", "main.4", "main.6"],
    "MoCo": ["encoder_q.1", "encoder_k.1"],
    "WaveNet": [f"{i}.{part}" for i in (0, 1) for part in ("filter", "gate", "act")],
    "GRU cells": ["cell", *(f"cell ({i})" for i in range(2, 7)), "W", "v"],
}
"""Nonlinearities and recurrent layers in the order in which the pass comes to them, and layers before a function."""
UNITS = {
    "ResNet": 8,
    "VGG": 8,
    "DenseNet": 8,
    "MobileNetV2 with SE": 4 * 8,
    "UNet": 8,
    "GPT": 4 * 16,
    "ViT": 32,
    "LSTM classifier": 12,
    "VQ-VAE": 8,
    "discriminator": 8,
    "generator": 16,
    "MoCo": 16,
    "WaveNet": 8,
    "GRU cells": 8,
}
"""The width of the first of them: channels, or features of a token."""
pytestmark = pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")


@pytest.fixture(params=ARCHITECTURES)
def name(request):
    return request.param


def test_what_is_shown(name):
    net, batch = made(name)
    read = Probe(net, batch).read()
    assert [one.name for one in read] == SHOWN[name]
    assert read[0].layer.activations.shape[1] == UNITS[name]
    assert read.learns
    for one in read:
        assert np.isfinite(one.layer.std)
        assert (one.layer.gradients is None) == (one.name.startswith("encoder_k")), "of a key encoder, nobody asks"


@pytest.mark.parametrize("training", [True, False])
def test_it_is_as_it_was(name, training):
    net, batch = made(name)
    net.train(training)
    args = batch if isinstance(batch, tuple) else (batch,)
    net(*args)
    before, plain = state(net), attributes(net)
    Probe(net, batch).read()
    assert same(before, state(net))
    assert plain == attributes(net)


def attributes(net):
    """Who is in which place."""
    return [{key: id(value) for key, value in vars(part).items()} for part in net.modules()]


def test_it_goes_on_as_if_nobody_had_looked(name):
    """A module that is watched between its passes computes what its twin computes."""
    (watched, batch), (alone, _) = made(name), made(name)
    args = batch if isinstance(batch, tuple) else (batch,)
    probe = Probe(watched, batch)
    for _ in range(2):
        torch.manual_seed(1)
        seen = watched(*copy.deepcopy(args))
        probe.read()
        torch.manual_seed(1)
        unseen = alone(*copy.deepcopy(args))
        first, second = (vars(out) if hasattr(out, "logits") else out for out in (seen, unseen))
        assert same(first, second)
    assert same(watched.state_dict(), alone.state_dict())
