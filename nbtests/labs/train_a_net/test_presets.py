"""What the slides' answers say, measured over three seeds with bounds that the spread over six or more seeds gives."""

from dataclasses import replace

import numpy as np
import pytest

from trainingwheels.engine import train

SEEDS = range(3)


@pytest.fixture
def measured(train_net):
    """``measured(preset)`` maps the values of its comparison to the histories of three seeds."""

    def measure(name, **changes):
        lab = train_net()
        lab.apply(name)
        configs, labels = lab.view.configs(lab._named())
        configs = [replace(config, **changes) for config in configs]
        runs = train([replace(config, seed=seed) for config in configs for seed in SEEDS], "cpu")
        words = [label.split()[-1] for label in labels]
        return {word: runs[place * len(SEEDS) : (place + 1) * len(SEEDS)] for place, word in enumerate(words)}

    return measure


def ends(runs, name="val_accuracy"):
    return np.array([getattr(run, name)[-1] for run in runs])


def losses(runs, part=slice(-50, None)):
    return np.array([run.train_loss[part].mean() for run in runs])


def test_small_weights_begin_at_log_c(measured):
    found = measured("initial-loss")
    begins = {word: np.array([run.val_loss[0] for run in runs]) for word, runs in found.items()}
    assert begins["0.01"] == pytest.approx(np.log(10), abs=0.01)
    assert begins["0.1"] == pytest.approx(np.log(10), abs=0.05)
    assert (begins["0.5"] > 2.5 * np.log(10)).all()  # 7.7 to 16
    assert (begins["1"] > 20 * np.log(10)).all()  # 59 to 124
    assert ends(found["0.01"]).mean() < 0.25
    assert (ends(found["0.1"]) > 0.9).all()


def test_the_optimizers_end_in_the_order_that_is_said(measured):
    found = measured("optimizers")
    sgd, momentum, rmsprop, adam = (losses(found[word]) for word in ("sgd", "momentum", "rmsprop", "adam"))
    assert np.maximum(rmsprop, adam).max() < momentum.min() < momentum.max() < sgd.min()
    quick = measured("optimizers", lr=0.3)["sgd"]
    assert losses(quick).mean() < adam.mean()


def test_schedules_come_to_rest(measured):
    found = measured("schedules")
    constant, step, cosine = (found[word] for word in ("constant", "step", "cosine"))
    first, half = slice(0, 100), slice(0, 960)
    assert losses(constant, half) == pytest.approx(losses(step, half), rel=1e-4)  # the same until then
    assert losses(cosine, first) == pytest.approx(losses(constant, first), rel=0.3)
    assert losses(constant).min() > losses(cosine).max()  # 0.024 to 0.6, and 0.014 to 0.019
    for calm in (step, cosine):
        spread = [np.array([run.train_loss[-200:].std() for run in runs]) for runs in (calm, constant)]
        assert spread[0].mean() < spread[1].mean()


def test_weight_decay_helps_and_can_be_too_much(measured):
    found = measured("weight-decay")
    none, little, right, much = (ends(found[word]) for word in ("0", "0.0001", "0.001", "0.1"))
    assert abs(little.mean() - none.mean()) < 0.08
    assert (right - none).min() > 0.05
    assert 0.1 < (right - none).mean() < 0.2
    assert ends(found["0.001"], "train_accuracy").mean() < ends(found["0"], "train_accuracy").mean()
    assert (much < 0.2).all()


def test_convolutions_find_shapes_that_no_other_net_finds(measured):
    found = measured("convolutions")
    none, two = found["none"], found["8+16"]
    assert (abs(ends(none) - 0.54) < 0.08).all()  # 0.51 to 0.58 over six seeds
    assert (abs(ends(two) - 0.86) < 0.1).all()  # 0.82 to 0.92
    assert (ends(none, "train_accuracy") - ends(none) > 0.15).all()
