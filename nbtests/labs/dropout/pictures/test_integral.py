"""The picture of this view: what stands where, by the arrays in the artists."""

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.dropout.integral import TheIntegral
from trainingwheels.labs.dropout.pictures.integral import IntegralPicture

RESULTS = [
    result(TheIntegral, **settings)
    for settings in ({}, {"net": "linear", "size": 5.0}, {"net": "deep", "keep": 0.3}, {"units": 2, "keep": 1.0})
]


def test_nothing_overlaps_or_stays_behind():
    check_pictures(IntegralPicture, RESULTS)


def test_all_three_are_drawn_for_each_mean():
    picture = made_picture(IntegralPicture)
    found = RESULTS[2]
    picture.update(found)
    for panel, mean in zip(picture._panels[:2], (found.arithmetic, found.geometric), strict=True):
        drawn, exact, scaled = panel.lines.get_segments()
        assert exact[0, 1] == exact[-1, 1] == mean[found.shown]
        assert scaled[0, 1] == found.scaled[found.shown]
        assert abs(drawn[-1, 1] - mean[found.shown]) < 0.1
