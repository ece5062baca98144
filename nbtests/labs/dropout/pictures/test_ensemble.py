"""The picture of this view: what stands where, by the arrays in the artists."""

import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.dropout.ensemble import Ensemble
from trainingwheels.labs.dropout.pictures.ensemble import EnsemblePicture

FEW = {"examples": 64}


@pytest.fixture(scope="module")
def results():
    return [result(Ensemble, **FEW, **settings) for settings in ({}, {"image": 7, "odd": "noise"}, {"keep": 1.0})]


def test_nothing_overlaps_or_stays_behind(results):
    check_pictures(EnsemblePicture, results)


def test_dots_are_the_masks_and_both_inputs_are_shown(results):
    picture = made_picture(EnsemblePicture)
    picture.update(results[1])
    for panel, looked in zip(picture._panels[1:], (results[1].ordinary, results[1].other), strict=True):
        assert panel.dots.get_offsets()[:, 1] == pytest.approx(looked.masks[:200].ravel())
    assert [tile.colors.shape for tile in picture._tiles.tiles] == [(8, 8, 4)] * 2
