"""Colours: components that are those of the pixels, offsets along them, and what is said of them."""

import numpy as np
import pytest

from nbtests.labs.using import change, run
from nbtests.words import numbers
from trainingwheels.engine.data.photographs import IMAGE_SETS


@pytest.fixture
def colour(make):
    return make(show="colour")


def test_the_directions_are_those_of_the_singular_value_decomposition(colour):
    cloud = colour.result.cloud
    pixels = np.moveaxis(IMAGE_SETS["photographs"].load().train, 1, -1).reshape(-1, 3).astype(float)
    _, singular, vectors = np.linalg.svd(pixels - pixels.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(cloud.components.eigenvalues, singular**2 / len(pixels), rtol=1e-6)
    np.testing.assert_allclose(np.abs(np.diag(cloud.components.eigenvectors @ vectors.T)), 1, atol=1e-6)
    assert cloud.count == len(pixels)


def test_each_sample_is_the_photograph_with_its_offset(colour):
    result = change(colour, alpha=1.0)
    original = result.cells[0].image / 255
    for offset, cell in zip(result.offsets, result.cells[1:], strict=True):
        np.testing.assert_allclose(cell.image / 255, (original + offset).clip(0, 1), atol=0.51 / 255)
    values = result.cloud.components.eigenvalues
    along = result.offsets @ result.cloud.components.eigenvectors.T / values  # alpha
    assert np.abs(along).max() < 4
    for alphas, cell in zip(along, result.cells[1:], strict=True):
        np.testing.assert_allclose(numbers("α₁ #|α₂ #|α₃ #", "|".join(cell.words)), alphas, atol=0.0051)
    np.testing.assert_allclose(change(colour, alpha=0.5).offsets, result.offsets / 2)


def test_contrast_and_brightness_change_no_grey_into_a_colour(colour, make):
    result = change(colour, jitter="simple", of="digits")
    assert len(result.offsets) == 0
    assert result.alpha is None
    assert result.cloud.grey
    assert "They are grey" in colour.text
    np.testing.assert_allclose(result.cloud.components.eigenvalues[1:], 0, atol=1e-12)


def test_the_numbers_in_the_words_are_those_of_the_result(colour):
    result = change(colour, alpha=0.1)
    along = 0.1 * result.cloud.components.eigenvalues[0]
    assert f"= {along:.4f} along p₁, {255 * along:.1f} of 255" in colour.text
    assert f"the offset {255**2 * along:,.0f}" in colour.text
    assert numbers("# % of the samples' numbers", colour.text)[0] == pytest.approx(100 * result.cut, abs=0.51)


def test_the_pixels_may_be_those_of_the_photograph_alone(colour):
    result = change(colour, of="this", photograph="flower")
    assert result.cloud.name == "flower"
    assert result.cloud.count == result.cells[0].image[..., 0].size


@pytest.mark.parametrize("jitter", ["pca", "simple"])
@pytest.mark.parametrize("of", ["photographs", "digits", "this"])
def test_the_script_makes_the_same_samples(colour, jitter, of):
    result = change(colour, jitter=jitter, of=of, draw=4, alpha=0.5)
    names = run(colour)
    np.testing.assert_allclose(names["values"], result.cloud.components.eigenvalues, atol=1e-6)
    for sample, cell in zip(names["samples"], result.cells[1:], strict=True):
        np.testing.assert_allclose(sample, cell.image / 255, atol=0.51 / 255)


def test_the_cube_is_turned_by_the_mouse(colour):
    s = colour._named()
    assert colour.view.drag(s, 100.0, 140.0) == {"turn": s.turn - 20}
