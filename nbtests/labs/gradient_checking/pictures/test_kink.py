"""A kink: tangent, secant and their points, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.figures.walks import check_walk
from nbtests.labs.gradient_checking.pictures.checks import WIDTHS, check_labels
from trainingwheels.engine import secant
from trainingwheels.labs.gradient_checking.pictures.kink import KinkPicture, KinkView


def kink(x=0.1, h=0.3):
    hs = 10.0 ** np.arange(-5, 1.0)
    return KinkView(secant("relu", x, h), hs, {2: hs / 2, 8: hs**0.5})


RESULTS = [kink(), kink(-2.0, 1.0), kink(0.0, 1e-12)]


@pytest.mark.parametrize("width", [960, 360])
def test_moving_leaves_no_pixels_behind_and_height_stays(width):
    check_walk(KinkPicture, RESULTS, width)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_label_leaves_the_picture(width):
    check_labels(KinkPicture, RESULTS, width)


def test_tangent_and_secant_go_through_their_points():
    shown = made_picture(KinkPicture, 960)
    result = kink(0.1, 0.3)
    shown.update(result)
    tangent, chord = (np.array(segment) for segment in shown._function.lines.get_segments())
    slopes = [float(np.diff(line[:, 1])[0] / np.diff(line[:, 0])[0]) for line in (tangent, chord)]
    assert slopes == pytest.approx([1.0, 2 / 3])
    marks = shown._function.marks.get_offsets()
    np.testing.assert_allclose(marks, [[0.4, 0.4], [-0.2, 0.0], [0.1, 0.1]])
    assert np.interp(0.4, *chord.T) == pytest.approx(0.4)
    assert np.interp(-0.2, *chord.T) == pytest.approx(0.0, abs=1e-12)
