import numpy as np
import pytest
import torch

from nbtests.engine.augmentation.pictures import smooth
from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.augmentation import KINDS, TRANSFORMS, augment
from trainingwheels.engine.augmentation.affine import MATRICES
from trainingwheels.engine.augmentation.operations import OPERATIONS

STILL_ACT_AT_0 = {"rand_augment", "trivial_augment"}  # an operation without a strength has no level 0
X = 0.5 * smooth(6, dtype=torch.float32)
X += 0.4 * torch.rand(X.shape, generator=torch.Generator().manual_seed(0))  # rough, and without white


def test_every_transform_has_its_operation_and_its_words():
    chosen = {name for name, transform in TRANSFORMS.items() if transform.kind == "policy"}
    assert {*TRANSFORMS} - chosen == {*MATRICES} | {*OPERATIONS}
    for transform in TRANSFORMS.values():
        assert transform.kind in KINDS
        assert transform.label
        assert transform.about.endswith(".")
        assert transform.formula
        assert transform.source
        assert 0 < transform.default <= transform.high


@pytest.mark.parametrize("name", TRANSFORMS)
def test_magnitude_zero_is_nothing_and_the_default_something(name):
    still = augment(X, [(name, 0)], 3).images
    if name not in STILL_ACT_AT_0:
        torch.testing.assert_close(still, X, atol=1e-5, rtol=0)
    found = augment(X, [(name, TRANSFORMS[name].default)], 3)
    assert found.images.shape == X.shape
    assert (found.images - X).abs().max() > 0.02
    assert found.images.min() >= 0
    assert found.images.max() <= 1 + 1e-6


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_picture_gets_the_same_alone_and_among_others(name):
    magnitude = TRANSFORMS[name].default
    few, many = (augment(x, [("flip", 0.5), (name, magnitude)], 8) for x in (X[:2], X))
    torch.testing.assert_close(few.images, many.images[:2], atol=1e-6, rtol=0)
    assert few.words(1) == many.words(1)
    other = augment(X, [("flip", 0.5), (name, magnitude)], 9)
    assert (other.images - many.images).abs().max() > 0.02


@pytest.mark.parametrize("name", TRANSFORMS)
def test_the_largest_magnitude_and_the_smallest_pictures_stay_pictures(name):
    for shape in ((2, 3, 1, 1), (2, 1, 8, 8), (2, 1, 1, 5), (2, 3, 3, 2)):
        x = torch.rand(shape, generator=torch.Generator().manual_seed(0))
        found = augment(x, [(name, TRANSFORMS[name].high)]).images
        assert found.shape == x.shape
        assert torch.isfinite(found).all()
        assert found.min() >= 0
        assert found.max() <= 1 + 1e-6


@pytest.mark.parametrize("name", TRANSFORMS)
def test_every_picture_says_in_words_what_it_drew(name):
    magnitude, found = TRANSFORMS[name].default, augment(X, [(name, TRANSFORMS[name].default)], 4)
    words = [found.words(place)[0] for place in range(len(X))]
    assert all(0 < len(each) <= 60 for each in words)
    assert len({*words}) > 1
    (drawn,) = found.drawn
    assert all(isinstance(each, (float, int, str)) for each in drawn.parameters(0).values())
    assert magnitude == TRANSFORMS[name].check(magnitude)


def test_nothing_has_no_minus():
    steps = [("rotate", 0.4), ("shear_x", 0.004), ("shear_y", 0.004), ("hue", 0.4)]  # about half of them below 0
    said = [each for place in range(len(X)) for each in augment(X, steps, 4).words(place)]
    assert {*said} == {"+0°", "shear +0.00", "hue +0°"}


@pytest.mark.parametrize("name", TRANSFORMS)
@pytest.mark.parametrize("factor", [-0.01, 1.01])
def test_a_magnitude_out_of_range_is_one_clear_line(name, factor):
    with pytest.raises(InvalidSetting, match=f"magnitude of {name} = .* out of range: choose a number from 0 to"):
        augment(X, [(name, factor * TRANSFORMS[name].high)])


@pytest.mark.parametrize("name", [name for name, each in TRANSFORMS.items() if each.colours])
def test_what_changes_colours_leaves_a_grey_picture_alone(name):
    grey = X[:, :1]
    assert (augment(grey, [(name, TRANSFORMS[name].high)]).images == grey).all()


@pytest.mark.parametrize("name", ["flip", "flip_vertical", "invert"])
def test_twice_is_nothing(name):
    once = augment(X, [(name, 1)]).images
    assert (once != X).any()
    torch.testing.assert_close(augment(once, [(name, 1)]).images, X)


def test_chances_are_kept():
    x = torch.zeros(4000, 1, 1, 1)
    for name in ("flip", "invert"):
        (drawn,) = augment(x, [(name, 0.3)]).drawn
        assert abs(drawn.values["applied"].mean() - 0.3) < 5 * np.sqrt(0.3 * 0.7 / 4000)


@pytest.mark.parametrize(
    ("name", "key", "ends"),
    [
        ("rotate", "degrees", (-20, 20)), ("translate", "down", (-20, 20)), ("zoom", "factor", (1 / 21, 21)),
        ("brightness", "factor", (-19, 21)), ("blur", "sigma", (0, 20)), ("crop", "side", (-19, 1)),
    ],
)  # fmt: skip
def test_a_magnitude_is_the_end_of_what_is_drawn(name, key, ends):
    u = np.stack([np.zeros(8), np.full(8, 1 - 1e-12)])
    low, high = sorted(TRANSFORMS[name].draw(u, 20)[key])
    assert (low, high) == pytest.approx(ends, abs=1e-6)
