"""A cloud, step by step: script, slides, what is said of clouds without width, points of one's own."""

import numpy as np
import pytest

from nbtests.labs.preprocessing.conftest import choose
from nbtests.labs.using import apply, change, run


@pytest.mark.parametrize("settings", [{}, {"angle": -60.0, "points": 20, "seed": 3, "shift_x": -2.0}])
def test_the_script_of_the_cloud(make, settings):
    lab = make(**settings)
    steps = run(lab)["steps"]
    for taken in lab.result.steps:
        points = steps[taken.step.name]
        flip = np.sign((points * taken.points).sum(axis=0)) if taken.fitted.axes is not None else 1
        np.testing.assert_allclose(points * flip, taken.points, rtol=1e-3, atol=1e-3)


def test_the_normalized_slide_is_right(make):
    view = apply(make(), "normalized")
    original, normalized = view.steps[0].moments, view.steps[2].moments
    assert original.correlation == pytest.approx(0.84, abs=0.005)
    assert normalized.correlation == pytest.approx(0.84, abs=0.005)
    assert (original.condition, normalized.condition) == pytest.approx((13, 12), abs=0.5)


def test_it_is_round_where_the_cloud_is_not_turned(make):
    assert change(make(step="normalized"), angle=0.0).steps[2].moments.condition < 1.3


@pytest.mark.parametrize("step", ["original", "whitened"])
def test_a_cloud_without_width_is_told(make, step):
    lab = make(step=step, squeeze=0.0)
    assert "The points lie on a line" in lab.text
    change(lab, points=1)
    assert "1 point in 2 dimensions: the covariance has rank 0" in lab.text


def test_points_of_ones_own(make):
    lab = make()
    choose(lab, "cloud", "mine.csv", b"x,y\n1,2\n3,4.5\n5,6\n2,2\n")
    assert (lab.state, lab.data, lab.message) == ("done", "own", "")
    assert lab.result.steps[0].points.tolist() == [[1, 2], [3, 4.5], [5, 6], [2, 2]]
    np.testing.assert_allclose(run(lab)["X"], lab.result.steps[0].points)
    choose(lab, "cloud", "other.csv", b"0,0\n1,1\n2,2\n")
    assert "The points lie on a line" in lab.text


def test_ones_own_points_without_a_file_is_one_line(make):
    lab = make()
    lab.data = "own"
    lab.settle()
    assert lab.state == "failed"
    assert lab.message == "data = own needs a file: open one above the picture, or choose data = gaussian."
