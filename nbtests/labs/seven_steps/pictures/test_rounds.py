"""Rounds of grids, by the arrays in their artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.labs.seven_steps.pictures.rounds import Round, RoundsPicture, RoundsView


def seen(*levels, asked=3):
    rounds = [
        Round(0.02 * 2.0 ** (np.arange(-2, 3) / 2**place), level - 0.01 * np.abs(np.arange(5) - 3))
        for place, level in enumerate(levels)
    ]
    return RoundsView(rounds, asked, None)


VIEWS = {"three": seen(0.97, 0.98, 0.982), "one": seen(0.98, asked=1), "poor": seen(0.08, 0.2), "perfect": seen(1.0)}


@pytest.mark.parametrize("width", WIDTHS[::3])
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(RoundsPicture, VIEWS[name], width)


def test_frames_are_those_of_a_fresh_picture():
    check_frame(RoundsPicture, VIEWS["three"], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(RoundsPicture, VIEWS["three"], seen(0.96, 0.965))


def test_the_best_of_each_round_stands_beside():
    view, picture = VIEWS["three"], made_picture(RoundsPicture)
    picture.update(view)
    np.testing.assert_allclose(picture._panels[1].marks.get_offsets()[:, 1], [0.97, 0.98, 0.982])
    assert len(picture._panels[0].lines.get_segments()) == 3


def test_of_several_best_the_one_in_the_middle_counts():
    assert Round(np.arange(1.0, 6.0), np.array([0.9, 0.9, 0.5, 0.9, 0.1])).best in (1, 3)
