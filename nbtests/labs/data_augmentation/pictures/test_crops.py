"""Crops drawn: boxes where the crops are, panels that take turns, labels that keep apart."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine.augmentation import TEST_SCALES, resized, ten_crops
from trainingwheels.labs.data_augmentation.pictures.cells import Cell
from trainingwheels.labs.data_augmentation.pictures.crops import Cropped, CropsPicture, Opinion, Scaled, Spot

RNG = np.random.default_rng(0)


def image(height, width):
    return RNG.integers(0, 255, (height, width, 3), dtype=np.uint8)


def training(height=300, width=450):
    scaled = [
        Scaled(short, *resized(height, width, short), [Spot(3, 20, place)])
        for place, short in enumerate((480, 256, 300, 401, 256))
    ]
    patches = [
        Cell(image(224, 224), f"draw {place + 1}", ("L = 480, 100 % in sight", "from (141, 120)")) for place in range(5)
    ]
    return Cropped(image(height, width), scaled, patches, range(5))


def fixed(height=300, width=450, opinion=True):
    scaled = []
    for short in TEST_SCALES:
        size = resized(height, width, short)
        scaled.append(Scaled(short, *size, [Spot(*crop[:2], at) for at, crop in enumerate(ten_crops(*size)[:5])]))
    patches = [Cell(image(224, 224), "", ("upper right",)) for _ in range(10)]
    p = RNG.dirichlet(np.ones(6), 10)
    names = ["cat", "astronaut", "flower", "temple", "coffee", "rocket"]
    said = Opinion(p, p.mean(axis=0), p.mean(axis=0), names, "cat") if opinion else None
    return Cropped(image(height, width), scaled, patches, [*range(5)] * 2, 2, said)


VIEWS = {
    "training": training(),
    "training, high": training(500, 200),
    "test": fixed(),
    "test, square": fixed(400, 400),
    "test, nobody asked": fixed(opinion=False),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(CropsPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", VIEWS)
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(CropsPicture, VIEWS[name], VIEWS.values())


@pytest.mark.parametrize("width", [960, 340])
def test_boxes_lie_where_the_crops_do(width):
    picture, result = made_picture(CropsPicture, width), VIEWS["test"]
    picture.update(result)
    boxes = [tile.box for tile in picture._tiles.tiles]
    frames = [path.vertices for path in picture._frames.get_paths()]
    assert len(boxes) == 5 + 10
    assert len(frames) == 5 * 5 + 10
    for place, (scaled, box) in enumerate(zip(result.scaled, boxes[:5], strict=True)):
        assert box.width / box.height == pytest.approx(scaled.width / scaled.height)
        pixel = box.width / scaled.width
        for spot, frame in zip(scaled.spots, frames[5 * place : 5 * place + 5], strict=True):
            middle = (frame.min(axis=0) + frame.max(axis=0)) / 2
            expected = box.x + pixel * (spot.left + 112), box.top - pixel * (spot.top + 112)
            np.testing.assert_allclose(middle, expected, atol=1e-6)
