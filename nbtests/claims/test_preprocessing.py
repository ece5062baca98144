"""What the lecture says of preprocessing, measured: regressions on clouds, and classifiers of digits.

Each number is a mean over the seeds (20, or 40 draws of digits) with its 99 % bootstrap interval; differences are taken
seed by seed. Rates were scanned over the decades of RATES, once; a test shows where a claim ends.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from nbtests.claims.bootstrap import holds, interval
from trainingwheels.engine import PREPROCESSING, RunConfig, load_dataset, train
from trainingwheels.engine.data.leakage import _accuracy, _classifier, leaked_accuracies
from trainingwheels.engine.geometry.bowls import Bowl
from trainingwheels.engine.geometry.clouds import Cloud, rotation

SEEDS = range(20)
RATES = (1e-3, 1e-2, 0.1, 1.0, 10.0)
NET = RunConfig(hidden=(50,), optimizer="sgd", epochs=3)


# -- steps of gradient descent ----------------------------------------------------------------------------------------


@cache
def steps_taken(condition, name, rate=1.0):
    """Steps to a thousandth of the loss at the start, of regressions whose targets point anywhere: (seeds,)."""
    taken = []
    for seed in SEEDS:
        rng = np.random.default_rng(100 + seed)
        cloud = Cloud((np.sqrt(condition), 1.0), rng.uniform(-90, 90), tuple(rng.uniform(-3, 3, 2)), 200, seed)
        y = cloud.sources() @ (rotation(rng.uniform(0, 360)) @ [1.0, 0.0])
        X = cloud.draw().astype(np.float32)
        taken.append(Bowl.of(np.asarray(PREPROCESSING[name].fit(X)(X), np.float64), y).steps(rate))
    return np.array(taken, np.float64)


def test_steps_grow_in_proportion_to_the_condition_number():
    """Holds for zero-centred data: 27 steps (21 to 31) at 10, 278 (215 to 315) at 100, 2784 (2158 to 3156) at 1000. On
    logarithmic scales the slope is 1.005 (1.001 to 1.007)."""
    assert holds(steps_taken(10.0, "centre"), 20, 32)
    assert holds(steps_taken(1000.0, "centre"), 2100, 3200)
    assert holds(np.log10(steps_taken(1000.0, "centre") / steps_taken(10.0, "centre")) / 2, 1.0, 1.01)


@pytest.mark.parametrize("condition", [10.0, 100.0, 1000.0])
def test_whitened_data_take_one_step(condition):
    """Holds on every seed: with condition number 1, the step of rate 1 / curvature ends at the best point."""
    assert (steps_taken(condition, "whiten") == 1).all()


def test_normalizing_halves_the_steps_on_average():
    """Between nothing and all, by how the cloud is turned: at condition number 100 the steps are 0.47 (0.28 to 0.66) of
    those of zero-centred data."""
    assert holds(steps_taken(100.0, "normalize") / steps_taken(100.0, "centre"), 0.25, 0.7)


def test_data_that_are_not_centred_take_longer():
    """At condition number 1000, and up to 3 stds of the short axis away from the origin, 4.8 times (3.1 to 7.2) as many
    steps as zero-centred data; but on 2 of the 20 seeds fewer, the target lying well for it."""
    ratio = steps_taken(1000.0, "none") / steps_taken(1000.0, "centre")
    assert holds(ratio, 2.9, 7.5)
    assert (ratio < 1).sum() == 2


# -- a linear classifier of badly scaled digits -----------------------------------------------------------------------


def softmax_descent(X, y, X_val, y_val, lr, steps=50):
    """Loss and validation accuracy of a softmax classifier after so many full-batch steps."""
    A, A_val = (np.column_stack([each, np.ones(len(each))]) for each in (X, X_val))
    W, Y = np.zeros((A.shape[1], 10)), np.eye(10)[y]

    def log_probabilities():
        scores = A @ W
        scores -= scores.max(axis=1, keepdims=True)
        return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))

    for _ in range(steps):
        W -= lr * A.T @ (np.exp(log_probabilities()) - Y) / len(A)
    loss = -float(np.mean(log_probabilities()[np.arange(len(y)), y]))
    return loss, float(((A_val @ W).argmax(axis=1) == y_val).mean())


@cache
def badly_scaled(name):
    """Loss and accuracy for each seed at the rate of RATES whose mean loss is lowest: (2, seeds), and the rate."""
    data, found = load_dataset("digits"), np.empty((len(RATES), 2, len(SEEDS)))
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        some, scale = rng.permutation(len(data.X_train))[:500], 10 ** rng.uniform(-1, 1, 64)
        X, X_val = ((each * scale).astype(np.float32) for each in (data.X_train[some], data.X_val))
        fitted = PREPROCESSING[name].fit(X)
        for place, lr in enumerate(RATES):
            found[place, :, seed] = softmax_descent(fitted(X), data.y_train[some], fitted(X_val), data.y_val, lr)
    best = found[:, 0].mean(axis=1).argmin()
    return found[best], RATES[best]


def test_badly_scaled_digits_are_learned_better_after_each_step():
    """Pixels scaled by factors from 0.1 to 10, 50 steps at each one's best rate: 0.817 (0.799 to 0.831) as they are;
    0.062 (0.039 to 0.084) more zero-centred, 0.136 (0.120 to 0.159) normalized, 0.111 (0.095 to 0.135) whitened."""
    (_, raw), rate = badly_scaled("none")
    assert rate == 0.1
    assert holds(raw, 0.79, 0.84)
    for name, low, high in (("centre", 0.03, 0.09), ("normalize", 0.11, 0.165), ("whiten", 0.09, 0.14)):
        (_, accuracy), rate = badly_scaled(name)
        assert rate == 10.0  # a hundred times the rate that the raw pixels bear
        assert holds(accuracy - raw, low, high)


def test_where_it_does_not_show_whitening_is_not_better_than_normalizing():
    """It takes the loss down nearly as far (0.013 and 0.007, raw 0.68), and validates 0.025 (0.015 to 0.036) worse:
    directions that are noise are as loud as the others."""
    (loss, accuracy), _ = badly_scaled("whiten")
    (normalized_loss, normalized), _ = badly_scaled("normalize")
    assert holds(loss, 0.011, 0.014)
    assert holds(normalized_loss, 0.006, 0.009)
    assert holds(accuracy - normalized, -0.04, -0.013)


# -- a small net of digits --------------------------------------------------------------------------------------------


@cache
def runs(config):
    return train([replace(config, seed=seed) for seed in SEEDS], "cpu", evaluations=2)


def accuracies(config, **changes):
    return np.array([history.val_accuracy[-1] for history in runs(replace(config, **changes))])


@cache
def leaks(*arguments):
    return leaked_accuracies(*arguments, repeats=40).test


def leak(source, *arguments):
    """By how much statistics from ``source`` change the accuracy."""
    found = leaks(*arguments)
    return found[source] - found["train"]


def test_centring_images_allows_higher_rates():
    """Holds for a net of one hidden layer, 3 epochs of SGD: at a rate of 2, 0.979 (0.977 to 0.981) with the mean image
    subtracted, 0.161 (0.129 to 0.207) without; at each one's best rate of four, 0.979 and 0.929 (0.922 to 0.935)."""
    assert holds(accuracies(NET, lr=2.0, preprocessing="centre"), 0.975, 0.985)
    assert holds(accuracies(NET, lr=2.0), 0.12, 0.22)
    best = {
        name: max((accuracies(NET, lr=lr, preprocessing=name).mean(), lr) for lr in (0.1, 0.3, 1.0, 2.0))
        for name in ("none", "centre")
    }
    assert (best["none"][1], best["centre"][1]) == (0.3, 2.0)
    assert holds(accuracies(NET, lr=2.0, preprocessing="centre") - accuracies(NET, lr=0.3), 0.04, 0.06)


