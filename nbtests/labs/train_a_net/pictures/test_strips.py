"""Activations over the steps: what each pixel of a strip says."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from nbtests.figures.made_runs import check_texts, made_history, made_picture, made_view
from trainingwheels.labs.train_a_net.pictures.strips import _scale
from trainingwheels.labs.train_a_net.pictures.training import TrainingPicture


def shown(history, width=1040):
    picture = made_picture(TrainingPicture, width)
    picture.update(made_view(history))
    return picture


def shares(picture, layer):
    """How dark each cell of a strip is, 0 to 255, lowest row first."""
    colors = picture._strips.tiles.tiles[layer].colors
    scale = _scale(next(label.color for label in numbers(picture) if label.text == str(layer + 1)))
    return np.array([[int(np.flatnonzero((scale == cell).all(axis=1))[0]) for cell in row] for row in colors])


def numbers(picture):
    """The labels before the strips."""
    box = picture._strips.box
    return [label for label in picture._texts.labels if label.y < box.top and label.anchor == 1.0]


def with_layer(history, extent, density):
    """The history with the same histogram in both layers at all moments."""
    curves = history.layers
    extent = np.broadcast_to(np.float32(extent), curves.extent.shape)
    density = np.broadcast_to(np.uint8(density), (*curves.density.shape[:2], len(density)))
    return replace(history, layers=replace(curves, extent=extent, density=density))


def test_a_strip_stands_for_every_hidden_layer():
    for hidden in ((), (5,), (8, 8), (4,) * 10):
        picture = shown(made_history(hidden=hidden))
        assert len(picture._strips.tiles.tiles) == len(hidden)
        assert [label.text for label in numbers(picture)] == [str(place + 1) for place in range(len(hidden))]


def test_shades_are_the_bins():
    """tanh from -1 to 1, values from -0.5 to 0.5 in two bins: the quarters below and above stay empty."""
    history = with_layer(made_history(140, activation="tanh"), (-0.5, 0.5), (255, 100))
    found = shares(shown(history), 0)
    rows = len(found)
    assert (found[: rows // 4 - 1] == 0).all()
    assert (found[rows // 4 + 1 : rows // 2 - 1] == 255).all()
    assert (found[rows // 2 + 1 : 3 * rows // 4 - 1] == 100).all()
    assert (found[3 * rows // 4 + 1 :] == 0).all()


def test_what_is_still_to_come_is_empty():
    history = with_layer(made_history(70, activation="tanh"), (-1, 1), (255,))
    found = shares(shown(history), 0)
    columns = found.shape[1]
    assert (found[:, : columns // 2] == 255).all()
    assert (found[:, columns // 2 + 1 :] == 0).all()


def test_each_column_is_of_its_step():
    history = made_history(140, activation="tanh")
    curves = history.layers
    extent = np.zeros_like(curves.extent) + np.float32((-1, 1))
    density = np.zeros_like(curves.density)
    density[:5] = 255  # the first half of the run, up to step 70 of 140
    found = shares(shown(replace(history, layers=replace(curves, extent=extent, density=density))), 1)
    columns = found.shape[1]
    assert (found[:, : columns // 2] == 255).all()
    assert (found[:, columns // 2 + 1 :] == 0).all()


def test_a_dead_signal_is_a_line():
    history = with_layer(made_history(140, activation="tanh"), (0.2, 0.2), (255,))
    found = shares(shown(history), 0)
    assert (found == 255).sum(axis=0).max() == (found == 255).sum(axis=0).min() == 1


@pytest.mark.parametrize(
    ("activation", "largest", "says"),
    [
        ("tanh", 0.3, "each strip from −1 to 1"),
        ("sigmoid", 0.3, "each strip from 0 to 1"),
        ("relu", 3.2, "each strip from 0 to 4"),
        ("elu", 4.2, "each strip from −5 to 5"),
        ("relu", np.nan, "each strip from 0 to 0.1"),
    ],
)
def test_all_strips_share_a_range(activation, largest, says):
    picture = shown(with_layer(made_history(activation=activation), (0.1, largest), (255, 9)))
    assert says in [label.text for label in picture._texts.labels]
    assert ("zeros left out" in [label.text for label in picture._texts.labels]) == (activation == "relu")


def test_no_hidden_layer_says_so_in_the_same_height():
    picture = shown(made_history(hidden=()))
    assert "no hidden layer" in [label.text for label in picture._texts.labels]
    assert picture.size == shown(made_history()).size


@pytest.mark.parametrize("width", [1400, 860, 640, 360])
@pytest.mark.parametrize("layers", [1, 10])
def test_strips_stay_apart_and_in_the_picture(width, layers):
    picture = shown(made_history(hidden=(4,) * layers), width)
    boxes = [tile.box for tile in picture._strips.tiles.tiles]
    assert all(0 < box.x < box.right <= width and box.width > 8 and box.y >= 0 for box in boxes)
    assert all(one.right < other.x for one, other in pairwise(boxes))
    check_texts(picture)


def test_a_run_without_densities_has_empty_strips():
    history = made_history()
    bare = replace(history, layers=replace(history.layers, density=history.layers.density[:, :0]))
    assert shares(shown(history), 0).any()
    assert not shares(shown(bare), 0).any()
