"""Images and their mean: what stands where, by the arrays in the artists."""

from dataclasses import replace

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame
from nbtests.figures.made_runs import made_picture
from trainingwheels.labs.preprocessing.pictures.image_means import MeansPicture, MeansView

RNG = np.random.default_rng(0)


def means(channels=3, count=6, chosen=1, name="a name that is far too long for its place"):
    images = RNG.uniform(size=(count, channels, 8, 8))
    mean = RNG.uniform(size=(channels, 8, 8))
    return MeansView(images, [name] * count, mean, mean.mean(axis=(1, 2)), 100_000, "crops of photographs", chosen)


VIEWS = {
    "images": means(),
    "gray": means(1, 2, 0),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(MeansPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", VIEWS)
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(MeansPicture, VIEWS[name], VIEWS.values())


def test_what_is_subtracted_is_drawn_and_grey_is_zero():
    view = replace(means(), mean_image=np.full((3, 8, 8), 0.5), channel_mean=np.full(3, 0.5))
    view = replace(view, images=np.full((6, 3, 8, 8), 0.5))
    picture = made_picture(MeansPicture)
    picture.update(view)
    assert len(picture._tiles.tiles) == 2 + 3 * 6
    assert {int(value) for _, colors in picture._tiles.tiles for value in colors[..., 0].ravel()} == {128}
