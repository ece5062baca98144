"""The ways of two weights: paths, distances, what is wanted in sight, text apart."""

import numpy as np
import pytest

from nbtests.figures.made_runs import check_numbers, check_texts, made_picture, pixels
from trainingwheels.engine import ACTIVATIONS, outputs, two_weights
from trainingwheels.engine.signals.two_weights import WANTED
from trainingwheels.labs.activation_functions.pictures.two_weights import Way, WaysPicture, WaysView


def way(name, rate=0.5, steps=40, centred=False):
    f = ACTIVATIONS[name]
    return Way(f, two_weights(f, steps, rate, 0.0, 1.0, 0, centred), 0.0 if centred else outputs(f).mean, centred)


def view(*names, **settings):
    ways = [way(name, **settings) for name in names]
    return WaysView(ways if len(ways) > 1 else [*ways, way(*names, **settings, centred=True)])


@pytest.fixture
def picture():
    return made_picture(WaysPicture)


def test_each_plane_shows_a_way_and_all_stand_in_the_panel_below(picture):
    shown = view("sigmoid", "tanh", "elu")
    picture.update(shown)
    for panel, each in zip(picture.planes, shown.ways, strict=False):
        (path,) = panel.lines.get_segments()
        np.testing.assert_array_equal(path, each.found.path)
    lines = picture.left.lines.get_segments()
    assert len(lines) == 3
    np.testing.assert_allclose(lines[0][:, 1], np.linalg.norm(shown.ways[0].found.path - WANTED, axis=1) / 2**0.5)


@pytest.mark.parametrize("width", [352, 952])
@pytest.mark.parametrize("rate", [0.05, 0.5, 5.0])
def test_everything_is_in_its_panel_and_text_apart(width, rate):
    picture = made_picture(WaysPicture, width)
    for shown in (view("sigmoid", rate=rate), view("relu", "selu", "tanh", rate=rate, steps=200)):
        picture.update(shown)
        check_texts(picture)
        check_numbers(picture)
        for panel in picture.planes:
            (left, right), (low, high) = panel.axes.get_xlim(), panel.axes.get_ylim()
            (path,) = panel.lines.get_segments()
            for x, y in (*path, (0, 0), WANTED):
                assert left <= x <= right
                assert low <= y <= high
            assert panel.box.height / (high - low) == pytest.approx(panel.box.width / (right - left), rel=0.35)


@pytest.mark.parametrize(("rate", "end", "words"), [(0.5, " %", "as a share of"), (5.0, "", "in multiples of")])
def test_who_is_far_away_is_measured_in_multiples(picture, rate, end, words):
    picture.update(view("relu", rate=rate, steps=200))
    write, marks = picture.left.axes.yaxis.get_major_formatter(), picture.left.axes.get_yticks()
    assert all(write(mark, 0).endswith(" %") == bool(end) for mark in marks)
    assert any(label.text == f"{words} the first" for label in picture._texts.labels)


def test_contours_go_through_points_of_one_loss(picture):
    shown = view("sigmoid", "tanh")
    picture.update(shown)
    moments = shown.ways[0].found.moments
    ring = picture.planes[0].behind.get_segments()[2] - WANTED
    losses = np.einsum("ni,ij,nj->n", ring, moments, ring)
    assert losses == pytest.approx(WANTED @ moments @ WANTED)  # that of the start


def test_the_same_result_gives_the_same_picture_to_the_last_pixel(picture):
    picture.update(view("sigmoid"))
    first = pixels(picture)
    picture.update(view("relu", "selu", rate=3.0), view("sigmoid"))
    assert (pixels(picture) != first).any()
    picture.update(view("sigmoid"))
    np.testing.assert_array_equal(pixels(picture), first)
