"""Cross-validation done wrong."""

import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.search import choose_before_and_inside


def test_with_nothing_to_choose_both_ways_are_one():
    found = choose_before_and_inside(features=5, chosen=5)
    assert (found.before == found.inside).all()
    assert abs(found.before.mean() - 0.5) < 0.1


def test_what_cannot_be_is_refused():
    with pytest.raises(
        InvalidSetting, match="chosen = 20 is out of range: choose a whole number from 1 to 10 features"
    ):
        choose_before_and_inside(features=10, chosen=20)
    with pytest.raises(InvalidSetting, match="examples = 5 is out of range"):
        choose_before_and_inside(examples=5)
