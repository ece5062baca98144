"""Weights that turn: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine.geometry.clouds import Cloud
from trainingwheels.engine.geometry.turning import turned_classifiers
from trainingwheels.labs.preprocessing.pictures.turning import TurnPicture, TurnView


def turned(after="whitened", degrees=10.0, **settings):
    return TurnView(*turned_classifiers(Cloud(**settings)), after, degrees)


VIEWS = {
    "turn": turned(),
    "turn back": turned("centred", -90.0, shift=(-10.0, 10.0), stds=(5.0, 0.1)),
    "turn nothing": turned("original", 0.0, stds=(0.0, 0.0), points=2),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(TurnPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", VIEWS)
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(TurnPicture, VIEWS[name], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(TurnPicture, VIEWS["turn"], turned(shift=(0.0, 0.0)))


def test_a_classifiers_border_is_where_its_score_is_zero():
    view = turned()
    picture = made_picture(TurnPicture)
    picture.update(view)
    for panel, name in zip(picture._panels, ("original", "whitened"), strict=False):
        best = view.steps[name].best
        segments = panel.lines.get_segments()
        for classifier, segment in zip((best.turned(10.0), best), segments, strict=True):
            np.testing.assert_allclose(segment @ classifier.w + classifier.b, 0, atol=1e-6)
