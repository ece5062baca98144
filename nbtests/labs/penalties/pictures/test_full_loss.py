"""The full loss: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine.shrinkage.one_example import FullLoss
from trainingwheels.labs.penalties.pictures.full_loss import FullLossPicture, LossView

SCORES = (2.0, 2.4, 1.5, -1.0)
VIEWS = {
    "hinge": LossView(FullLoss(SCORES)),
    "softmax": LossView(FullLoss(SCORES, "softmax", "elastic", 0.5, 2.0, 0.3)),
    "no scores": LossView(FullLoss((0.0,) * 4, penalty="l1", lam=0.0)),
    "far": LossView(FullLoss((-4.0, 6.0, 6.0, 6.0), penalty="l1", lam=1000.0, spread=1.0)),
}


@pytest.mark.parametrize("width", WIDTHS[::3])
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(FullLossPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", [*VIEWS][:2])
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(FullLossPicture, VIEWS[name], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(FullLossPicture, VIEWS["hinge"], VIEWS["softmax"])


def test_bars_end_at_the_scores_and_red_is_what_is_missing():
    picture = made_picture(FullLossPicture)
    picture.update(VIEWS["hinge"])
    segments = picture._panels[0].lines.get_segments()
    lengths = [each[1, 1] - each[0, 1] for each in segments if each[0, 0] == each[1, 0]]
    assert sorted(lengths) == pytest.approx(sorted([*SCORES, 1.4, 0.5]))


def test_the_loss_over_the_spread_is_the_engines():
    picture = made_picture(FullLossPicture)
    picture.update(VIEWS["hinge"])
    l2 = picture._panels[1].lines.get_segments()[0]
    assert l2[0, 1] == pytest.approx(1.9 + 1.301)
    assert l2[-1, 1] == pytest.approx(1.9 + 1.301 / 4)
    dots = picture._panels[2].marks.get_offsets()
    np.testing.assert_allclose(dots[:, 1], dots[:, 0] ** 2)
    slopes = picture._panels[3].marks.get_offsets()
    np.testing.assert_allclose(slopes[:, 1], 2 * slopes[:, 0])


@pytest.mark.parametrize("width", WIDTHS)
def test_every_class_has_its_name(width):
    picture = made_picture(FullLossPicture, width)
    picture.update(VIEWS["hinge"])
    names = [tick.get_text() for tick in picture._panels[0].axes.get_xticklabels()]
    assert [name for name in names if name] == ["cat", "dog", "frog", "ship"]
