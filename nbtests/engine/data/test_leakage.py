"""Statistics that leak: what cannot, what can, and what is refused."""

import numpy as np
import pytest

from trainingwheels.engine import PREPROCESSING, InvalidSetting
from trainingwheels.engine.data.leakage import SOURCES, leaked_accuracies


def test_centring_cannot_leak_through_a_classifier_with_a_bias():
    """A shift of all inputs is taken up by the bias: statistics of both sets give the same predictions."""
    found = leaked_accuracies("centre", 100, 100, repeats=3).test
    np.testing.assert_array_equal(found["train"], found["both"])


def test_without_preprocessing_nothing_leaks():
    found = leaked_accuracies("none", 100, 50, repeats=3).test
    assert list(found) == SOURCES.keys()
    np.testing.assert_array_equal(found["train"], found["test"])


def test_a_test_set_of_one_has_no_statistics():
    """Minus its own mean nothing is left: the classifier says the same of every image."""
    found = leaked_accuracies("normalize", 500, 1, repeats=20).test
    assert found["train"].mean() > 0.8
    assert found["test"].mean() < 0.4


@pytest.mark.parametrize("name", PREPROCESSING)
def test_every_preprocessing_can_leak(name):
    found = leaked_accuracies(name, 40, 30, 0.2, repeats=2)
    assert all(
        values.min() >= 0 and values.max() <= 1 for each in (found.test, found.unseen) for values in each.values()
    )


def test_too_many_digits_are_refused():
    with pytest.raises(InvalidSetting, match="leave fewer than 100 of the 1,797 digits"):
        leaked_accuracies("centre", 1700, 200)
