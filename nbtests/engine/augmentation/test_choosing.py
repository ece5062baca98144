import numpy as np
import pytest

from trainingwheels.engine.augmentation import LEVELS, POLICIES
from trainingwheels.engine.augmentation.choosing import CHOICES, POSITIONS, auto_augment, rand_augment, trivial_augment

N = 20_000


def numbers(columns):
    return np.random.default_rng(0).random((N, columns))


def near(share, expected):
    """Within 5 standard errors."""
    return abs(share - expected) < 5 * np.sqrt(max(expected * (1 - expected), 1e-6) / N)


@pytest.mark.parametrize("policy", POLICIES)
def test_sub_policies_are_equally_likely_and_operations_have_their_chances(policy):
    found = auto_augment(policy, numbers(6), 1.0)
    subs = POLICIES[policy]
    for place, sub in enumerate(subs, 1):
        mine = found["subpolicy"] == place
        assert near(mine.mean(), 1 / len(subs))
        for position, (name, chance, level) in zip(POSITIONS, sub, strict=True):
            acts = found[position][mine] == name
            assert near(acts.mean() / len(subs), chance / len(subs))
            assert {*found[position][mine].tolist()} <= {name, ""}
            values, operation = found[f"{position}_value"][mine][acts], LEVELS[name]
            expected = operation.value(level) if operation.value else 1
            np.testing.assert_allclose(np.abs(values), abs(expected))
            if operation.signed and expected and acts.any():
                assert 0.3 < (values > 0).mean() < 0.7
            else:
                assert (values == expected).all()


def test_a_share_of_the_pictures_is_left_alone_and_more_of_them_are_these_and_others():
    u = numbers(6)
    some, more = (auto_augment("cifar10", u, share) for share in (0.3, 0.6))
    assert near((some["subpolicy"] > 0).mean(), 0.3)
    touched = some["subpolicy"] > 0
    for name in some:
        assert (some[name][touched] == more[name][touched]).all()
    assert (some["first"][~touched] == "").all()


@pytest.mark.parametrize("level", [0, 4, 10])
def test_rand_augment_takes_two_of_fourteen_at_one_level(level):
    found = rand_augment(numbers(4), level)
    assert len(CHOICES) == 14
    for position in POSITIONS:
        names, values = found[position], found[f"{position}_value"]
        for name in CHOICES:
            mine = names == name
            assert near(mine.mean(), 1 / 14)
            if not name or LEVELS[name].value is None:
                continue
            match LEVELS[name].unit:
                case "factor":
                    np.testing.assert_allclose(np.abs(values[mine] - 1), 0.09 * level)
                case "bits":
                    assert (values[mine] == 8 - round(0.4 * level)).all()
                case _:
                    np.testing.assert_allclose(np.abs(values[mine]), LEVELS[name].value(level))


def test_trivial_augment_takes_one_of_any_strength():
    found = trivial_augment(numbers(3), 1.0)
    angles = found["first_value"][found["first"] == "rotate"]
    assert -135 <= angles.min() < -120
    assert 120 < angles.max() <= 135
    factors = found["first_value"][found["first"] == "brightness"]
    assert 0.01 <= factors.min() < 0.1
    assert 1.9 < factors.max() <= 1.99
    weak = trivial_augment(numbers(3), 0.1)
    assert np.abs(weak["first_value"][weak["first"] == "rotate"]).max() <= 13.5
    assert (weak["first"] == found["first"]).all()
