"""The graph: every value and gradient stands at its gate."""

import numpy as np
import pytest

from nbtests.figures.made_runs import check_texts, made_picture
from nbtests.figures.walks import check_walk
from nbtests.labs.batch_normalization.pictures.made_layers import WIDTHS, Written, graph
from trainingwheels.labs.batch_normalization.pictures.computation_graph import GATES, NAMES, PLACES, GraphPicture

VIEWS = [graph(), graph(-10.0, -5.0, 5.0), graph(0.0, 0.0, 0.0)]


@pytest.mark.parametrize(("width", "ratio"), [(960, 1), (352, 2)])
def test_moving_leaves_no_pixels_behind_and_height_stays(width, ratio):
    check_walk(GraphPicture, VIEWS, width, ratio)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_number_of_the_graph_overlaps_another(width):
    picture = made_picture(GraphPicture, width)
    for view in VIEWS:
        picture.update(view)
        texts = Written(picture, picture._numbers, picture._names)
        lowest = -132
        texts._all = [label._replace(y=label.y - lowest) for label in texts._all]
        check_texts(texts)


def test_the_graph_shows_every_value_and_gradient():
    view = graph()
    for width in (960, 352):
        picture = made_picture(GraphPicture, width)
        picture.update(view)
        shown = [label.text.replace("−", "-") for label in picture._numbers.labels]
        for owner in (view.values, view.gradients):
            for name in NAMES:
                for number in np.ravel(getattr(owner, name)):
                    assert any(text == f"{number:.2f}" or (text == "0" and abs(number) < 0.005) for text in shown), name


def test_the_gates_are_the_graphs():
    """Each value but the given ones comes from one gate, which takes values that come before."""
    given = {"x", "gamma", "beta"}
    order = list(NAMES)
    assert set(PLACES) == set(NAMES)
    assert sorted(gate.gives for gate in GATES) == sorted(set(NAMES) - given)
    for gate in GATES:
        assert all(order.index(name) < order.index(gate.gives) for name in gate.takes)
