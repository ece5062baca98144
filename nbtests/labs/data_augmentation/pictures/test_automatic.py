"""The grid of batches by sub-policies: each picture in its row and column, whichever way it lies."""

from dataclasses import replace

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine.augmentation import POLICIES
from trainingwheels.labs.data_augmentation.pictures.automatic import BATCHES, COLUMNS, Automatic, AutomaticPicture
from trainingwheels.labs.data_augmentation.pictures.cells import Cell

RNG = np.random.default_rng(0)


def automatic(subs=POLICIES["lecture"]):
    def cell(*words):
        return Cell(RNG.integers(0, 255, (16, 16, 3), dtype=np.uint8), "flower", words)

    heads = [("sub-policy 25", "TranslateY, 0.7, 9", "AutoContrast, 0.9, 1")] * COLUMNS if subs else [("draw 1",)] * 5
    cells = [cell("TranslateX +101 px", "AutoContrast") for _ in range(BATCHES * COLUMNS)]
    return Automatic(cell(), cells, heads, subs, 20, ("AutoAugment: one of 25.",))


def mixed():
    cells = [replace(cell, words=("0.63 flower", "0.37 astronaut")) for cell in automatic(()).cells]
    heads = [("with astronaut",)] * COLUMNS
    return replace(automatic(()), cells=cells, heads=heads, batches=["λ = 0.63", "λ = 0.07", "over 99.9 % in sight"])


VIEWS = {"sub-policies": automatic(), "draws": automatic(()), "mixed": mixed()}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(AutomaticPicture, VIEWS[name], width)


def test_frames_are_those_of_a_fresh_picture():
    check_frame(AutomaticPicture, VIEWS["draws"], VIEWS.values())


@pytest.mark.parametrize("width", [960, 340])
def test_a_column_is_a_sub_policy_and_in_a_narrow_picture_a_row(width):
    picture, result = made_picture(AutomaticPicture, width), VIEWS["sub-policies"]
    picture.update(result)
    tiles = picture._tiles.tiles
    assert len(tiles) == BATCHES * (COLUMNS + 1)
    for batch in range(BATCHES):
        row = tiles[batch * (COLUMNS + 1) :][: COLUMNS + 1]
        np.testing.assert_array_equal(row[0].colors[::-1, :, :3], result.original.image)
        for column, tile in enumerate(row[1:]):
            np.testing.assert_array_equal(tile.colors[::-1, :, :3], result.cells[COLUMNS * batch + column].image)
            other = row[0].box
            assert (tile.box.x, tile.box.y)[width > 640] == (other.x, other.y)[width > 640]