def test_where_it_does_not_show_centring_slows_a_small_rate():
    """At 0.1 the centred net is behind by 0.032 (0.020 to 0.045): centred inputs are smaller, and so are the steps."""
    assert holds(accuracies(NET, lr=0.1, preprocessing="centre") - accuracies(NET, lr=0.1), -0.05, -0.015)


def test_the_mean_of_the_channel_is_not_enough_for_digits():
    """Their mean image has a shape. At a rate of 2: 0.957 (0.938 to 0.966) against 0.979; at 0.3 no difference is to be
    seen (0.938 and 0.938)."""
    difference = accuracies(NET, lr=2.0, preprocessing="centre") - accuracies(
        NET, lr=2.0, preprocessing="centre_channels"
    )
    assert holds(difference, 0.008, 0.05)
    low, high = interval(
        accuracies(NET, lr=0.3, preprocessing="centre") - accuracies(NET, lr=0.3, preprocessing="centre_channels")
    )
    assert -0.01 < low < 0 < high < 0.01


@pytest.mark.parametrize(("lr", "low", "high"), [(0.3, 0.01, 0.03), (1.0, 0.001, 0.015)])
def test_where_it_does_not_show_nets_of_digits_are_not_helped_by_whitening(lr, low, high):
    """Normalized, they reach 0.967 and 0.978, whitened 0.948 and 0.970: 0.019 (0.014 to 0.023) and 0.008
    (0.003 to 0.014) less. The lecture says that whitening images is not common."""
    gain = accuracies(NET, lr=lr, preprocessing="normalize") - accuracies(NET, lr=lr, preprocessing="whiten")
    assert holds(gain, low, high)


