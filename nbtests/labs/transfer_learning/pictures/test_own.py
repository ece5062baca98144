"""Own classes: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures
from trainingwheels.engine.data.drawings import GRID
from trainingwheels.engine.evaluation.few_shot import FewShot, Head, source_config
from trainingwheels.labs.transfer_learning.pictures.own import OwnPicture, OwnView


def made(classes=3, each=4, seed=0):
    rng = np.random.default_rng(seed)
    y = np.arange(classes * each) % classes
    head = Head(np.zeros((classes, 64)), np.zeros(classes), np.zeros(64), 1.0, np.ones(len(y)), 0.012)
    p, q = rng.dirichlet(np.ones(classes), 2)
    cells = rng.random((GRID, GRID)) < 0.3
    return OwnView(rng.random((len(y), 64)), y, cells, rng.random(64), FewShot(head, head, source_config(0)), p, q)


RESULTS = [made(), made(5, 12), made(2, 1)]


def test_nothing_overlaps_or_stays_behind():
    check_pictures(OwnPicture, RESULTS)


def test_bars_are_probabilities_and_every_image_has_a_tile():
    picture = made_picture(OwnPicture)
    result = RESULTS[1]
    picture.update(result)
    bars = picture._bars.lines.get_segments()
    assert [bar[1, 0] for bar in bars] == pytest.approx([*result.on_features, *result.on_pixels])
    assert len(picture._tiles.tiles) == 2 + len(result.y)


@pytest.mark.parametrize("width", [960, 352])
def test_the_field_has_its_corners(width):
    picture = made_picture(OwnPicture, width)
    field = picture._field
    assert picture.point(field.x, field.top) == (0, 0)
    assert picture.point(field.right, field.y) == (GRID, GRID)
    assert picture.point(field.right + 1, field.y) is None


@pytest.mark.parametrize("width", [960, 352])
def test_a_finger_draws_where_the_mouse_does_and_nowhere_else(width):
    picture = made_picture(OwnPicture, width)
    height = picture.size[1]
    left, top, across, down = picture.held
    for x in np.linspace(0, width, 60):
        for y in np.linspace(0, height, 60):
            held = 0 <= x / width - left <= across and 0 <= 1 - y / height - top <= down
            assert held == (picture.point(x, y) is not None)
