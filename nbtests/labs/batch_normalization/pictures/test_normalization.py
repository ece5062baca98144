"""The normalized layer: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import check_texts, made_picture
from nbtests.figures.walks import check_walk
from nbtests.labs.batch_normalization.pictures.made_layers import WIDTHS, Written, layer
from trainingwheels.engine.batchnorm import NORMALIZATIONS, forward
from trainingwheels.engine.signals.batch_statistics import draw_activations
from trainingwheels.labs.batch_normalization.pictures.normalization import (
    NormalizedLayer,
    NormalizedLayerPicture,
    bins,
    histogram,
)

VIEWS = [
    layer(),
    layer("layer", positions=4, gamma=-2.0),
    layer("instance", positions=8),
    layer(mean=-10.0, beta=9.0),
]


@pytest.mark.parametrize(("width", "ratio"), [(960, 1), (352, 2)])
def test_moving_leaves_no_pixels_behind_and_height_stays(width, ratio):
    check_walk(NormalizedLayerPicture, VIEWS, width, ratio)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_of_the_layer_overlaps_another(width):
    picture = made_picture(NormalizedLayerPicture, width)
    for view in VIEWS:
        picture.update(view)
        check_texts(Written(picture, picture._texts))


def test_histograms_are_numpys():
    values = np.random.default_rng(0).normal(0, 2, 1000)
    expected, _ = np.histogram(np.clip(values, -5, 4.999), bins(1000), (-5, 5))
    assert np.array_equal(histogram(values, 5.0), expected)


@pytest.mark.parametrize("count", [64, 256, 512, 4096])
def test_a_gaussian_unit_looks_like_one(count):
    """Of all bars the one that strays most from the bell does so by less than a third of the highest, on average: with
    45 bins for 256 values, as it was, by more than a half."""
    strays = []
    for seed in range(20):
        found = histogram(np.random.default_rng(seed).normal(size=count), 5.0)
        middle = -5 + (np.arange(len(found)) + 0.5) * 10 / len(found)
        bell = np.exp(-(middle**2) / 2) * (count * 10 / len(found) / np.sqrt(2 * np.pi))
        strays.append(np.abs(found - bell).max() / bell.max())
    assert np.mean(strays) < 1 / 3
    assert len(found) % 2 == 1


def test_a_recovered_identity_is_the_first_row_again():
    x = draw_activations("mixed", 3.0, 2.0, 64, 1, 0)
    mean, var = x.mean((0, 2), keepdims=True), x.var((0, 2), keepdims=True)
    result = forward(x, np.sqrt(var + 1e-5), mean, axes=(0, 2))
    view = NormalizedLayer(x, result.x_hat, result.y, ("",) * 4, NORMALIZATIONS["batch"], np.ones(4), np.ones(4), 1e-5)
    picture = made_picture(NormalizedLayerPicture, 960)
    picture.update(view)
    outlines = [path.vertices for path in picture._bars.get_paths()]
    for first, last in zip(outlines[:4], outlines[8:], strict=True):
        assert last - last[0] == pytest.approx(first - first[0])
