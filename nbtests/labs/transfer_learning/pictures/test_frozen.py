"""Frozen batchnorm: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures
from trainingwheels.engine import RunConfig
from trainingwheels.engine.evaluation.frozen_statistics import Drift, with_and_without
from trainingwheels.labs.transfer_learning.pictures.frozen import FrozenPicture


def made(moments=8, nets=2, seed=0):
    rng = np.random.default_rng(seed)
    config = RunConfig(dataset="mnist1d-5-9", pretrained="mnist1d-0-4", per_class=4, hidden=(8, 8))
    configs = with_and_without(config, range(nets))
    source, target = rng.uniform(0.3, 1, (2, moments, 2 * nets))
    return Drift(configs, 10 * np.arange(moments), rng.uniform(0, 1, (moments, 2 * nets, 2)), source, target, 80)


@pytest.fixture(scope="module")
def results():
    return [made(), made(1, 1), made(4, 5, 2)]


def test_nothing_overlaps_or_stays_behind(results):
    check_pictures(FrozenPicture, results)


def test_a_line_is_the_mean_of_its_nets(results):
    picture = made_picture(FrozenPicture)
    picture.update(results[0])
    for panel, values in zip(picture._panels, (results[0].source, results[0].target), strict=False):
        drifting, still = panel.lines.get_segments()
        assert drifting[:, 1] == pytest.approx(values[:, :2].mean(axis=1))
        assert still[:, 1] == pytest.approx(values[:, 2:].mean(axis=1))
    first, _ = picture._panels[2].lines.get_segments()
    assert first[:, 1] == pytest.approx(results[0].means[:, :2, 0].mean(axis=1))
