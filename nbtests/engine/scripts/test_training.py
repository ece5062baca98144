"""A member of a population equals the plain PyTorch script it exports: the script is executed."""

import contextlib
import io
from dataclasses import replace

import numpy as np
import pytest
import torch

from trainingwheels.engine import (
    ACTIVATIONS,
    INITIALIZERS,
    OPTIMIZERS,
    PREPROCESSING,
    SCHEDULES,
    RunConfig,
    train,
    training_script,
)
from trainingwheels.engine.scripts.training import MODULES

LR = {"adam": 0.003, "adamw": 0.003, "rmsprop": 0.003}
BASE = RunConfig(hidden=(24, 16), lr=0.03, epochs=5, seed=3)


@contextlib.contextmanager
def default_dtype(dtype):
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def run(config, dtype="float64"):
    """The losses of the executed script, and what it printed."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed, default_dtype(getattr(torch, dtype)):
        exec(compile(training_script(config), "script", "exec"), names)
    return np.array(names["losses"]), printed.getvalue().splitlines()


def member_losses(config, dtype="float64"):
    """The losses of ``config`` in a population with other members, of its own seed and of another."""
    others = [replace(config, lr=2 * config.lr), replace(config, seed=config.seed + 1)]
    return train([others[0], config, others[1]], "cpu", evaluations=2, dtype=dtype)[1].train_loss


def assert_equal(config):
    script, _ = run(config)
    engine = member_losses(config)
    assert len(script) == len(engine)
    np.testing.assert_allclose(engine[:100], script[:100], rtol=1e-4)
    return script


@pytest.mark.parametrize("batchnorm", [False, True])
@pytest.mark.parametrize("loss", ["softmax", "hinge"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimizer_and_loss_with_and_without_batchnorm(optimizer, loss, batchnorm):
    losses = assert_equal(
        replace(BASE, optimizer=optimizer, loss=loss, batchnorm=batchnorm, lr=LR.get(optimizer, 0.03), l2=1e-3, l1=1e-4)
    )
    assert len(losses) >= 100
    assert losses[-10:].mean() < losses[0]  # it learned, so the comparison says something


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_in_float32_too(optimizer):
    """At a rate where no ReLU of the first 100 steps flips on a rounding error."""
    config = replace(BASE, optimizer=optimizer, lr=LR.get(optimizer, 0.03), batchnorm=True, epochs=5)
    script, _ = run(config, "float32")
    np.testing.assert_allclose(member_losses(config, "float32")[:100], script[:100], rtol=1e-4)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_activation(activation):
    assert_equal(replace(BASE, activation=activation, batchnorm=activation == "maxout", epochs=2))


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_each_initializer(initializer):
    assert_equal(replace(BASE, initializer=initializer, std=0.05, activation="tanh", epochs=2))


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_each_schedule_with_a_warmup(schedule):
    assert_equal(replace(BASE, schedule=schedule, warmup=0.1, epochs=3))


@pytest.mark.parametrize("preprocessing", PREPROCESSING)
def test_each_preprocessing(preprocessing):
    assert_equal(replace(BASE, preprocessing=preprocessing, lr=0.01, epochs=2))


@pytest.mark.parametrize("dataset", ["spirals", "moons", "circles", "xor", "blobs", "mnist1d"])
def test_each_dataset_with_wrong_labels_and_a_chosen_size(dataset):
    assert_equal(replace(BASE, dataset=dataset, train_size=300, label_noise=0.2, epochs=6))


def test_without_hidden_layers():
    assert_equal(replace(BASE, hidden=(), loss="hinge", l2=0.01))


DEEP = replace(BASE, hidden=(24,) * 4, residual=True)
NOISES = {
    "residual": {},
    "stochastic_depth": {"stochastic_depth": 0.5},
    "dropconnect": {"dropconnect": 0.3},
    "mixup": {"mixup": 0.4},
    "cutmix": {"cutmix": 1.0},
    "cutout": {"cutout": 3},
    "input_noise": {"input_noise": 0.2},
    "label_smoothing": {"label_smoothing": 0.1},
}


@pytest.mark.parametrize("noise", NOISES)
def test_each_noise_number_by_number(noise):
    losses = assert_equal(replace(DEEP, **NOISES[noise]))
    assert losses[-10:].mean() < losses[0]


CONVOLUTIONS = {
    "two": {},
    "batchnorm": {"batchnorm": True, "hidden": ()},
    "pieces, pixels left over": {"activation": "maxout", "conv": (3,), "kernel": 5, "pool": 3, "optimizer": "adam"},
    "of a sequence": {"dataset": "mnist1d", "conv": (4, 5), "kernel": 5, "pool": 2, "train_size": 500},
    "without pooling": {"pool": 1, "conv": (3,), "activation": "silu", "initializer": "glorot_uniform"},
    "disturbed": {"dropconnect": 0.2, "cutout": 3, "mixup": 0.3, "l2": 1e-3, "batchnorm": True},
    "in colour": {"dataset": "shapes", "conv": (3,), "train_size": 300},
    "a disturbed sequence": {"dataset": "mnist1d", "dropconnect": 0.2, "train_size": 500},
}


@pytest.mark.parametrize("net", CONVOLUTIONS)
def test_nets_with_convolutions(net):
    values = {"conv": (4, 6), "hidden": (16,), "epochs": 2, "lr": 0.01} | CONVOLUTIONS[net]
    losses = assert_equal(replace(BASE, **values))
    assert losses[-5:].mean() < losses[0]


def test_the_accuracy_of_convolutions_with_batchnorm_and_dropout_is_the_scripts():
    config = replace(BASE, conv=(4, 6), hidden=(16,), batchnorm=True, epochs=2)
    _, printed = run(config)
    history = train([config], "cpu", evaluations=1, dtype="float64")[0]
    assert printed[-1].endswith(f"validation accuracy {history.val_accuracy[-1]:.1%}")
    losses, _ = run(replace(config, dropout=0.3))  # its masks are others
    assert losses[-10:].mean() < losses[0]


def test_all_noises_at_once():
    everything = {name: value for noise in NOISES.values() for name, value in noise.items()}
    assert_equal(replace(DEEP, **everything, batchnorm=True, activation="maxout", optimizer="adamw", lr=0.003, l2=0.01))


def test_the_accuracy_of_a_net_in_evaluation_is_the_scripts():
    """Whole weights, every block with its probability, and running averages."""
    config = replace(DEEP, stochastic_depth=0.5, dropconnect=0.2, batchnorm=True)
    _, printed = run(config)
    history = train([config], "cpu", evaluations=1, dtype="float64")[0]
    assert printed[-1].endswith(f"validation accuracy {history.val_accuracy[-1]:.1%}")


def test_dropout_runs_and_learns():
    losses, printed = run(replace(BASE, dropout=0.2))
    assert losses[-10:].mean() < losses[0]
    assert len(printed) == BASE.epochs


def test_every_activation_has_its_module():
    assert list(MODULES) == ACTIVATIONS.keys()


def test_it_is_short_and_prints_each_epoch():
    _, printed = run(replace(BASE, epochs=2))
    assert printed[1].startswith("epoch 2: loss ")
    assert len(training_script(BASE).splitlines()) < 80
