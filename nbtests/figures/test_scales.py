"""Round limits: the next round number, whole decades."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingwheels.figures.scales import decades, fine_reach, reach


@pytest.mark.parametrize(("largest", "expected"), [(0.9, 1), (1, 1), (1.1, 2), (2.4, 5), (5.1, 10), (0.003, 0.005)])
def test_reach_is_the_next_round_number(largest, expected):
    assert reach(largest) == pytest.approx(expected)


@given(st.floats(1e-300, 1e300))
def test_reach_covers_without_waste(largest):
    assert largest * (1 - 1e-6) <= reach(largest) <= largest * 2.6


@pytest.mark.parametrize("nothing", [0.0, math.inf, math.nan])
def test_reach_of_nothing_is_one(nothing):
    assert reach(nothing) == 1.0


def test_a_fine_scale_has_seven_steps_a_decade():
    assert [fine_reach(value) for value in (0.9, 1, 1.2, 14, 21, 350, 0.06, 8)] == [1, 1, 1.5, 15, 30, 400, 0.07, 10]
    assert fine_reach(0.0) == fine_reach(np.nan) == 1.0


@given(st.lists(st.floats(1e-40, 1e38), min_size=1))
def test_decades_are_whole_and_cover_everything(values):
    low, high = decades(values)
    assert low <= min(values) * (1 + 1e-9)
    assert high >= max(values) * (1 - 1e-9)
    assert math.log10(high / low) >= 1.999


def test_decades_ignore_what_a_log_axis_cannot_show():
    assert decades([0.0, math.nan, math.inf, 0.5]) == decades([0.5])
