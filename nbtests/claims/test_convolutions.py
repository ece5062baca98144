"""What is published of MNIST-1D, measured on real runs: 10 seeds, validation accuracy at the end.

Greydanus and Kobak (arXiv 2011.14439) state 32 % for logistic regression, 68 % for two fully connected layers of 100
with a way around the second, and 94 % for three convolutions of 25 channels; each is one number, after 6000 steps. Here
are the same optimizer (Adam, 0.01) and batch, the set as their code draws it, and 400 to 1600 steps. Their convolutions
halve the sequence by a stride of 2, and ours by pooling.
"""

from dataclasses import replace
from functools import cache

import numpy as np

from nbtests.claims.bootstrap import holds
from trainingwheels.engine import RunConfig, train

SEEDS = range(10)
LINEAR = RunConfig(dataset="mnist1d", hidden=(), optimizer="adam", lr=0.01, batch_size=100, epochs=15)
CONNECTED = replace(LINEAR, hidden=(100, 100), residual=True, epochs=40)
CONVOLVING = replace(LINEAR, conv=(25, 25, 25), kernel=5, epochs=10)


@cache
def accuracies(config):
    runs = train([replace(config, seed=seed) for seed in SEEDS], "cpu", evaluations=1)
    return np.array([run.val_accuracy[-1] for run in runs])


def test_a_linear_classifier_reaches_what_is_published():
    """Said: 32 %. Holds: 0.317 to 0.324 over the seeds."""
    assert holds(accuracies(LINEAR), 0.31, 0.33)
    assert abs(accuracies(LINEAR) - 0.32).min() < 0.01


def test_convolutions_reach_what_is_published():
    """Said: 94 %. Holds: 0.90 to 0.95 over the seeds, mean 0.93, after 400 steps."""
    assert holds(accuracies(CONVOLVING), 0.9, 0.955)
    assert accuracies(CONVOLVING).min() < 0.94 < accuracies(CONVOLVING).max() + 0.01


def test_fully_connected_layers_reach_a_little_less_than_is_published():
    """Said: 68 %. Here 0.648 on average, the best of ten 0.667: they know their training set (0.99), and are 28 points
    behind the convolutions on what they have not seen."""
    assert holds(accuracies(CONNECTED), 0.63, 0.67)
    assert (accuracies(CONNECTED) < 0.7).all()


def test_the_order_is_that_of_the_paper_for_each_seed():
    """Paired by the seed: convolutions are 0.28 ahead of fully connected layers, and these 0.33 of the linear one."""
    assert holds(accuracies(CONVOLVING) - accuracies(CONNECTED), 0.23, 0.32)
    assert holds(accuracies(CONNECTED) - accuracies(LINEAR), 0.3, 0.36)
