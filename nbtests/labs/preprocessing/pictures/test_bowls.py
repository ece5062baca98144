"""Descent on bowls: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine.geometry.bowls import bowls
from trainingwheels.labs.preprocessing.pictures.bowls import DescentPicture, DescentView


def descent(condition=50.0, rate=1.5, shift=(4.0, 3.0)):
    found = bowls(condition, 35.0, shift)
    return DescentView(found, rate, {name: bowl.steps(rate) for name, bowl in found.items()})


VIEWS = {
    "descent": descent(),
    "round": descent(1.0, 1.0, (0.0, 0.0)),
    "thin": descent(1000.0, 0.05, (10.0, 10.0)),
    "diverging": descent(50.0, 2.2),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(DescentPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", VIEWS)
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(DescentPicture, VIEWS[name], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(DescentPicture, VIEWS["descent"], descent(5.0, 0.5))


def test_the_path_in_the_bowl_ends_at_its_bottom():
    view = descent()
    picture = made_picture(DescentPicture)
    picture.update(view)
    for panel, name in zip(picture._panels, ("centred", "whitened"), strict=False):
        (path,) = panel.lines.get_segments()
        np.testing.assert_allclose(path[0], -view.bowls[name].best[:2], atol=1e-9)
        assert np.abs(path[-1]).max() < 0.1 * np.abs(path[0]).max()
        left, right, low, high = *panel.axes.get_xlim(), *panel.axes.get_ylim()
        assert (right - left) / (high - low) == pytest.approx(panel.box.width / panel.box.height, rel=1e-6)
