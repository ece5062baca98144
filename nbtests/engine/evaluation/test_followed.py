"""Runs that are asked on their way say what their histories say, and what a rule may see of them."""

import numpy as np
import pytest

from trainingwheels.engine import RunConfig
from trainingwheels.engine.evaluation.followed import followed

CONFIG = RunConfig(train_size=128, hidden=(8,), epochs=4, batch_size=32)


@pytest.fixture(scope="module")
def run():
    return followed(CONFIG, RunConfig(**{**CONFIG.to_dict(), "seed": 1}), moments=4)[0]


def test_it_says_what_its_history_says(run):
    np.testing.assert_allclose(run.epochs, [0, 1, 2, 3, 4])
    np.testing.assert_allclose(run.right.mean(axis=1), run.history.val_accuracy, atol=1e-6)
    np.testing.assert_allclose(run.losses.mean(axis=1), run.history.val_loss, rtol=1e-4)
    np.testing.assert_allclose(run.training_loss[1:], run.history.train_loss.reshape(4, 4).mean(axis=1), rtol=1e-5)
    assert run.training_loss[0] == pytest.approx(run.history.train_loss[0])


def test_validation_and_test_share_no_example(run):
    assert (run.held_out, run.tested) == (128, 232)  # of 360
    everything = (run.scores("accuracy", 128) * 128 + run.test * 232) / 360
    np.testing.assert_allclose(everything, run.history.val_accuracy, atol=1e-6)
    np.testing.assert_array_equal(run.scores("accuracy", 10_000), run.scores("accuracy", 128))
    np.testing.assert_allclose(run.scores("loss", 8), -run.losses[:, :8].mean(axis=1), rtol=1e-5)
