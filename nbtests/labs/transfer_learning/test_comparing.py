"""What a difference over seeds says."""

import numpy as np
import pytest

from trainingwheels.labs.transfer_learning.comparing import gain_words, points


@pytest.mark.parametrize(
    ("gain", "says"),
    [
        (np.full(6, 0.05), "+5.0 points (+5.0 to +5.0: it helps)"),
        (np.full(6, -0.05), "−5.0 points (−5.0 to −5.0: it hurts)"),
        (np.array([0.1, -0.1] * 3), "not to be told from chance"),
        (np.full(4, 0.05), "+5.0 points (too few seeds for an interval)"),
    ],
)
def test_an_interval_is_put_into_words(gain, says):
    assert says in gain_words(gain)


def test_nothing_has_no_sign():
    assert (points(0.0004), points(-0.0004), points(-0.012)) == ("0.0", "0.0", "−1.2")
