"""What the lecture says that batch normalization buys, measured on real runs with paired seeds.

Runs with equal seeds share their batches and the noise of their initial weights. Each number is a mean over the seeds
(20, or 10 where said) with its 99 % bootstrap interval; a difference is taken seed by seed. Accuracy is that of the
validation set at the end, 10 classes; chance is 0.1. The optimizer is plain SGD. A claim that does not show somewhere
has a test that says so.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from nbtests.claims.bootstrap import holds, interval
from trainingwheels.engine import RunConfig, train

PLAIN = RunConfig(hidden=(50,) * 4, optimizer="sgd", lr=0.1, epochs=10)
NORMALIZED = replace(PLAIN, batchnorm=True)
DEEP = RunConfig(hidden=(50,) * 8, optimizer="sgd", lr=0.05, epochs=1, train_size=64)  # one batch, one step
SMALL = RunConfig(dataset="mnist1d", train_size=1000, hidden=(100, 100), optimizer="sgd", lr=0.3, epochs=60)
MISLABELLED = RunConfig(hidden=(100, 100), optimizer="sgd", lr=0.1, epochs=40, label_noise=0.3)


@cache
def runs(config, seeds=20):
    return train([replace(config, seed=seed) for seed in range(seeds)], "cpu", evaluations=1)


def accuracies(config, seeds=20, **changes):
    return np.array([history.val_accuracy[-1] for history in runs(replace(config, **changes), seeds)])


# Improves gradient flow through the network ----------------------------------------------------------------------


def first_to_last(batchnorm, **changes):
    """The length of dL/dW of the first layer as a share of the last layer's, in the first step."""
    histories = runs(replace(DEEP, batchnorm=batchnorm, **changes))
    norms = np.array([history.layers.gradient_norm[0] for history in histories])
    return norms[:, 0] / norms[:, -1], norms[:, 0]


def test_gradient_flow_through_sigmoids():
    """Holds: in 8 layers of sigmoids with Xavier's weights the first layer's gradient is 1.2e-5 (1.1e-5 to 1.4e-5) as
    long as the last layer's, with batchnorm 0.68 (0.60 to 0.79)."""
    sigmoids = {"activation": "sigmoid", "initializer": "xavier"}
    assert holds(first_to_last(False, **sigmoids)[0], 8e-6, 1.7e-5)
    assert holds(first_to_last(True, **sigmoids)[0], 0.45, 0.95)


def test_gradient_flow_through_weights_that_are_too_small():
    """Holds: with ReLU and std 0.05 the first layer's dL/dW has length 8.1e-6 (7.0e-6 to 8.9e-6), too small to learn
    by, and 2.7 (2.6 to 2.9) with batchnorm."""
    small = {"initializer": "gaussian", "std": 0.05}
    assert holds(first_to_last(False, **small)[1], 5e-6, 1.1e-5)
    assert holds(first_to_last(True, **small)[1], 2.3, 3.2)


def test_where_it_does_not_show_weights_that_suit_the_net_need_no_batchnorm():
    """With Kaiming's weights ReLU's ratio is 1.4 (1.2 to 1.6) without batchnorm and 4.0 (3.7 to 4.2) with it: less
    even, since each normalized layer lets the gradient grow by a fifth on its way down."""
    assert holds(first_to_last(False)[0], 0.9, 2)
    assert holds(first_to_last(True)[0], 3.3, 4.7)


# Allows higher learning rates ------------------------------------------------------------------------------------


def test_the_highest_learning_rate_that_learns():
    """Holds. A mean accuracy above 0.9 is reached without batchnorm up to 0.3 (0.959), with it up to 3 (0.971): ten
    times as high. Some seeds fail without it at 0.5 (0.61, 0.45 to 0.74), with it at 5 (0.53, 0.41 to 0.67)."""
    means = {
        on: {lr: accuracies(replace(PLAIN, batchnorm=on), lr=lr).mean() for lr in (0.1, 0.3, 0.5, 1, 3, 5)}
        for on in (False, True)
    }
    assert [lr for lr, mean in means[False].items() if mean > 0.9] == [0.1, 0.3]
    assert [lr for lr, mean in means[True].items() if mean > 0.9] == [0.1, 0.3, 0.5, 1, 3]


@pytest.mark.parametrize(("lr", "low", "high"), [(1.0, 0.74, 0.94), (3.0, 0.8, 0.9)])
def test_batchnorm_allows_higher_learning_rates(lr, low, high):
    """Holds: at 1 the plain net is near chance, 0.109, with batchnorm it reaches 0.983; difference 0.873 (0.791 to
    0.894). At 3, where 16 of the 20 plain runs overflow, 0.971 against 0.105; difference 0.866 (0.852 to 0.876)."""
    assert holds(accuracies(PLAIN, lr=lr), 0.06, 0.25)
    assert holds(accuracies(NORMALIZED, lr=lr) - accuracies(PLAIN, lr=lr), low, high)
    assert all(history.diverged_at is None for history in runs(replace(NORMALIZED, lr=lr)))


