"""Running statistics: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import check_texts, made_picture
from nbtests.figures.walks import check_walk
from nbtests.labs.batch_normalization.pictures.made_layers import WIDTHS
from trainingwheels.engine.signals.batch_statistics import batch_noise
from trainingwheels.labs.batch_normalization.pictures.running_statistics import (
    RunningStatistics,
    RunningStatisticsPicture,
)


def running(mean=3.0, var=4.0, batch=32, seed=0):
    rng = np.random.default_rng(seed)
    batches = rng.normal(mean, 0.3, 50), rng.normal(var, 0.5, 50)
    return RunningStatistics(
        batch, *batches, np.linspace(0, mean, 51), np.linspace(1, var, 51), mean, var, batch_noise("mixed", 0),
        rng.normal(1.5, 0.3, 200), 1.52, 1.5, 0.35, 0.1,
    )  # fmt: skip


VIEWS = [running(), running(-2.0, 0.3, 4, 1), running(0.0, 0.0, 512)]


@pytest.mark.parametrize(("width", "ratio"), [(960, 1), (352, 2)])
def test_moving_leaves_no_pixels_behind_and_height_stays(width, ratio):
    check_walk(RunningStatisticsPicture, VIEWS, width, ratio)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_overlaps_another_or_leaves_the_picture(width):
    picture = made_picture(RunningStatisticsPicture, width)
    for view in VIEWS:
        picture.update(view)
        check_texts(picture)


def test_running_lines_and_dots_are_the_numbers():
    result = running()
    picture = made_picture(RunningStatisticsPicture, 960)
    picture.update(result)
    true, line = (np.asarray(each) for each in picture._panels[0].lines.get_segments())
    assert line[:, 1] == pytest.approx(result.running_mean)
    assert true[:, 1] == pytest.approx([3.0, 3.0])
    assert picture._panels[0].dots.get_offsets()[:, 1] == pytest.approx(result.batch_mean)
    marks = picture._panels[2].marks.get_offsets()
    assert marks[:9] == pytest.approx(np.column_stack([result.noise.sizes, result.noise.mean]))
