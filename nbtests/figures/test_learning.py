"""Nets that learn beside nets that do not: a line for each kind, text apart."""

import numpy as np
import pytest

from nbtests.figures.made_runs import check_texts, made_history, made_picture, pixels
from trainingwheels.figures import CurvesView
from trainingwheels.figures.learning import LearningPicture

KINDS = ("zero", "equal", "small", "right", "large")


def view(steps=100, seeds=3):
    histories = [
        made_history(steps, seed=seed, level=1.0 if name == "right" else 2.0) for name in KINDS for seed in range(seeds)
    ]
    return CurvesView(histories, [name for name in KINDS for _ in range(seeds)], band=True, dots=False)


@pytest.mark.parametrize("width", [352, 952])
@pytest.mark.parametrize("steps", [0, 3, 100])
def test_each_kind_has_its_lines_and_its_name(width, steps):
    picture = made_picture(LearningPicture, width)
    picture.update(view(steps))
    assert len(picture.curves.loss.lines.get_segments()) == 2 * len(KINDS)
    written = [label.text for label in picture._texts.labels]
    assert [written.count(name) for name in KINDS] == [2] * len(KINDS)  # beside each panel
    assert "solid: train, dashed: validation" in written
    check_texts(picture)


def test_the_same_result_gives_the_same_picture_to_the_last_pixel():
    picture = made_picture(LearningPicture)
    picture.update(view())
    first = pixels(picture)
    picture.update(view(10, seeds=1), view())
    assert (pixels(picture) != first).any()
    picture.update(view())
    np.testing.assert_array_equal(pixels(picture), first)
