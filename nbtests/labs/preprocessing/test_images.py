"""Images and their mean: script, slides, an image of one's own."""

import io

import numpy as np
import pytest
from PIL import Image

from nbtests.labs.preprocessing.conftest import choose
from nbtests.labs.using import apply, change, run
from trainingwheels.engine.data.photographs import SHOWN


@pytest.mark.parametrize("settings", [{}, {"images": "digits", "examples": 3}])
def test_the_script_of_the_mean_image(make, settings):
    lab = make(show="images", **settings)
    left = run(lab)
    np.testing.assert_allclose(left["mean_image"], lab.result.mean_image, atol=1e-6)
    np.testing.assert_allclose(left["channel_mean"], lab.result.channel_mean, atol=1e-5)


def test_the_slides_of_images_are_right(make):
    pytest.importorskip("skimage")  # with two photographs only, their mean is not flat
    lab = make()
    apply(lab, "alexnet")
    assert "it is nearly flat" in lab.text
    change(lab, images="digits")
    assert "it has a shape of its own" in lab.text
    view = apply(lab, "vgg")
    _, minus_image, minus_channels = view.rows()
    assert abs(minus_image.std() - minus_channels.std()) < 0.02


def test_the_mean_of_faces_has_a_shape(make):
    pytest.importorskip("skimage")
    assert "it has a shape of its own" in make(show="images", images="faces").text


def png(color=(255, 0, 255)):
    file = io.BytesIO()
    Image.new("RGB", (60, 40), color).save(file, "PNG")
    return file.getvalue()


def test_an_image_of_ones_own(make):
    lab = make(show="images", images="digits")
    choose(lab, "images", "pink.png", png())
    assert (lab.images, lab.result.names[0], len(lab.result.images)) == (
        "photographs",
        "pink",
        min(SHOWN, len(lab.result.images)),
    )
    np.testing.assert_allclose(lab.result.images[0, :, 0, 0], [1, 0, 1])
    before = lab.result.mean_image
    choose(lab, "images", "green.png", png((0, 255, 0)))
    assert lab.result.names[0] == "green"
    np.testing.assert_array_equal(lab.result.mean_image, before)  # no test image in the statistics
