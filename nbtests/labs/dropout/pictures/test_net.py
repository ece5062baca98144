"""The picture of this view: what stands where, by the arrays in the artists."""

import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.dropout.net import TheNet
from trainingwheels.labs.dropout.pictures.net import NetPicture

SETTINGS = ({}, {"keep": 0.05, "bend": "linear"}, {"keep": 1.0, "step": 300})


@pytest.fixture(scope="module")
def results():
    return [result(TheNet, **settings) for settings in SETTINGS]


def test_nothing_overlaps_or_stays_behind(results):
    check_pictures(NetPicture, results)


def test_a_dropped_unit_has_no_edges(results):
    picture = made_picture(NetPicture)
    picture.update(results[0])
    first, second = (int(kept.sum()) for kept in results[0].kept)
    for drawing in picture._nets:
        assert len(drawing.edges.get_segments()) == 3 * first + first * second + 2 * second
    crosses = [label for label in picture._texts.labels if label.text == "×"]
    assert len(crosses) == 2 * (12 - first - second)


def test_numbers_stay_inside_their_circles(results):
    for width in (1040, 640, 320):
        picture = made_picture(NetPicture, width)
        for each in results:
            picture.update(each)
            size = picture._nets[0].size
            centres = {tuple(place) for drawing in picture._nets for place in drawing.circles.get_offsets()}
            for label in picture._texts.labels:
                if (label.x, label.y + 3.5) in centres:
                    assert picture._texts.width(label.text) < size
