"""Leaks: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from trainingwheels.engine.data.leakage import Leaks
from trainingwheels.labs.preprocessing.pictures.leakage import LeakPicture

RNG = np.random.default_rng(0)


def leak(low=0.5, gap=0.2):
    return Leaks(
        *(
            {name: low + place * gap + RNG.uniform(0, 0.1, 20) for place, name in enumerate(("train", "both", "test"))}
            for _ in range(2)
        )
    )


VIEWS = {
    "leak": leak(),
    "no leak": leak(0.9, 0.0),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(LeakPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", VIEWS)
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(LeakPicture, VIEWS[name], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(LeakPicture, VIEWS["leak"], leak(0.3, 0.1))
