"""The picture of ten runs: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.early_stopping.conftest import FEW
from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.early_stopping.choice import Choosing
from trainingwheels.labs.early_stopping.pictures.choice import ChoicePicture

SETTINGS = ({}, {"validation": 8, "score": "loss", "patience": 30})


@pytest.fixture(scope="module")
def results():
    return [result(Choosing, **FEW, **settings) for settings in SETTINGS]


def test_nothing_overlaps_or_stays_behind(results):
    check_pictures(ChoicePicture, results)


def test_dots_are_what_is_kept(results):
    picture = made_picture(ChoicePicture)
    for each in results:
        picture.update(each)
        curves, epochs, _ = picture._panels
        marks = curves.marks.get_offsets()
        np.testing.assert_allclose(marks[:, 0], each.epochs(each.now.rule))
        np.testing.assert_allclose(marks[:, 1], each.test(each.now.rule))
        kept = np.concatenate([each.epochs(size.rule) for size in each.sizes])
        np.testing.assert_allclose(epochs.dots.get_offsets()[:, 1], kept)
