import numpy as np
import pytest
from kornia.augmentation.auto.autoaugment.autoaugment import cifar10_policy, svhn_policy

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.augmentation import LEVELS, POLICIES, TRANSFORMS

SLIDE = (
    (("shear_x", 0.9, 7), ("invert", 0.2, 3)),
    (("shear_y", 0.7, 6), ("solarize", 0.4, 8)),
    (("shear_x", 0.9, 4), ("auto_contrast", 0.8, 3)),
    (("invert", 0.9, 3), ("equalize", 0.6, 3)),
    (("shear_y", 0.8, 5), ("auto_contrast", 0.7, 3)),
)


def test_the_lectures_policy_is_its_slides():
    assert POLICIES["lecture"] == SLIDE


@pytest.mark.parametrize(("name", "theirs"), [("cifar10", cifar10_policy), ("svhn", svhn_policy)])
def test_published_policies_are_those_that_kornia_has(name, theirs):
    """Its table leaves out the level of an operation that has no strength."""
    assert len(POLICIES[name]) == 25
    for ours, sub in zip(POLICIES[name], theirs, strict=True):
        assert len(ours) == 2
        for (operation, chance, level), (their_operation, their_chance, their_level) in zip(ours, sub, strict=True):
            assert (operation, chance) == (their_operation, their_chance)
            assert their_level in (level, None)
            assert (their_level is None) == (LEVELS[operation].value is None)


def test_each_operation_is_a_transform_of_its_own():
    for policy in POLICIES.values():
        assert {step[0] for sub in policy for step in sub} <= {*LEVELS} <= {*TRANSFORMS}


@pytest.mark.parametrize(
    ("name", "level", "value"),
    [
        ("shear_x", 7, 0.21), ("rotate", 9, 27), ("translate_x", 9, 9 / 32), ("translate_y", 3, 3 / 32),
        ("solarize", 8, 52 / 255), ("solarize", 0, 256 / 255), ("posterize", 7, 2), ("posterize", 10, 0),
        ("contrast", 5, 1.0), ("color", 0, 0.1), ("brightness", 10, 1.9), ("sharpness", 9, 1.72),
    ],
)  # fmt: skip
def test_a_level_is_what_the_authors_program_makes_of_it(name, level, value):
    """augmentation_transforms.py of google-research: float_parameter and int_parameter, of 10, at 32 x 32 pixels."""
    assert LEVELS[name].value(level) == pytest.approx(value)


@pytest.mark.parametrize(
    ("name", "level", "size", "words"),
    [
        ("rotate", 9, (32, 32), "±27°"),
        ("translate_x", 9, (32, 32), "±9 of 32 pixels"),
        ("translate_x", 9, (224, 320), "±90 of 320 pixels"),
        ("translate_y", 9, (224, 320), "±63 of 224 pixels"),
        ("shear_x", 7, (32, 32), "±0.21 pixels a row, ±12°"),
        ("shear_y", 7, (32, 32), "±0.21 pixels a column, ±12°"),
        ("solarize", 8, (32, 32), "inverted from 52 of 255 on"),
        ("solarize", 0, (32, 32), "nothing inverted"),
        ("posterize", 7, (32, 32), "2 bits a colour"),
        ("posterize", 9, (32, 32), "1 bit a colour"),
        ("invert", 3, (32, 32), "no strength"),
        ("color", 9, (32, 32), "factor 1.72"),
    ],
)
def test_a_level_in_degrees_and_pixels(name, level, size, words):
    assert LEVELS[name].words(level, size) == words


@pytest.mark.parametrize("level", LEVELS.values(), ids=LEVELS.keys())
def test_trivial_augments_range_begins_at_nothing(level):
    if level.wide and level.unit not in ("factor",):
        nothing = {"threshold": 256 / 255, "bits": 8}.get(level.unit, 0)
        assert level.wide(np.array([0.0])) == pytest.approx(nothing)
        assert abs(level.wide(np.array([1.0])) - nothing) > 0.5


def test_an_unknown_policy_is_one_clear_line():
    with pytest.raises(InvalidSetting, match="did you mean 'cifar10'"):
        POLICIES["cifar"]
