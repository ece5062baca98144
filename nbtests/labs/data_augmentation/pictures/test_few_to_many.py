"""Accuracy and gain against the number of examples, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_history, made_picture
from nbtests.labs.pictured import check_pictures
from trainingwheels.labs.data_augmentation.pictures.few_to_many import FewToManyPicture, Gains

COUNTS = (2, 8, 32, 128)


def made(steps=100, nets=5, kinds=("no transform", "translation up and down", "AutoAugment, the slide's five")):
    runs = [made_history(steps, seed=seed) for seed in range(len(COUNTS) * len(kinds) * nets)]
    return Gains(runs, kinds, kinds[1:], COUNTS, 10)


RESULTS = [made(), made(nets=1), made(20, kinds=("no transform", "mixup")), made(0, nets=2)]


def test_nothing_overlaps_or_stays_behind():
    check_pictures(FewToManyPicture, RESULTS)


def test_a_line_is_the_mean_of_its_seeds_at_each_number_of_examples():
    picture, result = made_picture(FewToManyPicture), RESULTS[0]
    picture.update(result)
    accuracy, gain = (panel.lines.get_segments() for panel in picture._panels)
    assert (len(accuracy), len(gain)) == (3, 2)
    for kind, segment in enumerate(accuracy):
        np.testing.assert_array_equal(segment[:, 0], [20, 80, 320, 1280])
        runs = np.reshape([run.val_accuracy[-1] for run in result.histories], (3, 4, 5))[kind]
        assert segment[:, 1] == pytest.approx(runs.mean(axis=1))
    for kind, segment in enumerate(gain, 1):
        assert segment[:, 1] == pytest.approx(100 * (accuracy[kind][:, 1] - accuracy[0][:, 1]), abs=1e-4)
