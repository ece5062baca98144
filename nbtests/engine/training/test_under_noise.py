"""A trained net that is asked with its noise on: what is random, what is not, and that nobody notices."""

import numpy as np
import pytest
import torch

from trainingwheels.engine import RunConfig, load_dataset, train_steps
from trainingwheels.engine.training.under_noise import noisy_probabilities

SMALL = RunConfig(hidden=(16, 16, 16), train_size=64, batch_size=16, epochs=4, lr=0.05)
X = load_dataset("digits").X_val[:20]


def asked(passes=64, **changes):
    """The snapshot of a trained net, and its probabilities in noisy passes."""
    settings = {**SMALL.to_dict(), **changes}
    *_, snapshot = train_steps([RunConfig.from_dict(settings)], "cpu", snapshots=2)
    return snapshot, noisy_probabilities(snapshot, 0, X, passes)


NOISES = {
    "dropout": {"dropout": 0.5},
    "dropconnect": {"dropconnect": 0.5},
    "stochastic depth": {"residual": True, "stochastic_depth": 0.5},
    "input noise": {"input_noise": 0.3},
    "cutout": {"cutout": 3},
    "batchnorm": {"batchnorm": True},
}


@pytest.mark.parametrize("name", NOISES)
def test_passes_differ_and_come_again(name):
    snapshot, noisy = asked(**NOISES[name])
    np.testing.assert_allclose(noisy.sum(axis=2), 1, rtol=1e-5)
    assert noisy.std(axis=0).max() > 0.01
    np.testing.assert_array_equal(noisy_probabilities(snapshot, 0, X, 64), noisy)


@pytest.mark.parametrize("other", [{}, {"mixup": 1.0}, {"cutmix": 1.0}, {"label_smoothing": 0.3}])
def test_without_noise_of_its_own_a_pass_is_the_tests(other):
    snapshot, noisy = asked(4, **other)
    single = snapshot.respond_of(0, X).probabilities
    np.testing.assert_allclose(noisy, np.broadcast_to(single, noisy.shape), atol=1e-6)


def test_batchnorm_has_the_statistics_of_a_batch_of_training():
    """Of all examples they are known: torch's layer makes the same of them."""
    snapshot, noisy = asked(3, batchnorm=True, hidden=(16,), batch_size=64)
    (frozen,) = snapshot.frozen
    p = {name: frozen.net.parameters[name][0] for name in ("W1", "gamma1", "beta1", "W2", "b2")}
    train = torch.tensor(load_dataset("digits", 64).X_train)
    layer = torch.nn.BatchNorm1d(16, momentum=1.0)
    layer(train @ p["W1"].T)
    h = torch.nn.functional.batch_norm(
        torch.tensor(X) @ p["W1"].T, layer.running_mean, layer.running_var, p["gamma1"], p["beta1"]
    )
    expected = (h.relu() @ p["W2"].T + p["b2"]).softmax(1)
    np.testing.assert_allclose(noisy, np.broadcast_to(expected.numpy(), noisy.shape), atol=1e-5)
    assert np.ptp(noisy, axis=0).max() == 0


def test_the_average_over_input_noise_is_that_of_numpy():
    """Drawn elsewhere, so equal within what 1000 passes are sure of."""
    snapshot, noisy = asked(1000, input_noise=0.3)
    rng = np.random.default_rng(0)
    theirs = np.stack([snapshot.respond_of(0, X + 0.3 * rng.normal(size=X.shape)).probabilities for _ in range(1000)])
    error = np.sqrt((noisy.var(axis=0) + theirs.var(axis=0)) / 1000) + 1e-6
    assert (np.abs(noisy.mean(axis=0) - theirs.mean(axis=0)) < 5 * error).all()


def test_blocks_that_blink_out_leave_a_few_nets():
    """Two blocks: four nets, one draw for all examples of a pass."""
    _, noisy = asked(200, residual=True, stochastic_depth=0.5)
    assert len(np.unique(noisy.round(5), axis=0)) == 4


def test_a_net_that_is_asked_trains_on_as_if_it_were_not():
    config = RunConfig.from_dict({**SMALL.to_dict(), "dropout": 0.5, "dropconnect": 0.2})
    alone, asked_ones = train_steps([config], "cpu", snapshots=4), train_steps([config], "cpu", snapshots=4)
    for snapshot in asked_ones:
        noisy_probabilities(snapshot, 0, X, 2)
    *_, last = alone
    np.testing.assert_array_equal(last.histories[0].train_loss, snapshot.histories[0].train_loss)
