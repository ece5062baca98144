"""What is said of a signal on its way through a net, for settings drawn at random."""

import re

import pytest

from nbtests.labs.sentences import drawn, spoken
from trainingwheels.labs.weight_initialization.lab import WeightInitialization


@pytest.fixture(scope="module")
def said():
    lab = WeightInitialization()
    yield list(spoken(lab, width=64))
    lab.close()


def test_equal_arguments_draw_equal_settings_which_reach_every_end():
    settings = [each for each, _ in drawn(WeightInitialization, width=64)]
    assert settings == [each for each, _ in drawn(WeightInitialization, width=64)]
    assert settings != [each for each, _ in drawn(WeightInitialization, seed=1, width=64)]
    assert {each["width"] for each in settings} == {64}
    stds = {each["std"] for each in settings}
    assert {1e-4, 1.0} < stds
    assert {each["depth"] for each in settings} >= {1, 12}
    assert {each["activation"] for each in settings} == set(WeightInitialization.parameters()["activation"].table)


def test_the_numbers_of_a_course_are_those_of_its_ends(said):
    found = 0
    for each in said:
        layers = each.result.layers
        for what, ends in (
            ("Signal", (layers[0].std, layers[-1].std)),
            ("Gradient dL/da", (layers[-1].gradient_std, layers[0].gradient_std)),
        ):
            words = re.search(rf"^{what}: std (\S+) at layer \d+, (\S+) at", each.text, re.MULTILINE)
            if words:
                found += 1
                assert list(map(number, words.groups())) == pytest.approx(ends, rel=0.05)
    assert found > 200


def number(text):
    """A number as a sentence writes it."""
    return float(text.replace("−", "-").rstrip(",.:"))
