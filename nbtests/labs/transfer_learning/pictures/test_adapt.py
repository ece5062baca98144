"""Adapt: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_history, made_picture
from nbtests.labs.pictured import check_pictures
from trainingwheels.engine.evaluation import METHODS
from trainingwheels.labs.transfer_learning.pictures.adapt import Adapted, AdaptedPicture
from trainingwheels.labs.transfer_learning.tasks import TASKS

COUNTS = (1, 4, 16)


def made(steps=100, nets=2, looked=4):
    runs = [made_history(steps, seed=seed) for seed in range(len(COUNTS) * len(METHODS) * nets)]
    return Adapted(TASKS["digits"], runs, METHODS.values(), COUNTS, looked)


RESULTS = [made(), made(nets=5, looked=16), made(20), made(0, nets=1)]


def test_nothing_overlaps_or_stays_behind():
    check_pictures(AdaptedPicture, RESULTS)


def test_a_line_is_the_mean_of_its_seeds_at_each_number_of_labels():
    picture = made_picture(AdaptedPicture)
    result = RESULTS[1]
    picture.update(result)
    for segment, method in zip(picture._panels[0].lines.get_segments(), METHODS, strict=True):
        np.testing.assert_array_equal(segment[:, 0], COUNTS)
        means = [np.mean([run.val_accuracy[-1] for run in result.runs(method, count)]) for count in COUNTS]
        assert segment[:, 1] == pytest.approx(means)
    gains = picture._panels[1].lines.get_segments()
    assert len(gains) == 3
    assert gains[0][:, 1] == pytest.approx([100 * result.gains("head", count).mean() for count in COUNTS])
    curve = picture._panels[2].lines.get_segments()[0]
    assert curve[:, 1] == pytest.approx(np.mean([run.val_accuracy for run in result.runs("scratch", 16)], axis=0))
