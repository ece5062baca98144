"""The picture of this view: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.search.pictures.two_parameters import TwoParametersPicture
from trainingwheels.labs.search.two_parameters import GridAndRandom


@pytest.fixture(scope="module")
def results():
    return [
        result(GridAndRandom, **settings)
        for settings in (
            {},
            {"importance": 0.0, "side": 1},
            {"importance": 1.0, "side": 8, "beside": "sobol"},
            {"landscape": "l2", "side": 2},
        )
    ]


def test_nothing_overlaps_or_stays_behind(results):
    check_pictures(TwoParametersPicture, results)


def test_trials_stand_on_the_map_and_in_the_stretched_space(results):
    picture = made_picture(TwoParametersPicture)
    for each in results:
        picture.update(each)
        offsets = np.asarray(picture._dots.get_offsets())
        start = 0
        for frame, points in zip(picture._frames, each.points.values(), strict=True):
            count, box = len(points), frame.map
            on_map = (offsets[start : start + count] - (box.x, box.y)) / box.width
            assert on_map == pytest.approx(points)
            flat = offsets[start + count + 1 : start + 2 * count + 1]
            assert flat[:, 0].min() >= frame.room.x - 1e-9
            assert flat[:, 1].min() >= frame.room.y - 1e-9
            high, wide = np.ptp(flat, axis=0)[::-1]
            if count > 1:
                assert high / wide == pytest.approx(each.importance * np.ptp(points[:, 1]) / np.ptp(points[:, 0]))
            start += 2 * count + 2
        assert start == len(offsets)
