"""Nets from birth: what they are born with, what is said of them, that equal units stay equal, and the code."""

import numpy as np
import pytest

from nbtests.words import numbers
from trainingwheels.engine import RunConfig, load_dataset, train, train_steps
from trainingwheels.figures import CurvesView
from trainingwheels.labs.weight_initialization.lab import WeightInitialization
from trainingwheels.labs.weight_initialization.training import LEARNS

QUICK = {"show": "training", "depth": 3, "units": 16, "epochs": 1, "nets": 2}
KINDS = ["zero", "equal", "small", "right", "large"]


@pytest.fixture
def lab():
    lab = WeightInitialization()
    lab.set(**QUICK)
    lab.settle()
    yield lab
    lab.close()


def test_five_kinds_side_by_side_paired_by_seed(lab):
    assert isinstance(lab.result, CurvesView)
    assert list(dict.fromkeys(lab.result.labels)) == KINDS
    assert len(set(lab.result.colors)) == 5
    configs = [history.config for history in lab.result.histories]
    assert [config.seed for config in configs] == [0, 1] * 5
    assert [config.std for config in configs[::2]] == [0, 1 / 16, pytest.approx(0.16), None, pytest.approx(0.8)]
    assert configs[6].initializer == "xavier"
    lab.set(activation="relu", small=0.01, large=100.0)
    lab.settle()
    configs = [history.config for history in lab.result.histories]
    assert configs[6].initializer == "kaiming"
    assert [configs[4].std, configs[8].std] == [pytest.approx(0.0025), 25]


@pytest.mark.parametrize(("activation", "nets", "lr"), [("tanh", 2, 0.1), ("relu", 1, 10.0), ("sigmoid", 3, 1e-4)])
def test_the_words_say_what_the_engine_found(lab, activation, nets, lr):
    lab.set(activation=activation, nets=nets, lr=lr)
    lab.settle()
    assert lab.text.startswith("Untrained")
    assert "learn." not in lab.text
    lab.start()
    lab.settle()
    again = train([history.config for history in lab.result.histories], "cpu")
    found = np.array([history.val_accuracy[-1] for history in again]).reshape(5, nets).mean(axis=1)
    chance = lab.result.histories[0].chance
    for line, mean in zip(lab.text.splitlines()[1:], found, strict=False):
        assert numbers("): # %", line) == [pytest.approx(100 * mean, abs=0.06)]
        assert ("it learns" in line) == (mean >= chance + LEARNS * (1 - chance))


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_units_that_are_born_equal_stay_equal(activation):
    """Up to rounding, after 60 steps of Adam: the symmetry is broken by the initial weights only."""
    equal, noisy = (
        RunConfig(hidden=(8, 8), activation=activation, optimizer="adam", lr=1e-2, epochs=3, initializer=kind, std=std)
        for kind, std in (("constant", 0.125), ("gaussian", 0.125))
    )
    *_, last = train_steps([equal, noisy], "cpu")
    points = load_dataset("digits").X_val[:50]
    for place, spread in ((0, lambda s: s < 1e-3), (1, lambda s: s > 1e-3)):
        for hidden in last.respond_of(place, points).hidden:
            assert spread(float(np.ptp(hidden, axis=1).max()))


def test_the_code_trains_the_net_that_is_right(lab):
    names = {}
    exec(lab.code(), names)
    lab.start()
    lab.settle()
    right = lab.result.histories[lab.result.labels.index("right")]
    np.testing.assert_allclose(names["losses"], right.train_loss, rtol=1e-4)
