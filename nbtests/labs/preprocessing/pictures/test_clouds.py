"""A cloud, step by step: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture
from trainingwheels.engine.geometry.clouds import Cloud, cloud_steps
from trainingwheels.labs.preprocessing.pictures.clouds import CloudPicture, CloudView, cloud_groups


def cloud(chosen=0, **settings):
    steps = cloud_steps(Cloud(**settings).draw())
    return CloudView(steps, chosen, cloud_groups(steps))


VIEWS = {
    "cloud": cloud(),
    "cloud, whitened": cloud(4),
    "a line": cloud(2, stds=(3.0, 0.0)),
    "one point": cloud(points=1),
    "far away": cloud(shift=(10.0, -10.0), stds=(5.0, 5.0)),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(CloudPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", VIEWS)
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(CloudPicture, VIEWS[name], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(CloudPicture, VIEWS["cloud"], cloud(angle=-50.0))


def test_every_point_is_drawn_in_its_place():
    view = cloud(1, points=100)
    picture = made_picture(CloudPicture)
    picture.update(view)
    offsets = np.concatenate([np.asarray(dots.get_offsets()) for dots in picture._large])
    box = picture._places.large
    reach = 5.0  # the ellipse of the centred cloud reaches to 4.2
    wanted = box[:2] + (view.steps[1].points / reach + 1) / 2 * box[2:]
    inside = (np.abs(view.steps[1].points) <= reach).all(axis=1)
    assert inside.sum() == len(offsets)
    np.testing.assert_allclose(np.sort(offsets[:, 0]), np.sort(wanted[inside][:, 0]), rtol=1e-6)


def test_the_table_has_the_numbers():
    picture = made_picture(CloudPicture)
    picture.update(cloud(stds=(3.0, 1.0), angle=0.0, shift=(0.0, 0.0), exact=True))
    words = [label.text for label in picture._texts.labels]
    assert words.count("9") == 3 * 2  # variance and ratio in the first, second and fourth row
    assert "decorrelated" in words
