"""Filters and their maps, by the colours of their tiles."""

import numpy as np
import pytest

from nbtests.figures.made_runs import check_texts, made_history, made_picture, made_samples, made_view
from trainingwheels.figures.palettes import signed_colors
from trainingwheels.labs.train_a_net.pictures.filters import COLUMNS, MOST, Filters, filters_height
from trainingwheels.labs.train_a_net.pictures.training import TrainingPicture

RNG = np.random.default_rng(0)


def made_filters(count=5, channels=1):
    return Filters(RNG.normal(size=(count, channels, 3, 3)), np.maximum(RNG.normal(size=(count, 8, 8)), 0))


def shown(filters, width=1040):
    picture = made_picture(TrainingPicture, width)
    picture.update(made_view(made_history(), plane=False, images=made_samples(), filters=filters))
    return picture


def maps_of(picture):
    """The tiles without their frames: a filter, what it makes of the example, the next filter, ..."""
    return [tile.colors for tile in picture._filters._tiles.tiles[1::2]]


def test_the_tiles_are_the_filters_and_their_maps():
    filters = made_filters()
    filter_, map_, *others = maps_of(shown(filters))
    assert len(others) == 2 * 4
    assert (filter_ == signed_colors(filters.weights[0, 0, ::-1], np.abs(filters.weights).max())).all()
    assert (map_ == signed_colors(filters.maps[0, ::-1], filters.maps.max())).all()


def test_filters_of_three_channels_are_colours_around_grey():
    filters = made_filters(channels=3)
    filter_ = maps_of(shown(filters))[0][::-1, :, :3].astype(float)
    weights = np.moveaxis(filters.weights[0], 0, -1)
    assert filter_ == pytest.approx(127.5 * (1 + weights / np.abs(filters.weights).max()), abs=1)
    dead = Filters(np.zeros((2, 3, 3, 3)), np.full((2, 8, 8), np.nan))
    assert set(np.unique(maps_of(shown(dead))[0][..., :3])) == {128}


@pytest.mark.parametrize("count", [1, 8, 9, 16, 30])
@pytest.mark.parametrize("width", [1400, 1040, 859, 640, 374, 320])
def test_they_stand_below_the_examples_and_inside_their_box(width, count):
    picture = shown(made_filters(count), width)
    boxes = [tile.box for tile in picture._filters._tiles.tiles]
    assert len(boxes) == 4 * min(count, MOST)
    lowest = min(tile.box.y for tile in picture._samples._tiles.tiles)
    assert lowest - 30 > max(box.top for box in boxes)  # the lines under an image, and the heading
    whole = picture._beside
    assert min(box.x for box in boxes) >= whole.x - 1
    assert max(box.right for box in boxes) <= whole.right + 1
    assert min(box.y for box in boxes) >= whole.y - 1
    check_texts(picture)


def test_more_filters_than_fit_are_counted_and_without_any_nothing_is_shown():
    picture = shown(made_filters(MOST + 3))
    assert filters_height(MOST, 400) < filters_height(MOST + 1, 400)
    assert filters_height(COLUMNS, 400) < filters_height(COLUMNS + 1, 400)
    picture.update(made_view(made_history(), plane=False, images=made_samples()))
    assert picture._filters._tiles.tiles == ()
    assert len(picture._samples._tiles.tiles) >= 16
