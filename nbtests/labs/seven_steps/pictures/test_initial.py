"""Initial losses, by the arrays in their artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine import RunConfig
from trainingwheels.engine.steps.passing import initial_passed
from trainingwheels.labs.seven_steps.pictures.initial import InitialPicture, InitialView


def seen(level=2.5, even=2.3026, words="log 10", l2=1e-3):
    losses = level * np.linspace(0.9, 1.1, 10)
    return InitialView(losses, np.full(10, 400.0), even, words, l2, initial_passed(losses, even), RunConfig())


VIEWS = {"good": seen(), "hinge": seen(9.5, 9.0, "10 − 1"), "high": seen(40.0, l2=0.1), "low": seen(0.3, l2=1e-6)}


@pytest.mark.parametrize("width", WIDTHS[::3])
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(InitialPicture, VIEWS[name], width)


def test_frames_are_those_of_a_fresh_picture():
    check_frame(InitialPicture, VIEWS["good"], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(InitialPicture, VIEWS["good"], seen(2.8))


def test_a_dot_for_each_net_and_the_penalty_on_top():
    view, picture = VIEWS["good"], made_picture(InitialPicture)
    picture.update(view)
    nets, decay = picture._panels
    np.testing.assert_allclose(nets.marks.get_offsets()[:, 1], view.losses)
    (x, y), *_ = decay.marks.get_offsets()
    assert (x, y) == pytest.approx((view.l2, view.losses.mean() + view.l2 * 400))
