"""The three ways on which a gradient comes back to x."""

import pytest

from nbtests.labs.batch_normalization.pictures.made_layers import graph
from trainingwheels.labs.batch_normalization.pictures.paths import paths_of


def test_the_three_ways_add_up():
    view = graph()
    assert sum(paths_of(view.values, view.gradients)) == pytest.approx(view.gradients.x)
