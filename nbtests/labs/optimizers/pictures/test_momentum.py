"""The plane of learning rate and momentum, by the arrays in its artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine.descent.quadratics import ACCELERATIONS, Quadratic, highest_lr
from trainingwheels.labs.optimizers.pictures.momentum import (
    NEVER,
    STEPS,
    MomentumPicture,
    MomentumView,
    _directions,
)


def seen(condition=100.0, method="momentum", lr=1.9, momentum=0.0):
    quadratic = Quadratic(condition, method, lr, momentum)
    return MomentumView(quadratic, quadratic.distances(STEPS))


VIEWS = {
    "sgd": seen(),
    "best": seen(lr=3.3, momentum=0.67),
    "nesterov": seen(1000.0, "nesterov", 1.0, 0.9),
    "round": seen(1.0, lr=1.0),
    "diverged": seen(10.0, lr=4.0),
}


@pytest.mark.parametrize("width", WIDTHS[::3])
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(MomentumPicture, VIEWS[name], width)


def test_frames_are_those_of_a_fresh_picture():
    check_frame(MomentumPicture, VIEWS["best"], [*VIEWS.values()][:2])


def test_a_pinned_result_stays_pale_behind():
    check_pinned(MomentumPicture, VIEWS["best"], VIEWS["sgd"])


@pytest.mark.parametrize("method", ACCELERATIONS)
def test_the_ground_changes_its_colour_where_nothing_converges(method):
    picture = made_picture(MomentumPicture)
    picture.update(seen(method=method))
    (tile,) = picture._ground.tiles
    rows, columns = tile.colors.shape[:2]
    lost = (tile.colors[..., :3] == NEVER).all(axis=-1)
    edge = highest_lr(method, (np.arange(rows) + 0.5) / rows)
    np.testing.assert_allclose(4 * (~lost).sum(axis=1) / columns, edge, atol=0.02 + 4 / columns)


def test_an_axis_does_not_clip_in_silence():
    for name, view in VIEWS.items():
        words = _directions(view).words
        assert ("cut at ±1.6" in words) == bool((abs(view.distances) > 1.6).any()), name


def test_a_place_in_the_plane_is_a_learning_rate_and_a_momentum():
    picture = made_picture(MomentumPicture)
    picture.update(VIEWS["sgd"])
    assert picture.point(*picture._panels[0].pixels(2.5, 0.75)) == pytest.approx((2.5, 0.75))
    assert picture.point(1, 1) is None
