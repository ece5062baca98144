"""A small net as a diagram: what each line and each map says."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from nbtests.figures.made_runs import check_texts, made_picture, made_plane, made_view
from trainingwheels.figures.plane import MOST_DRAWN, MOST_UNITS
from trainingwheels.figures.theme import MEANING
from trainingwheels.labs.train_a_net.pictures.diagram import WIDEST
from trainingwheels.labs.train_a_net.pictures.training import TrainingPicture


def shown(plane, width=1040):
    picture = made_picture(TrainingPicture, width)
    picture.update(replace(made_view(), plane=plane))
    return picture


def test_each_weight_is_a_line_as_wide_as_it_is_large_in_the_colour_of_its_sign():
    plane = made_plane((3, 5), weights=True)
    lines = shown(plane)._diagram._lines
    values = np.concatenate([W.ravel() for W in plane.weights])
    values = values[np.argsort(np.abs(values))]  # small ones below
    assert len(lines.get_segments()) == len(values) == 2 * 3 + 3 * 5 + 5 * 3
    assert lines.get_linewidth() == pytest.approx(WIDEST * np.abs(values) / np.abs(values).max())
    expected = [to_rgb(MEANING["positive" if value > 0 else "negative"]) for value in values]
    assert lines.get_color()[:, :3] == pytest.approx(np.array(expected))


def test_a_line_goes_from_its_input_to_its_unit():
    """All weights of a layer are zero but one: the widest line ends in the middle of these two maps."""
    plane = made_plane((4, 3), weights=True)
    weights = [np.full_like(W, 0.01) for W in plane.weights]
    weights[1][2, 1] = -5.0  # from the second unit of layer 1 to the third of layer 2
    picture = shown(replace(plane, weights=weights))
    begin, end = picture._diagram._lines.get_segments()[-1]
    maps = [tile.box for tile in picture._diagram._tiles.tiles[1::2]]  # each has a frame before it
    middles = [(box.x + box.width / 2, box.y + box.height / 2) for box in maps]
    assert begin == pytest.approx(middles[2 + 1])
    assert end == pytest.approx(middles[2 + 4 + 2])


@pytest.mark.parametrize(
    ("units", "drawn"),
    [
        ((), True),
        ((8, 8), True),
        ((MOST_UNITS,) * MOST_DRAWN, True),
        ((MOST_UNITS,) * (MOST_DRAWN + 1), False),
        ((MOST_UNITS + 1,), False),
    ],
)
def test_nets_that_are_too_large_show_the_maps_of_their_units_alone(units, drawn):
    plane = made_plane(units, weights=True)
    assert plane.drawn_whole is drawn
    picture = shown(plane)
    assert bool(picture._diagram._lines.get_segments()) is drawn
    assert bool(picture._diagram._tiles.tiles) is drawn
    words = [label.text for label in picture._texts.labels]
    assert ("weights" in words, "hidden units" in words) == (drawn, not drawn)


def test_what_has_two_weights_for_each_input_or_predicts_nothing_is_not_drawn():
    plane = made_plane((4,), weights=True)
    doubled = [np.concatenate([plane.weights[0]] * 2), plane.weights[1]]
    assert not replace(plane, weights=doubled).drawn_whole
    assert not replace(plane, probabilities=np.full_like(plane.probabilities, np.nan)).drawn_whole


@pytest.mark.parametrize("width", [1400, 1040, 700, 360])
@pytest.mark.parametrize("units", [(), (1,), (8, 8), (8, 8, 8, 8)])
def test_maps_stay_apart_and_in_the_picture(width, units):
    picture = shown(made_plane(units, weights=True), width)
    boxes = [tile.box for tile in picture._diagram._tiles.tiles[::2]]
    for place, one in enumerate(boxes):
        assert 0 <= one.x < one.right <= width
        assert 0 <= one.y < one.top <= picture.size[1]
        assert one.width > 12
        for other in boxes[:place]:
            assert one.right <= other.x or other.right <= one.x or one.top <= other.y or other.top <= one.y
    check_texts(picture)
