"""Plots: where labels stand."""

import random

import pytest

from trainingwheels.figures.panels import Box
from trainingwheels.figures.plots import clear_of, emptiest

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


ROW, COLUMN = [(200.0 + step, 100.0) for step in range(100)], [(200.0, 100.0 + step) for step in range(50)]


@pytest.mark.parametrize(
    ("drawn", "begins"),
    [
        ([], (208.0, 96.5)),  # right of the point
        (ROW, (185.0, 83.0)),  # below a line that leaves it to the right
        ([*ROW, (200.0, 90.0)], (185.0, 110.0)),  # and above where something is below
        ([*ROW, (200.0, 90.0), *COLUMN], (162.0, 96.5)),  # and left of a line that leaves it upwards
    ],
)
def test_a_free_label_stands_where_it_covers_least(drawn, begins):
    assert emptiest(drawn, 200.0, 100.0, 30.0, Box(50, 50, 300, 200)) == begins


def test_a_free_label_stays_inside():
    pick = random.Random(0)
    box = Box(50, 50, 300, 200)
    for _ in range(200):
        x, y, width = pick.uniform(box.x, box.right), pick.uniform(box.y, box.top), pick.uniform(20, 80)
        begin, foot = emptiest([], x, y, width, box)
        assert box.holds(begin, foot)
        assert box.holds(begin + width, foot + 13)
