"""The picture of this view: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.search.pictures.scales import ScalesPicture
from trainingwheels.labs.search.scales import LogOrLinear


@pytest.fixture(scope="module")
def results():
    others = ({}, {"tries": 30, "learner": "momentum", "top": 0.01}, {"low": 1e-6, "high": 10.0, "tries": 1})
    return [result(LogOrLinear, **settings) for settings in others]


def test_nothing_overlaps_or_stays_behind(results):
    check_pictures(ScalesPicture, results)


def test_marks_stand_where_the_trials_are(results):
    picture = made_picture(ScalesPicture)
    for each in results:
        picture.update(each)
        marks = np.asarray(picture._panels[0].marks.get_offsets())
        rates = np.concatenate([each.drawn["log"], each.drawn["linear"]])
        assert marks[:, 0] == pytest.approx(rates)
        assert marks[:, 1] == pytest.approx(each.score(rates))