# -- leaks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["centre", "normalize", "whiten"])
def test_with_many_examples_alike_a_leak_does_not_show(method):
    """1024 digits to train on and 256 to test on: at most 0.002 in accuracy, all intervals within 0.006."""
    for source in ("both", "test"):
        assert holds(leak(source, method, 1024, 256, 0.0), -0.006, 0.006)


def test_with_few_examples_leaked_whitening_looks_better():
    """64 digits: 0.513 is honest; statistics of both sets make it 0.060 (0.049 to 0.077) more, of the test set 0.242
    (0.220 to 0.262). Normalizing: 0.008 (0.003 to 0.017), and nothing to be seen with the test set's own."""
    arguments = "whiten", 64, 256, 0.0
    assert holds(leaks(*arguments)["train"], 0.48, 0.55)
    assert holds(leak("both", *arguments), 0.04, 0.08)
    assert holds(leak("test", *arguments), 0.21, 0.27)
    assert holds(leak("both", "normalize", 64, 256, 0.0), 0.002, 0.02)
    low, high = interval(leak("test", "normalize", 64, 256, 0.0))
    assert low < 0 < high


def test_what_a_leak_hides_is_the_drift():
    """Test images brighter by 0.3: with the training set's normalization the model is at 0.159; with the test set's own
    it looks 0.771 (0.738 to 0.796) better, with that of both 0.556 (0.519 to 0.593). Only centred, the drift costs
    little, and the leak hides 0.018 (0.011 to 0.025)."""
    arguments = "normalize", 1024, 256, 0.3
    assert holds(leaks(*arguments)["train"], 0.12, 0.2)
    assert holds(leak("test", *arguments), 0.73, 0.81)
    assert holds(leak("both", *arguments), 0.51, 0.6)
    assert holds(leak("test", "centre", 1024, 256, 0.3), 0.01, 0.03)


def test_an_image_alone_has_no_statistics_of_its_own():
    """Tested one by one: 0.95 with the training set's statistics, 0.125 with the image's own, chance."""
    found = leaks("normalize", 1024, 1, 0.0)
    assert found["train"].mean() == 0.95
    assert found["test"].mean() == 0.125
    assert holds(found["test"] - found["train"], -1.0, -0.6)


def test_where_it_does_not_show_statistics_of_both_sets_do_not_flatter_the_model():
    """Said: what leaks makes the test too good. Not so for whitening with 64 labelled digits and 256 without labels: on
    256 digits that are in neither set the same model is as good, 0.571 and 0.570, a difference of -0.001 (-0.018 to
    0.013), and 0.068 (0.055 to 0.086) better than the honest one. More data without labels give better statistics."""
    data = load_dataset("digits")
    X, y = np.concatenate([data.X_train, data.X_val]), np.concatenate([data.y_train, data.y_val])
    rows = []
    for seed in range(40):
        train_set, seen, unseen = np.split(np.random.default_rng(seed).permutation(len(X))[:576], [64, 320])
        both = PREPROCESSING["whiten"].fit(X[np.concatenate([train_set, seen])])
        honest = PREPROCESSING["whiten"].fit(X[train_set])
        models = [(fitted, _classifier(fitted(X[train_set]), y[train_set])) for fitted in (both, honest)]
        pairs = ((models[0], seen), (models[0], unseen), (models[1], unseen))
        rows.append([_accuracy(W, fitted(X[part]), y[part]) for (fitted, W), part in pairs])
    seen, unseen, honest = np.array(rows).T
    low, high = interval(seen - unseen)
    assert -0.02 < low < 0 < high < 0.02
    assert holds(unseen - honest, 0.05, 0.09)
