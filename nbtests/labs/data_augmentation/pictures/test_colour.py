"""The colour cube: pixels and directions where they belong, and samples beside it."""

from dataclasses import replace

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine.augmentation import colour_components
from trainingwheels.labs.data_augmentation.pictures.cells import Cell
from trainingwheels.labs.data_augmentation.pictures.colour import SAMPLES, Cloud, ColourPicture, Colours

RNG = np.random.default_rng(0)


def colours(turn=-35.0, offsets=SAMPLES, grey=False):
    pixels = RNG.uniform(0, 1, (50, 3))
    pixels = np.repeat(pixels[:, :1], 3, axis=1) if grey else pixels
    cloud = Cloud(pixels, pixels.mean(axis=0), colour_components(pixels[None, None]), 50, "pixels", grey)
    words = ("α₁ +0.13", "α₂ −0.13", "α₃ +0.64", "R −43, G −30, B −22")
    cells = [Cell(RNG.integers(0, 255, (48, 48, 3), dtype=np.uint8), f"sample {n}", words) for n in range(SAMPLES + 1)]
    return Colours(cloud, RNG.normal(0, 0.05, (offsets, 3)), cells, turn, 0.1 if offsets else None, 0.01)


VIEWS = {"offsets": colours(), "simple": colours(offsets=0), "grey": colours(grey=True), "turned": colours(turn=60.0)}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(ColourPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", VIEWS)
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(ColourPicture, VIEWS[name], VIEWS.values())


def test_the_directions_cross_in_the_mean_and_are_two_deviations_long():
    picture, result = made_picture(ColourPicture), VIEWS["offsets"]
    picture.update(result)
    lines = [path.vertices for path in picture._arrows.get_paths()]
    for line in lines[1:]:
        np.testing.assert_allclose(line.mean(axis=0), lines[0].mean(axis=0), atol=1e-6)
    assert len(picture._ends.get_offsets()) == SAMPLES
    assert picture._points.get_offsets().shape == (50, 2)


@pytest.mark.parametrize("size", [1e-5, 0.02, 0.3, 3.0])
def test_the_strips_are_the_offsets_as_large_as_colours_allow(size):
    offsets = size * np.random.default_rng(0).uniform(-1, 1, (SAMPLES, 3))
    result = replace(VIEWS["offsets"], offsets=offsets)
    found = (result.strips[1:] / 255 - result.strips[0] / 255) / result.gain
    np.testing.assert_allclose(found, offsets, atol=1 / 255 / result.gain)
    assert result.gain == 5000 or 2.5 * result.gain * np.abs(offsets).max() > 0.5
    picture = made_picture(ColourPicture)
    picture.update(result)
    shown = [tile.colors[0, 0, :3] for tile in picture._tiles.tiles[1::2]]
    np.testing.assert_array_equal(shown, result.strips)


def test_without_offsets_there_are_no_strips():
    assert VIEWS["simple"].gain == 0
    assert replace(VIEWS["offsets"], offsets=np.zeros((SAMPLES, 3))).gain == 0
    assert len(VIEWS["simple"].strips) == 0


def test_the_cube_can_be_taken_hold_of_and_nothing_else():
    picture = made_picture(ColourPicture)
    box = picture._cube
    assert picture.point(box.x + 5, box.y + 5) == box.x + 5
    assert picture.point(box.right + 50, box.y + 5) is None
