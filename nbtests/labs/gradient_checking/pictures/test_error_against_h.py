"""The error against h: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.figures.walks import check_walk
from nbtests.labs.gradient_checking.pictures.checks import WIDTHS, check_labels
from trainingwheels.labs.gradient_checking.pictures.error_against_h import ErrorCurves, ErrorPicture
from trainingwheels.labs.gradient_checking.pictures.error_zones import LEAST, MOST

HS = 10.0 ** np.arange(-15, 1.0)


def curves(h=1e-5, chosen="float64", factor=1.0):
    v = factor * (HS**2 + 1e-16 / HS)
    lines = {"float64": v, "float32": np.minimum(1e9 * v, 1.0)}
    guide = (np.array([1e-8, 1.0]), factor * np.array([1e-16, 1.0]), "truncation: h²")
    return ErrorCurves(HS, lines, chosen, h, float(np.interp(h, HS, v)), v * 100, "one-sided", "a net", (guide,))


RESULTS = [curves(), curves(1e-15, "float32"), curves(1.0, factor=1e-3), curves(1e-2, factor=1e6)]


@pytest.mark.parametrize("width", [960, 360])
def test_moving_leaves_no_pixels_behind_and_height_stays(width):
    check_walk(ErrorPicture, RESULTS, width)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_label_leaves_the_picture(width):
    check_labels(ErrorPicture, RESULTS, width)


def test_curves_are_the_errors_kept_on_the_scale():
    shown = made_picture(ErrorPicture, 960)
    result = curves(factor=1e6)
    shown.update(result)
    lines = [segment for segment in shown._panel.lines.get_segments() if len(segment) == len(HS)]
    assert len(lines) == 3  # the other difference, float32, and on top the one that is looked at
    np.testing.assert_allclose(lines[-1][:, 1], np.clip(result.curves["float64"], LEAST, MOST))
    np.testing.assert_allclose(lines[-1][:, 0], HS)


def test_the_marker_stands_at_h():
    shown = made_picture(ErrorPicture, 960)
    result = curves(1e-5)
    shown.update(result)
    assert shown._panel.marks.get_offsets().tolist() == [[1e-5, result.error]]
    assert any(label.text.endswith("at h = 1e−5") for label in shown._texts.labels)


def test_a_pinned_curve_stands_behind():
    shown = made_picture(ErrorPicture, 960)
    shown.update(curves(), curves(factor=1e-3))
    behind = shown._panel.behind.get_segments()
    assert any(
        len(line) == len(HS) and np.allclose(line[3:, 1], curves(factor=1e-3).curves["float64"][3:]) for line in behind
    )
