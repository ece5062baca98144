"""A pipeline's function is executed: it makes of pictures what the engine makes of them."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from nbtests.engine.augmentation.pictures import smooth
from nbtests.engine.scripts.test_training import BASE, assert_equal, default_dtype
from trainingwheels.engine.augmentation import IMAGENET, TRANSFORMS, Pipeline
from trainingwheels.engine.augmentation.affine import MATRICES
from trainingwheels.engine.scripts.augmenting import augmenting, imports

SEED = 5
RNG = f"""\
def rng(place, role, piece=0):
    return np.random.Generator(np.random.SFC64(({SEED}, place, role, piece)))
"""


def executed(steps):
    """The script's ``augment``."""
    names = dict(IMAGENET._asdict())
    lines = ["import numpy as np", "import torch", *imports(steps), RNG, *augmenting(steps)]
    exec(compile("\n".join(lines), "script", "exec"), names)
    return names["augment"]


def assert_same(steps, x, times=2):
    theirs, draws = executed(steps), Pipeline(steps).draws(SEED)
    with default_dtype(torch.float64):
        for _ in range(times):  # it draws on from batch to batch
            ours = Pipeline(steps).apply(x, draws(len(x), tuple(x.shape[1:])))
            torch.testing.assert_close(theirs(x.clone()), ours, atol=1e-7, rtol=0)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_each_transform(name):
    assert_same(((name, TRANSFORMS[name].default),), smooth(6, (18, 23)))


@pytest.mark.parametrize("name", ["rand_augment", "auto_cifar10", "posterize", "crop"])
def test_on_grey_pictures_of_other_magnitudes(name):
    assert_same(((name, 0.7 * TRANSFORMS[name].high),), smooth(30, (8, 8), channels=1))


def test_neighbouring_maps_are_one_interpolation_here_too():
    steps = tuple((name, TRANSFORMS[name].default) for name in MATRICES)
    assert_same((*steps, ("flip", 0.5), ("rotate", 10), ("noise", 0.1), *steps[:2]), smooth(4))
    assert "\n".join(augmenting(steps)).count("x = warp(x, M)") == 1


@pytest.mark.parametrize(
    "values",
    [
        {"augment": (("flip", 0.5), ("translate", 0.1), ("rotate", 10))},
        {"augment": (("auto_svhn", 1.0),), "preprocessing": "normalize", "train_size": 200},
        {"augment": (("noise", 0.2), ("zoom", 0.2)), "preprocessing": "whiten", "mixup": 0.3, "cutout": 2},
        {"augment": (("crop", 0.3),), "conv": (4,), "hidden": (8,), "epochs": 3, "train_size": 100, "cutmix": 0.5},
    ],
)
def test_a_run_with_pictures_that_change(values):
    losses = assert_equal(replace(BASE, **values))
    assert np.isfinite(losses).all()
