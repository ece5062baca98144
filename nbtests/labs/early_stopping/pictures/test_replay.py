"""The picture of a replayed rule: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.early_stopping.conftest import FEW
from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.early_stopping.pictures.replay import ReplayPicture
from trainingwheels.labs.early_stopping.replay import Replay

SETTINGS = ({"patience": 3}, {"patience": 30, "label_noise": 0.0}, {"score": "loss", "smoothing": 0.9, "patience": 1})


@pytest.fixture(scope="module")
def results():
    return [result(Replay, **FEW, **settings) for settings in SETTINGS]


def test_nothing_overlaps_or_stays_behind(results):
    check_pictures(ReplayPicture, results[1:])


@pytest.mark.parametrize("place", range(len(SETTINGS)))
def test_the_ghost_begins_where_it_stops_and_the_best_is_marked(results, place):
    each = results[place]
    picture = made_picture(ReplayPicture)
    picture.update(each)
    curves, counter, tested = picture._panels
    dashes = [bool(dashed) for _, dashed in curves.lines.get_linestyle()[:4]]  # of training and validation, pale first
    assert dashes == [False, False, True, True]
    ghost, solid = curves.lines.get_segments()[2:4]  # of validation
    end = 60 if each.rule.stopped_at is None else each.rule.stopped_at
    assert (solid[-1, 0], ghost[0, 0], ghost[-1, 0]) == (end, end, 60)
    assert curves.marks.get_offsets()[0, 0] == each.epochs[each.rule.best_at]
    line = counter.lines.get_segments()[0]
    assert line[:, 1].max() == max(each.rule.waited)
    assert line[-1, 0] == end
    np.testing.assert_allclose(tested.marks.get_offsets()[[0, 3], 1], each.run.test[[each.rule.best_at, -1]])


@pytest.mark.parametrize("width", [1040, 640, 320])
@pytest.mark.parametrize("place", range(len(SETTINGS)))
def test_no_label_stands_on_the_line_at_which_it_stops_or_at_the_best(results, place, width):
    picture = made_picture(ReplayPicture, width)
    picture.update(results[place])
    panel, rule = picture._panels[0], results[place].rule
    at = [panel.pixels(results[place].epochs[moment], 0)[0] for moment in (rule.best_at, results[place].end)]
    said = [label for label in picture._texts.labels if label.text.startswith(("best:", "stopped:"))]
    assert len(said) == 1 + (rule.stopped_at is not None)
    for label in said:
        assert not any(label.x <= line <= label.x + picture._texts.width(label.text) for line in at)
