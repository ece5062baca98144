"""The picture of this view: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures
from trainingwheels.engine.search.choosing_features import FeatureChoice
from trainingwheels.labs.search.pictures.features import WAYS, ChosenFeatures, FeaturesPicture


def made(features, before=0.95):
    rng = np.random.default_rng(0)
    found = {
        count: FeatureChoice(np.full(20, before), rng.uniform(0.4, 0.6, 20), rng.uniform(0.49, 0.51, 20))
        for count in (32, 256, 2048)
    }
    return ChosenFeatures(found, features, 50, 20, 5)


RESULTS = [made(32), made(2048, 0.5), made(256, 1.0)]


def test_nothing_overlaps_or_stays_behind():
    check_pictures(FeaturesPicture, RESULTS)


def test_lines_lie_at_the_means():
    picture = made_picture(FeaturesPicture)
    for each in RESULTS:
        picture.update(each)
        levels = [segment[0, 1] for segment in picture._panels[0].lines.get_segments()]
        assert levels == pytest.approx([getattr(each.here, name).mean() for name in WAYS])
