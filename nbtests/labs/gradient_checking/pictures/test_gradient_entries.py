"""Entry by entry: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.figures.walks import check_walk
from nbtests.labs.gradient_checking.pictures.checks import WIDTHS, check_labels
from trainingwheels.engine import relative_error
from trainingwheels.labs.gradient_checking.pictures.gradient_entries import EntriesPicture, GradientEntries, _stacks


def entries(count=40, wrong=0.0, scale=1.0):
    rng = np.random.default_rng(count)
    analytic = scale * rng.standard_normal(count)
    numeric = analytic * (1 + 1e-10 * rng.standard_normal(count))
    owner = np.arange(count) % 3
    numeric[owner == 1] *= 1 + wrong
    error = relative_error(analytic, numeric)
    return GradientEntries(analytic, numeric, error, owner, ("W", "b", "x"), "a net")


RESULTS = [entries(), entries(12, 0.3), entries(90, -1.0, 1e-6), entries(5, np.inf, 1e9)]


@pytest.mark.parametrize("width", [960, 360])
def test_moving_leaves_no_pixels_behind_and_height_stays(width):
    check_walk(EntriesPicture, RESULTS, width)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_label_leaves_the_picture(width):
    check_labels(EntriesPicture, RESULTS, width)


def test_dots_are_the_entries():
    shown = made_picture(EntriesPicture, 960)
    result = entries(30, 0.2)
    shown.update(result)
    np.testing.assert_allclose(shown._scatter.dots.get_offsets(), np.column_stack([result.analytic, result.numeric]))
    shown.update(result, entries(30))
    assert len(shown._scatter.dots.get_offsets()) == 60


def test_bars_count_every_entry_once():
    result = entries(41, 0.2)
    stacks = _stacks(result)
    assert [stack.sum() for stack in stacks] == [14, 28, 41]
    shown = made_picture(EntriesPicture, 960)
    shown.update(result)
    for path, stack in zip(shown._histogram.bands.get_paths(), stacks, strict=True):
        assert path.vertices[:, 1].max() == stack.max()
