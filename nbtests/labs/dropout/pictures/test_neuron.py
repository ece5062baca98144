"""The picture of this view: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.dropout.neuron import OneNeuron
from trainingwheels.labs.dropout.pictures.neuron import NeuronPicture

RESULTS = [
    result(OneNeuron, **settings)
    for settings in (
        {},
        {"x": 0.0, "y": 0.0},
        {"keep": 0.05, "x": -3.0, "inputs": 12},
        {"keep": 1.0, "y": 3.0, "inputs": 2},
    )
]


def test_nothing_overlaps_or_stays_behind():
    check_pictures(NeuronPicture, RESULTS)


def test_the_area_under_the_steps_is_the_mean():
    picture = made_picture(NeuronPicture)
    for each in RESULTS:
        picture.update(each)
        x, y = picture._panels[0].lines.get_segments()[0].T
        assert np.trapezoid(y, x) == pytest.approx(each.two.mean)
