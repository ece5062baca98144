"""The common pattern: what stands where, by the arrays in the artists."""

from types import SimpleNamespace

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_frame, check_pinned
from nbtests.figures.made_runs import check_texts, made_picture, pixels
from trainingwheels.labs.training_with_noise.draws import draw_pattern
from trainingwheels.labs.training_with_noise.lab import TrainingWithNoise
from trainingwheels.labs.training_with_noise.methods import METHODS
from trainingwheels.labs.training_with_noise.pictures.pattern import PatternPicture


def pattern(method, **changes):
    settings = {name: each.default_value for name, each in TrainingWithNoise.parameters().items()}
    return draw_pattern(SimpleNamespace(**{**settings, "method": method, **changes}))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("method", METHODS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(method, width):
    picture = made_picture(PatternPicture, width)
    picture.update(pattern(method))
    assert (pixels(picture) != 255).any()
    check_texts(picture)


def test_frames_are_those_of_a_fresh_picture():
    patterns = [pattern(method) for method in METHODS]
    for each in patterns:
        check_frame(PatternPicture, each, patterns)


def test_a_pinned_distribution_stays_pale_behind():
    check_pinned(PatternPicture, pattern("mixup", mixup=0.5), pattern("mixup", mixup=5.0))


def test_the_label_bar_has_the_shares_of_the_classes():
    picture, result = made_picture(PatternPicture), pattern("mixup")
    picture.update(result)
    bars = picture._rectangles.get_paths()
    assert len(bars) == 10  # two classes a step
    widths = np.array([bar.get_extents().width for bar in bars]).reshape(5, 2)
    shares = np.array([cell.label[cell.label > 0] for cell in result.steps])
    np.testing.assert_allclose(widths / widths.sum(axis=1, keepdims=True), shares)


def test_a_unit_that_falls_loses_all_its_lines():
    result = pattern("dropout", dropout=0.5)
    for cell, fallen in zip(result.steps, result.law.drawn, strict=True):
        pale = [spot for spot in cell.spots if spot.color == "#DDE3E9"]
        assert len(pale) == fallen
        ends = {end for segment in cell.segments for end in (segment.start, segment.end)}
        assert not ends & {(spot.x, spot.y) for spot in pale}
    assert len(result.test.segments) == 5 * 8 + 8 * 8 + 8 * 4
