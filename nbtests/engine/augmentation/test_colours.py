import numpy as np
import pytest

from nbtests.engine.augmentation.pictures import bytes_of
from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.augmentation import IMAGENET, colour_components, colour_offset


def coloured(n=300):
    """Pictures whose three channels vary together, and differ."""
    common = bytes_of(n, (6, 5)).astype(float)
    return np.clip(common @ [[0.6, 0.3, 0.1], [0.3, 0.5, 0.2], [0.2, 0.3, 0.4]], 0, 255) / 255


def test_components_are_those_of_numpys_svd():
    images = coloured()
    values, vectors = colour_components(images)
    pixels = images.reshape(-1, 3)
    _, singular, rows = np.linalg.svd(pixels - pixels.mean(0), full_matrices=False)
    np.testing.assert_allclose(values, singular**2 / len(pixels), rtol=1e-9)
    np.testing.assert_allclose(np.abs((vectors * rows).sum(1)), 1, atol=1e-9)  # the same lines
    assert (np.diff(values) < 0).all()
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(3), atol=1e-12)


def test_units_and_many_pictures_and_float32_make_no_difference_beyond_their_rounding():
    images = coloured()
    whole = colour_components(images)
    for same in (images.astype(np.float32), np.concatenate([images, images])):
        found = colour_components(same)
        np.testing.assert_allclose(found.eigenvalues, whole.eigenvalues, rtol=1e-5)
        np.testing.assert_allclose(found.eigenvectors, whole.eigenvectors, atol=1e-5)
    flat = colour_components(np.full((2, 3, 3, 3), 0.25))
    np.testing.assert_allclose(flat.eigenvalues, 0, atol=1e-12)


def test_an_offset_is_the_lectures_sum_and_imagenets_numbers_are_alexnets():
    alpha = np.array([[0.1, 0.0, -0.2], [0.0, 1.0, 0.0]])
    found = colour_offset(IMAGENET, alpha)
    expected = sum(alpha[:, [i]] * IMAGENET.eigenvalues[i] * IMAGENET.eigenvectors[i] for i in range(3))
    np.testing.assert_allclose(found, expected)
    np.testing.assert_array_equal(IMAGENET.eigenvalues, [0.2175, 0.0188, 0.0045])
    np.testing.assert_allclose(IMAGENET.eigenvectors @ IMAGENET.eigenvectors.T, np.eye(3), atol=2e-3)  # 4 digits


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((2, 3, 4)), "shape"),
        (np.zeros((2, 3, 4, 4)), "channels last"),
        (np.zeros((0, 3, 4, 3)), "shape"),
        (np.full((1, 2, 2, 3), 128.0), "dividing by 255"),
        (np.full((1, 2, 2, 3), np.nan), "choose 0 to 1"),
    ],
)
def test_what_has_no_colours_is_one_clear_line(images, words):
    with pytest.raises(InvalidSetting, match=words) as refused:
        colour_components(images)
    assert "\n" not in str(refused.value)
