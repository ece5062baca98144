"""What data augmentation is said to buy, measured on real runs with paired seeds, and where it does not show.

Ten seeds; runs with equal seeds share weights and batches. A gain is the difference of the validation accuracies at the
end, with a transform minus without, seed by seed, in points. Small nets of two convolutions (8 and 16 channels), on
digits of 8 x 8 pixels and on coloured shapes of 16 x 16. What is written beside each is the gain and half of its 99 %
interval; bounds leave 2.4 halves to either side (see ``holds``).

Verdicts: shifts help with 20 digits or 40, and cost with 400 or more, since these digits are centred. Flips and turns
destroy labels of digits and cost. A random hue helps where colours mean nothing. Crops, cutout and AutoAugment (found
for SVHN) are not to be told from chance on 100 digits, or cost. The average of ten crops is better than one.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from nbtests.claims.bootstrap import holds
from trainingwheels.engine import RunConfig, train
from trainingwheels.labs.data_augmentation import crop_net

SEEDS = 10
NET = RunConfig(conv=(8, 16), hidden=(32,), batch_size=20, lr=0.03)
SETS = {
    "40 digits": replace(NET, train_size=40, epochs=100),
    "100 digits": replace(NET, train_size=100, epochs=60),
    "400 digits": replace(NET, train_size=400, epochs=20),
    "60 shapes": replace(NET, dataset="shapes", train_size=60, epochs=40),
}
GAINS = {
    ("40 digits", ("translate", 0.1)): (5.9, 3.0),
    ("100 digits", ("translate", 0.1)): (-2.8, 3.2),
    ("400 digits", ("translate", 0.1)): (-3.1, 2.4),
    ("100 digits", ("flip", 0.5)): (-5.7, 3.3),
    ("100 digits", ("rotate", 180)): (-32.5, 4.7),
    ("100 digits", ("crop", 0.3)): (-1.0, 3.9),
    ("100 digits", ("auto_svhn", 1)): (-3.9, 2.9),
    ("60 shapes", ("hue", 90)): (9.7, 2.9),
}
HELPS, COSTS = [("60 shapes", ("hue", 90))], [("100 digits", ("rotate", 180))]


@cache
def accuracies(config):
    histories = train([replace(config, seed=seed) for seed in range(SEEDS)], "cpu", evaluations=1)
    return 100 * np.array([history.val_accuracy[-1] for history in histories])


def gain(name, step):
    return accuracies(replace(SETS[name], augment=(step,))) - accuracies(SETS[name])


@pytest.mark.parametrize(("name", "step"), GAINS)
def test_what_each_transform_buys(name, step):
    mean, half = GAINS[name, step]
    low, high = mean - 2.4 * half, mean + 2.4 * half
    assert ((name, step) in HELPS) == (low > 0)
    assert ((name, step) in COSTS) == (high < 0)
    assert holds(gain(name, step), low, high)


def test_shifts_buy_less_the_more_examples_there_are():
    assert holds(gain("40 digits", ("translate", 0.1)) - gain("400 digits", ("translate", 0.1)), 0.5, 20.0)  # 9.0, 3.5


def test_with_few_examples_shifts_help_and_with_many_they_cost_after_as_many_steps():
    """As the lab's view from few to many has it, at both of its ends."""
    few, many = (replace(NET, per_class=count, epochs=3) for count in (2, 128))
    gains = [accuracies(replace(each, augment=(("translate", 0.1),))) - accuracies(each) for each in (few, many)]
    assert holds(gains[0], -2.6, 15.6)  # 6.5, 3.8
    assert holds(gains[1], -17.3, 5.1)  # -6.1, 4.7
    assert holds(gains[0] - gains[1], 2.5, 22.8)  # 12.6, 4.2


def test_cutout_cannot_be_told_from_chance_on_digits():
    found = accuracies(replace(SETS["100 digits"], cutout=3)) - accuracies(SETS["100 digits"])
    assert holds(found, -12.5, 5.5)  # -3.4, 3.7


def test_the_average_of_ten_crops_is_better_than_one():
    shares = 100 * np.array([crop_net.right(net, SEEDS)[:2] for net in range(SEEDS)])
    assert holds(shares[:, 1] - shares[:, 0], 0.0, 13.0)  # 6.5, 2.5
