"""A range test, by the arrays in its artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine.steps.range_test import averaged, breaks_away, falls_fastest
from trainingwheels.labs.seven_steps.pictures.range_test import RangePicture, RangeView
from trainingwheels.labs.seven_steps.pictures.ranked import TOP

LRS = np.geomspace(1e-5, 10, 200)
TRIED = 10.0 ** np.arange(-5, 3)


def view(steps=200, fall=0.9, *, left=0.1, far=True, done=True):
    """Its loss falls around 0.02 and rises again from 0.5 on."""
    y = 1 - fall / (1 + (0.02 / LRS) ** 1.5) + (np.maximum(LRS - 0.5, 0) if far else 0)
    shares = averaged(y, 10)[:steps]
    return RangeView(
        lrs=LRS,
        losses=y[:steps],
        shares=shares,
        fast=falls_fastest(shares, 10) if done and fall > 0.3 else None,
        far=breaks_away(shares) if done else None,
        tried=TRIED,
        left=np.where(TRIED > 1, np.nan, left + np.abs(np.log10(TRIED / 0.1)) / 5) if steps else np.full(8, np.nan),
        steps=110 if steps else 0,
        done=done,
        verdict=None,
    )


VIEWS = {
    "done": view(),
    "far": view(far=False),
    "nothing": view(fall=0.1),
    "under way": view(90, done=False),
    "untrained": view(0, done=False),
}


@pytest.mark.parametrize("width", WIDTHS[::3])
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(RangePicture, VIEWS[name], width)


def test_frames_are_those_of_a_fresh_picture():
    check_frame(RangePicture, VIEWS["done"], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(RangePicture, VIEWS["done"], view(fall=0.5, left=0.4))


def test_marks_and_the_band_between_stand_where_they_are():
    picture = made_picture(RangePicture)
    picture.update(result := VIEWS["done"])
    above, below = picture._panels
    at = [result.fast, result.far]
    np.testing.assert_allclose(np.asarray(above.marks.get_offsets())[:, 0], LRS[at])
    for panel in (above, below):
        (band,) = panel.bands.get_paths()
        np.testing.assert_allclose(band.get_extents().get_points()[:, 0], LRS[at])
    np.testing.assert_allclose(np.asarray(below.marks.get_offsets())[:, 1], np.minimum(result.left[:6], TOP))
