"""The grid of samples: each picture in its place, with its words."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame
from nbtests.figures.made_runs import made_picture
from trainingwheels.labs.data_augmentation.pictures.cells import Cell
from trainingwheels.labs.data_augmentation.pictures.transforms import SAMPLES, Transformed, TransformsPicture

RNG = np.random.default_rng(0)


def transformed(side=224, words=("mirrored", "−12°", "brightness ×1.20", "→ 3.0 ↑ 12.4 px")):
    def cell(name, words=()):
        return Cell(RNG.integers(0, 255, (side, side, 3), dtype=np.uint8), name, words)

    samples = [cell(f"sample {place + 1}", words) for place in range(SAMPLES)]
    steps = [("flip", 0.5)]
    return Transformed(cell("a name that is much too long for so small a picture"), samples, cell("mean"), steps, [], 0)


VIEWS = {
    "photograph": transformed(),
    "digit": transformed(8),
    "wordy": transformed(words=["no. 25: TranslateY +101 px, AutoContrast"] * 5),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(TransformsPicture, VIEWS[name], width)


def test_frames_are_those_of_a_fresh_picture():
    check_frame(TransformsPicture, VIEWS["digit"], VIEWS.values())


def test_each_tile_is_its_picture():
    picture, result = made_picture(TransformsPicture), VIEWS["digit"]
    picture.update(result)
    cells = [result.original, *result.samples, result.mean]
    for tile, cell in zip(picture._tiles.tiles, cells, strict=True):
        np.testing.assert_array_equal(tile.colors[::-1, :, :3], cell.image)
    boxes = [tile.box for tile in picture._tiles.tiles]
    assert len({(round(box.x), round(box.y)) for box in boxes}) == SAMPLES + 2


def test_a_large_picture_is_averaged_down_and_not_thinned_out():
    rows = np.zeros((224, 224, 3), np.uint8)
    rows[::2] = 255
    picture = made_picture(TransformsPicture, 320)
    picture.update(Transformed(Cell(rows), [Cell(rows)] * SAMPLES, Cell(rows), [], [], 0))
    colors = picture._tiles.tiles[0].colors[..., :3]
    assert colors.min() > 30
    assert colors.max() < 225
