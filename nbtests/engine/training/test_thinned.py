"""A trained net that is asked again gives what it gave, with units removed too; a mix is what its numbers say."""

import numpy as np
import pytest
import torch
from torch import nn

from trainingwheels.engine import InvalidSetting, RunConfig, train_steps, training_script
from trainingwheels.engine.training.thinned import mixed, trained_nets

CONFIG = RunConfig(dataset="blobs", hidden=(8, 6), epochs=3, dropout=0.3)
OTHER = RunConfig(dataset="blobs", hidden=(5,), epochs=3)
KINDS = {
    "convolutions": RunConfig(conv=(3, 4), hidden=(6,), train_size=64, epochs=1),
    "a sequence": RunConfig(dataset="mnist1d", conv=(3,), pool=3, hidden=(6,), train_size=64, epochs=1),
    "batchnorm": RunConfig(hidden=(6, 5), batchnorm=True, train_size=64, epochs=1),
    "maxout": RunConfig(hidden=(6,), activation="maxout", train_size=64, epochs=1),
}


def test_it_is_the_engines_net():
    *_, last = train_steps([CONFIG, OTHER], "cpu", snapshots=1)
    for place, net in enumerate(trained_nets(CONFIG, OTHER)):
        X = net.data.X_val
        expected = last.respond_of(place, X).probabilities
        np.testing.assert_allclose(net.probabilities(X), expected, rtol=1e-3, atol=1e-4)
        assert net.accuracy() == pytest.approx(last.histories[place].val_accuracy[-1], abs=1e-6)
    assert trained_nets(CONFIG)[0].keep == pytest.approx(0.7)


@pytest.mark.parametrize("name", KINDS)
def test_units_of_any_kind_of_layer_are_removed_as_torch_removes_them(name):
    """The script's net, with what each hidden layer hands on multiplied; several masks at once are each of them."""
    config, rng, names = KINDS[name], np.random.default_rng(0), {}
    (net,) = trained_nets(config)
    exec(training_script(config), names)
    torchs = names["net"].eval()
    X = net.data.X_val[:7]
    factors = [rng.integers(0, 3, (2, units)).astype(np.float32) for units in net.units]
    last = nn.MaxPool1d if name == "a sequence" else nn.MaxPool2d if config.conv else nn.Identity
    kind = type(torchs[1]) if name == "maxout" else nn.ReLU
    ends = [at for at, each in enumerate(torchs) if isinstance(each, last)]
    ends += [at for at, each in enumerate(torchs) if isinstance(each, kind)][len(config.conv) :]
    found = net.probabilities(X, factors)
    assert found.shape == (2, 7, 10)
    for mask in range(2):
        x = torch.tensor(X)
        with torch.no_grad():
            for at, layer in enumerate(torchs):
                x = layer(x)
                if at in ends:
                    x = x * torch.tensor(factors[ends.index(at)][mask]).view(1, *x.shape[1:])
        np.testing.assert_allclose(found[mask], x.softmax(1).numpy(), atol=1e-3)
        np.testing.assert_allclose(net.probabilities(X, [each[mask] for each in factors]), found[mask], atol=1e-6)
    np.testing.assert_allclose(net.probabilities(X), names["net"](torch.tensor(X)).softmax(1).detach(), atol=1e-3)


def test_factors_of_the_first_layers_leave_the_others_as_they_are():
    (net,) = trained_nets(CONFIG)
    X = net.data.X_val[:20]
    gone = net.probabilities(X, [np.zeros(8)])
    np.testing.assert_allclose(gone, np.broadcast_to(gone[:1], gone.shape), atol=1e-6)  # nothing of x is left
    both = net.probabilities(X, [[np.ones(8), np.zeros(8)]])
    np.testing.assert_allclose(both[0], net.probabilities(X), atol=1e-6)
    np.testing.assert_allclose(both[1], gone, atol=1e-6)


def test_features_are_what_the_output_layer_is_given():
    (net,) = trained_nets(KINDS["convolutions"])
    X = net.data.X_val[:9]
    W, b = net.weights[-1], net.net.parameters["b4"][0].numpy()
    e = np.exp(net.features(X) @ W.T + b)
    np.testing.assert_allclose(net.probabilities(X), e / e.sum(axis=1, keepdims=True), atol=1e-5)


def test_a_mix_has_the_numbers_in_its_shares():
    one, two = trained_nets(CONFIG, RunConfig(**{**CONFIG.to_dict(), "seed": 1}))
    both = mixed((one, two), (0.25, 0.75))
    for W, first, second in zip(both.weights, one.weights, two.weights, strict=True):
        np.testing.assert_allclose(W, 0.25 * first + 0.75 * second, atol=1e-6)
    (normalized,) = trained_nets(KINDS["batchnorm"])
    X = normalized.data.X_val[:9]
    same = mixed((normalized, normalized), (0.5, 0.5))
    np.testing.assert_allclose(same.probabilities(X), normalized.probabilities(X), atol=1e-6)


def test_residual_blocks_are_refused():
    with pytest.raises(InvalidSetting, match="choose residual = False"):
        trained_nets(RunConfig(dataset="blobs", hidden=(4, 4), residual=True))
