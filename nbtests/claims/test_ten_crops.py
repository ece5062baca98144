"""What flips and crops are said to buy on coloured shapes, which look the same in a mirror and lie anywhere.

Ten paired seeds, 100 shapes of 16 x 16 pixels, small ConvNets. Numbers are points of validation accuracy, in brackets
99 % intervals. A crop is to its picture as ResNet's 224 pixels are to 256.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import torch

from nbtests.claims.bootstrap import holds
from trainingwheels.engine import RunConfig, load_dataset, train, train_steps
from trainingwheels.engine.augmentation import cut, ten_crops

SEEDS = range(10)
SHAPES = RunConfig(
    dataset="shapes", train_size=100, epochs=100, conv=(8,), kernel=5, pool=4, hidden=(32,), lr=0.03, batch_size=25
)
FLIPS = (("flip", 0.5),)
FLIPS_AND_CROPS = (*FLIPS, ("crop", 0.25))


def runs(augment):
    return [replace(SHAPES, seed=seed, augment=augment) for seed in SEEDS]


def accuracies(augment):
    return 100 * np.array([run.val_accuracy[-1] for run in train(runs(augment), "cpu", evaluations=1)])


def test_flips_buy_accuracy_where_the_label_survives_them():
    """5.1 points [3.3, 7.6]."""
    assert holds(accuracies(FLIPS) - accuracies(()), 0, 11)


@cache
def over_crops():
    """Accuracies in points, (seeds, 10) crop by crop, and (seeds,) of their average and of the whole picture."""
    *_, last = train_steps(runs(FLIPS_AND_CROPS), "cpu", snapshots=1)
    data = load_dataset("shapes")
    crops = cut(data.X_val.reshape(-1, 3, 16, 16), ten_crops(16, 16, 14), 14)
    shown = torch.nn.functional.interpolate(torch.tensor(crops).flatten(0, 1), (16, 16), mode="bilinear")
    points = np.concatenate([data.X_val, shown.flatten(1).numpy()])
    found = []
    for response in last.respond(points):
        p = response.probabilities.reshape(11, len(data.X_val), -1)
        rights = [each.argmax(1) == data.y_val for each in (*p[1:], p[1:].mean(0), p[0])]
        found.append([100 * right.mean() for right in rights])
    found = np.array(found)
    return found[:, :10], found[:, 10], found[:, 11]


def test_an_average_over_ten_crops_is_at_least_as_good_as_one():
    """It is better than the centre by 2.8 points [1.3, 4.7], than one of ten by 6.3 [4.8, 7.5].

    And than the whole by 4.6 [3.6, 7.3]: the net was trained on crops, and looks at the whole once only.
    """
    crops, average, whole = over_crops()
    assert holds(average - crops[:, 4], -1.5, 7.5)
    assert holds(average - crops.mean(1), 2.5, 10)
    assert holds(average - whole, 0, 11.5)
