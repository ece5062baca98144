"""The picture of one example: nothing overlaps, leaves or stays behind, and digits are where one clicks."""

import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.ensembles.one_example import OneExample
from trainingwheels.labs.ensembles.pictures.one_example import OneExamplePicture


@pytest.fixture(scope="module")
def results():
    return [result(OneExample, digits=64, pick=pick) for pick in (1, 32)]


def test_nothing_overlaps_or_stays_behind(results):
    check_pictures(OneExamplePicture, results)


def test_each_digit_is_found_where_it_is_drawn(results):
    for width in (1040, 350):
        picture = made_picture(OneExamplePicture, width)
        picture.update(results[0])
        tiles = picture._tiles.tiles[1:]  # after the frame
        for digit, tile in enumerate(tiles):
            middle = tile.box.x + tile.box.width / 2, tile.box.y + tile.box.height / 2
            assert picture.point(*middle) == digit + 1
            assert tile.box.y >= 0
            assert tile.box.right <= width
        assert picture.point(2, 2) is None
