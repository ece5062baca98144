"""What data augmentation is said to buy, measured on real runs with paired seeds, and where it does not show.

Ten seeds; runs with equal seeds share weights and batches. A gain is the difference of the validation accuracies at the
end, with a transform minus without, seed by seed. Small nets of two convolutions (8 and 16 channels), on digits of
8 x 8 pixels, and on coloured shapes of 16 x 16. Numbers in brackets are 99 % intervals.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from nbtests.claims.bootstrap import holds, interval
from trainingwheels.engine import RunConfig, train
from trainingwheels.labs.data_augmentation import crop_net

SEEDS = 10
NET = RunConfig(conv=(8, 16), hidden=(32,), batch_size=20, lr=0.03)
DIGITS = {
    40: replace(NET, train_size=40, epochs=150),
    100: replace(NET, train_size=100, epochs=60),
    400: replace(NET, train_size=400, epochs=20),
}
SHAPES = replace(NET, dataset="shapes", train_size=60, epochs=40)


@cache
def accuracies(config):
    histories = train([replace(config, seed=seed) for seed in range(SEEDS)], "cpu", evaluations=1)
    return np.array([history.val_accuracy[-1] for history in histories])


def gain(config, *steps, **changes):
    return accuracies(replace(config, augment=steps, **changes)) - accuracies(config)


def test_a_shift_helps_where_examples_are_few_and_costs_where_they_are_many():
    gains = {size: gain(config, ("translate", 0.1)) for size, config in DIGITS.items()}
    print({size: (each.mean(), interval(each)) for size, each in gains.items()})
    assert holds(gains[40])
    assert holds(-gains[400])
    assert holds(gains[40] - gains[400])


@pytest.mark.parametrize("step", [("flip", 0.5), ("rotate", 180)])
def test_a_transform_that_destroys_labels_costs(step):
    gains = gain(DIGITS[100], step)
    print(step, gains.mean(), interval(gains))
    assert holds(-gains)


@pytest.mark.parametrize("step", [("flip", 0.5), ("hue", 90), ("auto_cifar10", 1)])
def test_on_shapes_of_any_colour_it_helps(step):
    gains = gain(SHAPES, step)
    print(step, gains.mean(), interval(gains))
    assert holds(gains)


def test_crops_and_cutout_do_not_show_on_shapes():
    for gains in (gain(SHAPES, ("crop", 0.3)), gain(SHAPES, cutout=6)):
        print(gains.mean(), interval(gains))
        assert not holds(gains)


def test_the_average_of_crops_is_at_least_as_good_as_one():
    shares = np.array([crop_net.right(net, SEEDS)[:2] for net in range(SEEDS)])
    better = shares[:, 1] - shares[:, 0]
    print(shares.mean(axis=0), better.mean(), interval(better))
    assert holds(better)
