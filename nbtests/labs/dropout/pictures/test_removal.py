"""The picture of this view: what stands where, by the arrays in the artists."""

import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.dropout.pictures.removal import RemovalPicture
from trainingwheels.labs.dropout.removal import Removing

FEW = {"examples": 64}


@pytest.fixture(scope="module")
def results():
    return [
        result(Removing, **FEW, **settings) for settings in ({}, {"order": "worst", "removed": 32}, {"order": "hand"})
    ]


def test_nothing_overlaps_or_stays_behind(results):
    check_pictures(RemovalPicture, results)


def test_units_that_are_gone_are_pale_and_crossed(results):
    picture = made_picture(RemovalPicture)
    picture.update(results[0])
    strength = [int((255 - tile.colors[..., :3].astype(int)).max()) for tile in picture._tiles.tiles]
    assert len(strength) == 64
    for place, gone in enumerate(results[0].gone):
        mine = strength[32 * place : 32 * place + 32]
        assert max(mine[unit] for unit in gone) < 43 <= max(mine)
    crossed = [picture.point(label.x, label.y) for label in picture._texts.labels if label.text == "×"]
    assert crossed == [(net, unit) for net, gone in enumerate(results[0].gone) for unit in sorted(gone)]


def test_a_unit_is_found_where_it_is_drawn(results):
    picture = made_picture(RemovalPicture)
    picture.update(results[0])
    for place, (box, _) in enumerate(picture._tiles.tiles):
        assert picture.point(box.x + 1, box.y + 1) == divmod(place, 32)
        assert picture.point(box.x - 2, box.y + 1) is None
