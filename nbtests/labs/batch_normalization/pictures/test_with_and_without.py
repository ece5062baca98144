"""Nets with and without batchnorm: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import check_texts, made_history, made_picture
from nbtests.figures.walks import check_walk
from nbtests.labs.batch_normalization.pictures.made_layers import WIDTHS
from trainingwheels.labs.batch_normalization.pictures.with_and_without import (
    Compared,
    ComparedPicture,
    gradient_norms,
    pairs_of,
)


def compared(beside="against", labels=("lr 0.1", "lr 1"), steps=100, **other):
    runs = [(label, on, seed) for label in labels for on in (True, False) for seed in range(2)]
    histories = [made_history(steps, seed=seed + 3 * on, level=1 + on, batchnorm=on, **other) for _, on, seed in runs]
    values = [float(label.split()[1]) for label, _, _ in runs]
    return Compared(histories, [label for label, _, _ in runs], values, "learning rate", beside)


VIEWS = [
    compared(),
    compared("gradients", ("lr 0.1",)),
    compared("gap", ("dropout 0", "dropout 0.2")),
    compared(steps=0, evaluations=1),
    compared("gradients", ("lr 0.1",), steps=0, evaluations=1),
    compared(labels=[f"std {value}" for value in (0.001, 0.01, 0.1, 0.2, 0.5, 1)]),
]


@pytest.mark.parametrize(("width", "ratio"), [(960, 1), (352, 2)])
def test_moving_leaves_no_pixels_behind_and_height_stays(width, ratio):
    check_walk(ComparedPicture, VIEWS, width, ratio)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_overlaps_another_or_leaves_the_picture(width):
    picture = made_picture(ComparedPicture, width)
    for view in VIEWS:
        picture.update(view)
        check_texts(picture)


def test_curves_are_means_over_seeds_and_the_summary_their_ends():
    result = compared()
    picture = made_picture(ComparedPicture, 960)
    picture.update(result)
    pair = pairs_of(result)[1]
    assert pair.label == "lr 1"
    expected = np.mean([history.val_accuracy for history in pair.normalized], axis=0)
    lines = [np.asarray(each)[:, 1] for each in picture._curves.lines.get_segments()]
    assert lines[3] == pytest.approx(expected)
    summary = picture._aside.marks.get_offsets()
    assert summary[3] == pytest.approx([1.0, expected[-1]])


def test_gradients_are_a_geometric_mean_over_runs_that_are_finite():
    histories = compared("gradients", ("lr 0.1",)).histories
    norms = gradient_norms(histories[:2])
    each = np.array([history.layers.gradient_norm[-1] for history in histories[:2]])
    assert norms == pytest.approx(np.sqrt(each.prod(axis=0)))
    assert gradient_norms([made_history(0, evaluations=1)]) is None
