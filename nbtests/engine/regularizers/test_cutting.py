from itertools import pairwise

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.regularizers import cutmix, cutout

IMAGES = np.random.default_rng(0).uniform(0.1, 1, (40, 3, 8, 8))
Y = np.eye(4)[np.arange(40) % 4]


def test_a_square_is_cut_and_clipped_at_the_border():
    cut = cutout(IMAGES, 4, np.random.default_rng(0))
    holes = cut.images == 0
    assert (holes == holes[:, :1]).all()  # all channels
    for image, hole, box in zip(IMAGES, holes[:, 0], cut.boxes, strict=True):
        assert hole.sum() == box.area <= 16
        assert hole[box.top : box.bottom, box.left : box.right].all()
        assert (cut.images[holes == 0] == IMAGES[holes == 0]).all()
        assert image.min() > 0
    areas = {box.area for box in cut.boxes}
    assert 16 in areas
    assert min(areas) < 16  # some are clipped


@pytest.mark.parametrize("side", [1, 3, 4, 8])
def test_the_expected_area_counts_the_clipping(side):
    """Along one axis, the mean over all centres of what lies inside; the square of it, with its standard error."""
    starts = [centre - side // 2 for centre in range(8)]
    along = np.mean([len([r for r in range(8) if start <= r < start + side]) for start in starts])
    areas = np.array([box.area for box in cutout(np.ones((4000, 1, 8, 8)), side, np.random.default_rng(1)).boxes])
    assert abs(areas.mean() - along**2) <= 5 * areas.std() / len(areas) ** 0.5


def test_a_larger_square_covers_the_smaller_one():
    holes = [cutout(IMAGES, side, np.random.default_rng(2)).images[:, 0] == 0 for side in (1, 2, 3, 5, 8)]
    for smaller, larger in pairwise(holes):
        assert (smaller <= larger).all()


def test_in_a_box_the_partner_shows_and_labels_count_by_the_area_in_sight():
    for seed in range(30):
        mixed = cutmix(IMAGES, Y, 1.0, np.random.default_rng(seed))
        box, inside = mixed.box, np.zeros((8, 8), bool)
        inside[box.top : box.bottom, box.left : box.right] = True
        partners = IMAGES[mixed.partner]
        assert (mixed.images == np.where(inside, partners, IMAGES)).all()
        assert mixed.share == pytest.approx(1 - inside.mean())
        np.testing.assert_allclose(mixed.y, mixed.share * Y + (1 - mixed.share) * Y[mixed.partner])


def test_where_nothing_is_clipped_the_box_has_the_area_of_the_paper():
    """1 - lambda, but for rounding its sides down: with many pixels, next to nothing."""
    images = np.zeros((2, 1, 400, 400))
    found = [cutmix(images, np.eye(2), 1.0, np.random.default_rng(seed)) for seed in range(200)]
    shares = [np.random.default_rng(seed).random() for seed in range(200)]  # Beta(1, 1) is uniform
    whole = [
        (1 - each.box.area / 160_000, share)
        for each, share in zip(found, shares, strict=True)
        if each.box.top > 0 and each.box.bottom < 400 and each.box.left > 0 and each.box.right < 400
    ]
    assert len(whole) > 20
    np.testing.assert_allclose(*np.transpose(whole), atol=0.01)


@pytest.mark.parametrize("side", [0, -1, 9])
def test_a_side_larger_than_the_image_is_one_clear_line(side):
    with pytest.raises(
        InvalidSetting, match=f"side = {side} does not fit the image: choose a whole number from 1 to 8"
    ):
        cutout(IMAGES, side, np.random.default_rng(0))


def test_what_is_no_image_is_one_clear_line():
    rng = np.random.default_rng(0)
    for call in (lambda: cutout(Y, 2, rng), lambda: cutmix(Y, Y, 1.0, rng)):
        with pytest.raises(InvalidSetting, match=r"choose an array \(batch, channels, height, width\)"):
            call()


def test_cutmix_refuses_what_mixup_refuses():
    with pytest.raises(InvalidSetting, match="alpha = 0"):
        cutmix(IMAGES, Y, 0, np.random.default_rng(0))
    with pytest.raises(InvalidSetting, match="at least two classes"):
        cutmix(IMAGES, np.eye(4)[[0] * 40], 1.0, np.random.default_rng(0))
