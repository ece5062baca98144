"""Plots: where the labels of vertical lines stand."""

import random

import pytest

from trainingwheels.figures.plots import clear_of

SPAN = (50.0, 400.0)


@pytest.mark.parametrize(
    ("posts", "x", "begins"),
    [
        ([100.0], 100.0, 108.0),
        ([100.0, 300.0], 100.0, 108.0),
        ([100.0, 150.0], 100.0, 158.0),  # it would cross the other line
        ([100.0, 150.0, 200.0], 100.0, 208.0),
        ([350.0], 350.0, 262.0),  # it would leave
        ([330.0, 350.0], 350.0, 242.0),
        ([90.0, 160.0, 235.0, 310.0, 380.0], 90.0, 98.0),  # no room anywhere
    ],
)
def test_the_label_of_a_line_stands_at_the_first_place_that_is_free(posts, x, begins):
    assert clear_of(posts, x, 80.0, SPAN) == begins


def test_with_two_lines_there_is_always_a_place_that_is_free():
    pick = random.Random(0)
    for _ in range(500):
        posts = [pick.uniform(*SPAN) for _ in range(pick.randint(1, 2))]
        width = pick.uniform(20, 80)  # less than a quarter of the span
        begin = clear_of(posts, pick.choice(posts), width, SPAN)
        assert SPAN[0] <= begin <= SPAN[1] - width
        assert not any(begin <= post <= begin + width for post in posts)
