"""The photographs that come with other packages."""

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.data import photographs as module
from trainingwheels.engine.data.photographs import IMAGE_SETS, SHOWN, SIDE


def test_photographs_are_cropped_and_none_of_the_shown_ones_is_among_the_crops():
    images = IMAGE_SETS["photographs"].load()
    assert images.train.shape[1:] == (3, SIDE, SIDE)
    assert 0 <= images.train.min() < images.train.max() <= 1
    assert len(images.shown) == len(images.names) >= 2
    distances = np.abs(images.train[:, None] - images.shown).mean(axis=(2, 3, 4))
    assert distances.min() > 0.005


def test_there_is_a_cat():
    pytest.importorskip("skimage")
    assert IMAGE_SETS["photographs"].load().names[0] == "cat"


def test_faces_are_left_out_without_their_package(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(InvalidSetting, match="install it with pip"):
        module._faces()
    module.photographs.cache_clear()
    with pytest.raises(InvalidSetting, match="install it with pip"):
        module.photographs()


def test_digits_and_faces_are_gray():
    assert IMAGE_SETS["digits"].load().shown.shape == (SHOWN, 1, 8, 8)
    pytest.importorskip("skimage")
    faces = IMAGE_SETS["faces"].load()
    assert (faces.train.shape, faces.shown.shape) == ((94, 1, 25, 25), (SHOWN, 1, 25, 25))