def test_batchnorm_at_its_best_rate_beats_the_plain_net_at_its_best():
    """Holds, by little: 0.983 from 0.3 to 1 against 0.959 at 0.1 and 0.3; difference 0.024 (0.014 to 0.063)."""
    best = max((accuracies(NORMALIZED, lr=lr) for lr in (0.1, 0.3, 0.5, 1.0, 3.0)), key=np.mean)
    plain_best = max((accuracies(PLAIN, lr=lr) for lr in (0.1, 0.3, 0.5, 1.0)), key=np.mean)
    assert holds(best - plain_best, 0, 0.12)


def test_batchnorm_has_its_limit_too():
    """At a learning rate of 10 neither learns: 0.112 with batchnorm, 0.106 without; the difference has zero inside."""
    assert holds(accuracies(NORMALIZED, lr=10.0) - accuracies(PLAIN, lr=10.0), -0.06, 0.06)
    assert holds(accuracies(NORMALIZED, lr=10.0), 0.05, 0.2)


def test_at_a_learning_rate_that_suits_the_plain_net_batchnorm_gains_little():
    """At 0.1 the plain net reaches 0.959 (0.922 to 0.968), with batchnorm 0.972: 0.014 more (0.003 to 0.052)."""
    assert holds(accuracies(PLAIN), 0.85, 0.99)
    assert holds(accuracies(NORMALIZED) - accuracies(PLAIN), -0.012, 0.11)


# Reduces the strong dependence on initialization -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("std", "plain", "gain"),
    [
        (0.001, (0.05, 0.1), (0.69, 0.94)),
        (0.01, (0.05, 0.1), (0.87, 0.93)),
        (0.1, (0.55, 0.81), (0.17, 0.43)),
        (0.5, (0.02, 0.46), (0.46, 0.9)),
        (1.0, (0.08, 0.13), (0.74, 0.79)),
    ],
)
def test_batchnorm_reduces_the_dependence_on_the_initial_std(std, plain, gain):
    """Holds over three orders of magnitude. Plain nets stay at chance at std 0.001 and 0.01 (0.078) and at 1 (0.10),
    and reach 0.68 at 0.1 and 0.18 at 0.5; with batchnorm 0.94, 0.98, 0.87, 0.98 and 0.93. At 1 a tenth of the accuracy
    is lost even so."""
    of_std = {"initializer": "gaussian", "std": std}
    assert holds(accuracies(PLAIN, **of_std), *plain)
    assert holds(accuracies(NORMALIZED, **of_std) - accuracies(PLAIN, **of_std), *gain)


def test_at_the_std_that_suits_the_plain_net_batchnorm_gains_a_point():
    """At 0.2, which is Kaiming's for 50 units: 0.960 without, 0.970 with; difference 0.011 (0.003 to 0.026)."""
    of_std = {"initializer": "gaussian", "std": 0.2}
    assert holds(accuracies(NORMALIZED, **of_std) - accuracies(PLAIN, **of_std), -0.008, 0.05)


# Acts as a form of regularization, and slightly reduces the need for dropout, maybe ---------------------------------


def test_batchnorm_regularizes_on_a_small_set():
    """Holds on 1000 examples of MNIST-1D, 10 seeds: both know their training set by heart (1.000 both), and validation
    accuracy is 0.474 with batchnorm, 0.428 without; difference 0.046 (0.031 to 0.065)."""
    histories = [runs(replace(SMALL, batchnorm=on), 10) for on in (False, True)]
    assert all(history.train_accuracy[-1] > 0.98 for both in histories for history in both)
    assert holds(accuracies(SMALL, 10, batchnorm=True) - accuracies(SMALL, 10), 0.012, 0.085)


def test_dropout_helps_with_batchnorm_too():
    """Said: "slightly reduces the need for dropout, maybe". It stays a maybe: dropout 0.2 gains 0.065 (0.057 to 0.073)
    without batchnorm and 0.049 (0.038 to 0.067) with it, but the difference of the two gains, 0.015 (-0.004 to 0.031),
    has zero inside. Dropout alone beats batchnorm alone by 0.019 (0.007 to 0.035); both together are best, 0.523."""
    plain, normalized = accuracies(SMALL, 10), accuracies(SMALL, 10, batchnorm=True)
    dropped, both = accuracies(SMALL, 10, dropout=0.2), accuracies(SMALL, 10, dropout=0.2, batchnorm=True)
    assert holds(dropped - plain, 0.045, 0.09)
    assert holds(both - normalized, 0.006, 0.09)
    low, high = interval((dropped - plain) - (both - normalized))
    assert -0.04 < low < 0.015  # zero is inside or at its edge, by the draw
    assert 0 < high < 0.06
    assert holds(dropped - normalized, 0.003, 0.04)
    assert holds(both - dropped, 0.01, 0.055)


def test_where_it_does_not_show_wrong_labels_are_learned_sooner():
    """Digits, three in ten training labels wrong, 10 seeds: after 40 epochs the plain net fits 0.69 of them and reaches
    0.942; with batchnorm it fits 0.92 of them and ends at 0.811. Difference -0.131 (-0.145 to -0.115)."""
    fitted = [
        np.array([history.train_accuracy[-1] for history in runs(replace(MISLABELLED, batchnorm=on), 10)])
        for on in (False, True)
    ]
    assert holds(fitted[1] - fitted[0], 0.15, 0.3)
    assert holds(accuracies(MISLABELLED, 10, batchnorm=True) - accuracies(MISLABELLED, 10), -0.175, -0.09)
