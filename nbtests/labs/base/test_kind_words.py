"""What a gain over seeds says."""

import numpy as np
import pytest

from trainingwheels.labs.base.kind_words import gain_words, spread_words


@pytest.mark.parametrize(
    ("gain", "says"),
    [
        (np.full(6, 0.05), "+5.0 points (+5.0 to +5.0: it helps here)"),
        (np.full(6, -0.05), "−5.0 points (−5.0 to −5.0: it hurts here)"),
        (np.array([0.1, -0.1] * 3), "not to be told from chance"),
        (np.full(4, 0.05), "+5.0 points (too few nets for an interval)"),
        (np.full(6, 0.0003), "0.0 points (0.0 to 0.0: not to be told from chance)"),
        (np.zeros(6), "0.0 points (the same, net by net)"),
        (np.zeros(1), "0.0 points (the same)"),
    ],
)
def test_an_interval_is_put_into_words(gain, says):
    assert says in gain_words(gain)


@pytest.mark.parametrize(
    ("accuracies", "words"), [([0.9, 0.8, 0.95], ", from 80.0 % to 95.0 %"), ([0.9, 0.9], ""), ([0.9], "")]
)
def test_nets_that_are_one_have_no_spread(accuracies, words):
    assert spread_words(np.array(accuracies)) == words
