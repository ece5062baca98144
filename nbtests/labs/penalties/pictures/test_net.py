"""A net that trains, and many: what stands where, with data in the plane and with others."""

from functools import cache

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned
from nbtests.figures.made_runs import made_picture, pixels
from trainingwheels.labs.penalties.lab import Penalties
from trainingwheels.labs.penalties.pictures.net import NetPicture
from trainingwheels.labs.penalties.pictures.sweep import SweepPicture

SETTINGS = {
    "untrained": {"show": "net"},
    "moons": {"show": "net", "l2": 0.01},
    "digits": {"show": "net", "dataset": "digits"},
    "sweep untrained": {"show": "sweep"},
    "sweep": {"show": "sweep", "look_at": 0.01},
    "sweep digits": {"show": "sweep", "dataset": "digits"},
    "sweep adam": {"show": "sweep", "swept": "adam", "decoupled": True},
}


@cache
def seen(name):
    lab = Penalties(epochs=8, width=8, **SETTINGS[name])
    try:
        lab.settle()
        if "untrained" not in name:
            lab.start()
            lab.settle()
        return lab.result
    finally:
        lab.close()


def kind(name):
    return SweepPicture if "sweep" in name else NetPicture


@pytest.mark.parametrize("width", WIDTHS[::3])
@pytest.mark.parametrize("name", SETTINGS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(kind(name), seen(name), width)


@pytest.mark.parametrize("name", ["moons", "sweep"])
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(kind(name), seen(name), [seen(other) for other in SETTINGS if kind(other) is kind(name)])


@pytest.mark.parametrize(("name", "other"), [("moons", "untrained"), ("sweep", "sweep digits")])
def test_a_pinned_result_stays_pale_behind(name, other):
    check_pinned(kind(name), seen(name), seen(other))


@pytest.mark.parametrize("pair", [("moons", "digits"), ("sweep", "sweep digits")])
def test_without_a_plane_the_curves_have_all_the_room_and_the_picture_its_size(pair):
    plane, other = map(seen, pair)
    picture = made_picture(kind(pair[0]))
    picture.update(plane)
    size, boxes = picture.size, [axes.get_position().width for axes in picture.parts]
    picture.update(other)
    assert picture.size == size
    assert [axes.get_position().width for axes in picture.parts] > [1.3 * width for width in boxes]
    picture.update(plane)
    assert [axes.get_position().width for axes in picture.parts] == boxes
    assert (pixels(picture) != 255).any()


@pytest.mark.parametrize("pair", [("moons", "digits"), ("sweep", "sweep digits")])
def test_on_a_phone_there_is_no_room_below_the_curves_for_regions_that_are_not_there(pair):
    plane, other = map(seen, pair)
    picture = made_picture(kind(pair[0]), WIDTHS[-1])
    picture.update(plane)
    tall, curves = picture.size[1], [axes.bbox.height for axes in picture.parts]
    picture.update(other)
    assert picture.size[1] < tall - WIDTHS[-1]
    assert [axes.bbox.height for axes in picture.parts] == pytest.approx(curves)
    assert min(axes.bbox.y0 for axes in picture.parts) < min(curves) / 2
    picture.update(plane)
    assert picture.size[1] == tall


def test_the_accuracies_are_those_of_the_nets():
    view = seen("sweep adam")
    picture = made_picture(SweepPicture)
    picture.update(view)
    found = [segment[:, 1] for segment in picture._against.lines.get_segments()]
    wanted = [each for line in view.lines for each in (line.train, line.val)]
    np.testing.assert_array_equal(found, wanted)
