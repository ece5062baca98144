"""Two weights: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine import PENALTIES
from trainingwheels.engine.shrinkage.two_weights import Bowl
from trainingwheels.labs.penalties.pictures.geometry import PATH, GeometryPicture, GeometryView


def seen(penalty="l1", lam=0.5, optimum=(1.2, 2.0), stretch=2.0, angle=25.0):
    bowl = Bowl(optimum, stretch, angle)
    return GeometryView(bowl.solve(penalty, lam), bowl.path(penalty, PATH))


VIEWS = {
    "l1": seen(),
    "l2": seen("l2"),
    "elastic": seen("elastic", 1000.0, (-3.0, -3.0), 5.0, -90.0),
    "nothing": seen("l2", 0.0, (0.0, 0.0), 1.0),
    "no penalty": seen("l1", 0.0, (3.0, -3.0), 5.0),
}


@pytest.mark.parametrize("width", WIDTHS[::3])
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(GeometryPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", [*VIEWS][:2])
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(GeometryPicture, VIEWS[name], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(GeometryPicture, VIEWS["l1"], VIEWS["l2"])


@pytest.mark.parametrize("width", WIDTHS)
def test_a_unit_is_as_long_in_both_directions(width):
    picture = made_picture(GeometryPicture, width)
    picture.update(VIEWS["l1"])
    panel = picture._panels[0]
    (x, y), (right, top) = panel.pixels(0, 0), panel.pixels(1, 1)
    assert right - x == pytest.approx(top - y, rel=0.01)


@pytest.mark.parametrize("name", ["l1", "l2"])
def test_ball_and_contour_go_through_the_solution(name):
    view = VIEWS[name]
    picture = made_picture(GeometryPicture)
    picture.update(view)
    ball, path, contour = picture._panels[0].lines.get_segments()
    penalty, solution = PENALTIES[name], view.solution
    values = [penalty.value(w) for w in ball]
    np.testing.assert_allclose(values, penalty.value(solution.w))
    np.testing.assert_allclose(solution.bowl.loss(contour), solution.bowl.loss(solution.w))
    np.testing.assert_array_equal(path, view.path)


def test_the_dots_lie_on_the_curves_that_explain_them():
    picture = made_picture(GeometryPicture)
    picture.update(VIEWS["l1"])
    panel = picture._panels[1]
    for curve, dot in zip(panel.lines.get_segments(), panel.marks.get_offsets(), strict=True):
        assert np.interp(dot[0], *curve.T) == pytest.approx(dot[1], abs=1e-6)
