"""The photographs that come with other packages."""

import subprocess
import sys

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.data import photographs as module
from trainingwheels.engine.data.photographs import IMAGE_SETS, PHOTOGRAPHS, SHOWN, SIDE


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


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_a_photograph_is_what_its_package_says(name):
    photograph = PHOTOGRAPHS[name]
    pytest.importorskip(photograph.needs)
    np.testing.assert_array_equal(photograph.load(), photograph.asked())


def test_faces_are_what_their_package_says(monkeypatch):
    pytest.importorskip("skimage")
    read = module._faces()
    monkeypatch.setattr(module, "bundled_file", lambda package, path: None)
    asked = module._faces()
    np.testing.assert_array_equal(read.train, asked.train)
    np.testing.assert_array_equal(read.shown, asked.shown)


def test_no_package_is_imported_for_its_pictures():
    load = "import sys; from trainingwheels.engine.data.photographs import IMAGE_SETS"
    asked = "[IMAGE_SETS[name].load() for name in ('photographs', 'faces', 'digits')]"
    code = f"{load}; {asked}; print({{'sklearn', 'skimage', 'scipy', 'pandas'}} & {{*sys.modules}})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


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
