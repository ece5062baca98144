"""Three paths of batches, by the arrays in their artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine.descent.batches import EPOCHS, EXAMPLES, Examples
from trainingwheels.engine.descent.surfaces import START
from trainingwheels.labs.optimizers.pictures.batches import BatchesPicture, BatchesView


def seen(noise=0.5, lr=0.1, size=8, until=EPOCHS * EXAMPLES, start=START):
    examples = Examples(noise)
    paths = tuple(examples.descend(each, lr, "constant", np.array(start)) for each in (EXAMPLES, size, 1))
    return BatchesView(examples, paths, until)


VIEWS = {"end": seen(), "on the way": seen(until=200), "begin": seen(1.0, size=2, until=0), "diverged": seen(2.0, 10.0)}


@pytest.mark.parametrize("width", WIDTHS[::3])
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(BatchesPicture, VIEWS[name], width)


def test_frames_are_those_of_a_fresh_picture():
    check_frame(BatchesPicture, VIEWS["on the way"], [*VIEWS.values()][:2])


def test_a_pinned_result_stays_pale_behind():
    check_pinned(BatchesPicture, VIEWS["on the way"], VIEWS["end"])


def test_paths_end_where_they_have_seen_as_many_examples():
    view, picture = VIEWS["on the way"], made_picture(BatchesPicture)
    picture.update(view)
    lengths = [len(line) for line in picture._panels[0].lines.get_segments()]
    assert lengths == [201, 200 // 8 + 1, 200 // EXAMPLES + 1]
    for line, path in zip(picture._panels[0].lines.get_segments(), view.paths[::-1], strict=True):
        np.testing.assert_array_equal(line, path.points[: len(line)])


def test_the_map_is_drawn_anew_for_other_examples_alone():
    picture = made_picture(BatchesPicture)
    picture.update(seen())
    (kept,) = picture._ground.tiles
    picture.update(seen(lr=0.2, size=4))
    assert picture._ground.tiles[0] is kept
    picture.update(seen(noise=1.0))
    assert picture._ground.tiles[0] is not kept
