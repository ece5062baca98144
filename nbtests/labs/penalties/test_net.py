"""A net that trains: lambda counts at once, the words and the script are those of its run."""

import re

import numpy as np

from nbtests.labs.using import run, trained
from trainingwheels.engine import train
from trainingwheels.engine.data.batches import noisy_labels
from trainingwheels.engine.data.datasets import load_dataset
from trainingwheels.labs.penalties.net import OneNet


def test_it_trains_and_says_both_accuracies_and_the_gap(make):
    lab = make(show="net", epochs=16, width=8)
    assert "Not trained yet" in lab.text
    history = trained(lab).history
    val, training, gap = map(float, re.findall(r"-?\d+\.?\d*(?= %| points)", lab.text.replace("−", "-"))[:3])
    assert abs(val - 100 * history.val_accuracy[-1]) <= 0.5
    assert abs(training - 100 * history.train_accuracy[-1]) <= 0.5
    assert abs(gap - 100 * (history.train_accuracy[-1] - history.val_accuracy[-1])) <= 0.06
    assert "about 20 % are wrong" in lab.text


def test_lambda_counts_at_once_and_makes_no_new_net(make):
    lab = make(show="net", epochs=16, width=8)
    lab.single_step()
    lab.settle()
    lab.set(l2=0.05, l1=0.002)
    lab.settle()
    assert len(lab.result.history.steps) == 1
    history = trained(lab).history
    [without] = train([history.config])
    np.testing.assert_allclose(history.train_loss[:2], without.train_loss[:2], rtol=1e-5)
    assert (np.abs(history.train_loss[2:] - without.train_loss[2:]) > 1e-5).all()
    assert len(history.steps) == 32


def test_the_plane_shows_the_labels_that_are_taught(make):
    lab = make(show="net", label_noise=0.4)
    plane, config = lab.result.plane, lab.result.history.config
    data = load_dataset("moons", 64, 0.3)
    np.testing.assert_array_equal(plane.y_train, noisy_labels(data.y_train, 2, 0.4, config.seed))
    assert 0.2 < np.mean(plane.y_train != data.y_train) < 0.6
    np.testing.assert_array_equal(plane.y_val, data.y_val)


def test_digits_have_no_plane_and_few_examples_make_small_batches(make):
    lab = make(show="net", dataset="digits", train_size=16, epochs=2)
    result = trained(lab)
    assert result.plane is None
    assert result.history.config.batch_size == 16
    assert len(result.history.steps) == 2


def test_the_script_trains_the_same_net(make):
    lab = make(show="net", epochs=8, width=8, l2=0.01, l1=0.001, lr=0.02)
    np.testing.assert_allclose(run(lab)["losses"], trained(lab).history.train_loss, rtol=1e-4)


def test_the_slide_is_a_net_of_over_4000_weights(make):
    lab = make()
    lab.apply("a-net")
    lab.settle()
    configs, _ = OneNet(lab).configs(lab._named())
    width = configs[0].hidden[0]
    assert 4000 < 2 * width + width**2 + 2 * width < 5000
    assert (configs[0].train_size, configs[0].label_noise) == (64, 0.2)


def test_a_large_lambda_leaves_chance(make):
    lab = make(show="net", l2=0.5, epochs=64, width=16)
    history = trained(lab).history
    assert abs(history.val_accuracy[-1] - 0.5) < 0.1
    [alone] = train([history.config])
    np.testing.assert_allclose(alone.train_loss, history.train_loss, rtol=1e-4)
