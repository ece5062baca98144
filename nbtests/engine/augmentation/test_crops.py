import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.augmentation import TEST_SCALES, Crop, cut, resized, resnet_crop, ten_crops


def test_ten_crops_are_corners_centre_and_their_mirrors():
    places = [(0, 0), (0, 32), (32, 0), (32, 32), (16, 16)]
    assert [*ten_crops(256, 256, 224)] == [(*place, False) for place in places] + [(*place, True) for place in places]
    places = [(0, 0), (0, 101), (20, 0), (20, 101), (10, 50)]  # the centre is rounded down
    assert [crop[:2] for crop in ten_crops(244, 325, 224)[:5]] == places
    assert {crop[:2] for crop in ten_crops(224, 224, 224)} == {(0, 0)}


def test_resnets_five_scales_have_fifty_crops_all_inside():
    assert TEST_SCALES == (224, 256, 384, 480, 640)
    crops = [
        (crop, *resized(480, 640, short)) for short in TEST_SCALES for crop in ten_crops(*resized(480, 640, short))
    ]
    assert len(crops) == 50
    for crop, height, width in crops:
        assert min(height, width) in TEST_SCALES
        assert 0 <= crop.top <= height - 224
        assert 0 <= crop.left <= width - 224


@pytest.mark.parametrize("size", [(300, 500), (1200, 900), (64, 64)])
def test_resnets_random_crop_has_every_short_side_and_place(size):
    rng = np.random.default_rng(0)
    drawn = [resnet_crop(*size, rng) for _ in range(4000)]
    shorts = [crop.short for crop in drawn]
    assert (min(shorts), max(shorts)) == (256, 480)
    assert len(set(shorts)) == 225  # all from 256 to 480: each is missed with a chance of e^-18
    assert abs(np.mean(shorts) - 368) < 5 * np.sqrt((225**2 - 1) / 12 / len(drawn))
    for crop in drawn:
        height, width = resized(*size, crop.short)
        assert crop.size == 224
        assert 0 <= crop.top <= height - 224
        assert 0 <= crop.left <= width - 224
    at_edges = [crop.top == 0 for crop in drawn] + [crop.top == resized(*size, crop.short)[0] - 224 for crop in drawn]
    assert any(at_edges[:4000])
    assert any(at_edges[4000:])


def test_the_same_generator_gives_the_same_crop():
    assert resnet_crop(300, 400, np.random.default_rng(5)) == resnet_crop(300, 400, np.random.default_rng(5))


@pytest.mark.parametrize(
    ("height", "width", "short", "expected"),
    [(480, 640, 224, (224, 299)), (640, 480, 256, (341, 256)), (100, 100, 7, (7, 7)), (1, 1000, 3, (3, 3000))],
)
def test_resizing_keeps_the_aspect(height, width, short, expected):
    assert resized(height, width, short) == expected


def test_what_crops_show_is_what_numpys_slices_are():
    images = np.arange(2 * 3 * 6 * 7).reshape(2, 3, 6, 7)
    shown = cut(images, ten_crops(6, 7, 4), 4)
    assert shown.shape == (10, 2, 3, 4, 4)
    np.testing.assert_array_equal(shown[0], images[:, :, :4, :4])
    np.testing.assert_array_equal(shown[3], images[:, :, 2:, 3:])
    np.testing.assert_array_equal(shown[4], images[:, :, 1:5, 1:5])
    np.testing.assert_array_equal(shown[5:], shown[:5, ..., ::-1])


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: cut(np.zeros((1, 3, 8, 8)), [Crop(3, 0, False)], 6), r"6 x 6 at \(3, 0\) reaches beyond 8 x 8"),
        (lambda: cut(np.zeros((1, 3, 8, 8)), [Crop(-1, 0, False)], 6), "reaches beyond"),
        (lambda: ten_crops(200, 300), "a crop of 224 x 224 does not fit a picture of 200 x 300 pixels: choose .* 200"),
        (lambda: ten_crops(200, 300, 0), "size = 0 is out of range: choose a whole number from 1"),
        (lambda: ten_crops(-1, 300), "height = -1 is out of range"),
        (lambda: ten_crops(256.5, 300), "height = 256.5 is not a whole number"),
        (lambda: ten_crops(256, "a"), "width = 'a' is not a whole number"),
        (lambda: resnet_crop(256, 300.5, np.random.default_rng(0)), "width = 300.5 is not a whole number"),
        (lambda: resized(0, 300, 224), "height = 0"),
        (lambda: resnet_crop(300, -1, np.random.default_rng(0)), "width = -1"),
    ],
)
def test_what_does_not_fit_is_one_clear_line(ask, words):
    with pytest.raises(InvalidSetting, match=words) as refused:
        ask()
    assert "\n" not in str(refused.value)
