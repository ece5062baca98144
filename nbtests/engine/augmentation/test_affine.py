import numpy as np
import pytest
import torch
from kornia.geometry.transform import get_affine_matrix2d, warp_affine
from skimage.transform import AffineTransform
from skimage.transform import warp as skimage_warp

from nbtests.engine.augmentation.pictures import SIZE, blob, centroid, smooth
from trainingwheels.engine.augmentation.affine import MATRICES
from trainingwheels.engine.augmentation.operations import warp

VALUES = {
    "translate": {"right": [0.1, -0.2], "down": [-0.05, 0.3]},
    "translate_x": {"right": [0.1, -0.2]},
    "translate_y": {"down": [0.1, -0.2]},
    "rotate": {"degrees": [17.0, -120.0]},
    "zoom": {"factor": [1.4, 0.7]},
    "stretch": {"factor": [1.4, 0.7]},
    "shear_x": {"shear": [0.3, -0.2]},
    "shear_y": {"shear": [0.3, -0.2]},
    "crop": {"side": [0.5, 0.8], "left": [0.0, 0.7], "top": [1.0, 0.2]},
}


def matrices(name, **values):
    return MATRICES[name](SIZE, **{key: np.array(value, float) for key, value in values.items()})


def about_the_corner(matrix):
    """The same map in pixel coordinates, whose origin is the first pixel."""
    middle = np.eye(3)
    middle[:2, 2] = (SIZE[1] - 1) / 2, (SIZE[0] - 1) / 2
    return middle @ matrix @ np.linalg.inv(middle)


@pytest.mark.parametrize("name", MATRICES)
def test_each_map_is_scikit_images_warp_by_the_same_matrix(name):
    x = smooth(2)
    found, maps = warp(x, matrices(name, **VALUES[name])), matrices(name, **VALUES[name])
    inside = np.zeros(SIZE, bool)
    inside[2:-2, 2:-2] = True  # at the border scikit-image blends with its own rule
    for place in range(2):
        map_back = AffineTransform(about_the_corner(maps[place]))
        for plane, ours in zip(x[place].numpy(), found[place].numpy(), strict=True):
            theirs = skimage_warp(plane, map_back, order=1, mode="constant")
            reached = skimage_warp(np.ones(SIZE), map_back, order=1, mode="constant") > 1 - 1e-9
            assert (inside & reached).sum() > 50
            np.testing.assert_allclose(ours[inside & reached], theirs[inside & reached], atol=1e-6)


def kornias(name, right=0, down=0, degrees=0, factor=1, shear=0, side=1, left=0.5, top=0.5):
    """kornia's matrix, source to destination, of one picture; its angles go with the clock."""
    height, width = SIZE
    scale = {"stretch": (factor, 1 / factor)}.get(name, (factor / side, factor / side))
    shift = right * width - (left - 0.5) * (1 - side) * (width - 1) / side
    fall = down * height - (top - 0.5) * (1 - side) * (height - 1) / side
    angle = -np.arctan(shear)
    sx, sy = (angle, 0.0) if name == "shear_x" else (0.0, angle)
    centre = (width - 1) / 2, (height - 1) / 2
    given = [[[shift, fall]], [centre], [scale], [-degrees], [sx], [sy]]
    return get_affine_matrix2d(*(torch.tensor(each, dtype=torch.float64) for each in given))


@pytest.mark.parametrize("name", MATRICES)
def test_each_map_is_kornias(name):
    for place in range(2):
        one = {key: value[place] for key, value in VALUES[name].items()}
        ours = np.linalg.inv(about_the_corner(matrices(name, **VALUES[name])[place]))
        np.testing.assert_allclose(ours, kornias(name, **one)[0], atol=1e-9)
        x = smooth(1)
        theirs = warp_affine(x, kornias(name, **one)[:, :2], SIZE)
        torch.testing.assert_close(warp(x, matrices(name, **VALUES[name])[[place]]), theirs, atol=1e-9, rtol=0)


def test_a_translation_moves_the_centroid_by_as_many_pixels():
    moved = warp(blob().expand(2, -1, -1, -1), matrices("translate", right=[0.1, -0.15], down=[-0.1, 0.2]))
    expected = np.array([[-0.1 * SIZE[0], 0.1 * SIZE[1]], [0.2 * SIZE[0], -0.15 * SIZE[1]]])
    np.testing.assert_allclose(centroid(moved) - centroid(blob()), expected, atol=1e-3)


@pytest.mark.parametrize("name", ["shear_x", "shear_y", "rotate", "stretch"])
def test_what_keeps_area_keeps_it(name):
    maps = matrices(name, **VALUES[name])
    np.testing.assert_allclose(np.linalg.det(maps), 1, atol=1e-12)
    spot = blob(at=(11, 15))
    after = warp(spot.expand(2, -1, -1, -1), maps).sum((1, 2, 3))
    np.testing.assert_allclose(after, spot.sum().expand(2), rtol=0.02)  # bilinear interpolation blurs the spot


def test_positive_angles_turn_against_the_clock_and_four_quarter_turns_are_none():
    x = smooth(1, (20, 20))
    quarter = MATRICES["rotate"]((20, 20), np.array([90.0]))
    torch.testing.assert_close(warp(x, quarter), torch.rot90(x, 1, (2, 3)), atol=1e-9, rtol=0)
    whole = x
    for _ in range(4):
        whole = warp(whole, quarter)
    torch.testing.assert_close(whole, x, atol=1e-9, rtol=0)


@pytest.mark.parametrize(("left", "top"), [(0.0, 0.0), (1.0, 1.0), (0.5, 0.5)])
def test_a_crop_shows_its_window_and_nothing_from_outside(left, top):
    """With half the side, the corners of the result are pixels of the window's corners."""
    x = torch.arange(1.0, 1 + 21 * 21, dtype=torch.float64).view(1, 1, 21, 21)
    found = warp(x, MATRICES["crop"]((21, 21), *(np.array([each]) for each in (0.5, left, top))))
    row, column = int(top * 10), int(left * 10)
    torch.testing.assert_close(found[0, 0, ::2, ::2], x[0, 0, row : row + 11, column : column + 11], atol=1e-9, rtol=0)
    assert (found > 0).all()


def test_a_shear_moves_rows_right_below_the_middle():
    lower = blob(at=(18, 15))
    (row, column), (before, start) = centroid(warp(lower, matrices("shear_x", shear=[0.3]))[:1])[0], centroid(lower)[0]
    assert abs(float(row - before)) < 0.01
    assert float(column - start) == pytest.approx(0.3 * (float(before) - (SIZE[0] - 1) / 2), abs=0.02)
