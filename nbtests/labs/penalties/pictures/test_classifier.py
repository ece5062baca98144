"""The classifier's weights: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine.shrinkage.classifier import LAMBDAS, fit_paths
from trainingwheels.labs.penalties.pictures.classifier import ClassifierPicture, ClassifierView


def seen(penalty="l1", method="proximal", lam=LAMBDAS[4]):
    grid = fit_paths(penalty, 0.5, 50, method)
    if lam in LAMBDAS:
        return ClassifierView(grid, LAMBDAS.index(lam), None, method)
    return ClassifierView(grid, None, fit_paths(penalty, 0.5, 50, method, (lam,)), method)


VIEWS = {
    "l1": seen(),
    "l2": seen("l2"),
    "subgradient": seen(method="subgradient"),
    "all zero": seen(lam=LAMBDAS[-1]),
    "between": seen(lam=0.005),
}


@pytest.mark.parametrize("width", WIDTHS[::3])
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(ClassifierPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", [*VIEWS][:2])
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(ClassifierPicture, VIEWS[name], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(ClassifierPicture, VIEWS["l1"], VIEWS["l2"])


def test_zeros_are_white_and_every_weight_has_its_path():
    view = VIEWS["l1"]
    picture = made_picture(ClassifierPicture)
    picture.update(view)
    images = view.grid.templates(4)
    for digit in range(10):
        colors = picture._tiles.tiles[2 * digit + 1].colors[::-1]
        assert (colors[images[digit] == 0] == 255).all()
    paths = np.array(picture._path.lines.get_segments())
    np.testing.assert_array_equal(paths[:, 4, 1], view.grid.W[4].ravel())


def test_the_marks_are_those_of_the_lambda():
    picture = made_picture(ClassifierPicture)
    for view in VIEWS.values():
        picture.update(view)
        paths, at = view.here
        marks = picture._against.marks.get_offsets()
        np.testing.assert_allclose(marks[:, 0], paths.lams[at])
        wanted = [paths.train_accuracy[at], paths.val_accuracy[at], paths.zeros[at] / paths.W[0].size]
        np.testing.assert_allclose(marks[:, 1], wanted)
