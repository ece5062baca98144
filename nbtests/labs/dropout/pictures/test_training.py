"""Nets trained with several probabilities of keeping a unit: what stands where, by the arrays in the artists."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from nbtests.figures.made_runs import made_history, made_picture
from nbtests.labs.pictured import check_pictures
from trainingwheels.figures.labels import points
from trainingwheels.labs.dropout.pictures.training import Trained, TrainedPicture, lines_of


def against_p(steps=100, seeds=1):
    keeps = [keep for keep in (1.0, 0.8, 0.5) for _ in range(seeds)]
    histories = [made_history(steps, seed=run, level=1 + keep) for run, keep in enumerate(keeps)]
    return Trained(histories, [f"p {keep:g}" for keep in keeps], keeps, keeps, "p: probability of keeping a unit")


def against_size(steps=100):
    pairs = [(value, keep) for value in (10, 100) for keep in (1.0, 0.8)]
    histories = [made_history(steps, seed=run) for run in range(4)]
    labels = [f"{value}, p {keep:g}" for value, keep in pairs]
    return Trained(histories, labels, *zip(*pairs, strict=True), "units in each of two hidden layers")


RESULTS = [against_p(), against_p(seeds=2), against_size(), against_p(0)]


def test_nothing_overlaps_or_stays_behind():
    check_pictures(TrainedPicture, RESULTS[1:])


def test_one_line_against_p_and_one_for_each_p_otherwise():
    (line,) = lines_of(RESULTS[1])
    assert line.values == (0.5, 0.8, 1.0)
    ends = [history.val_accuracy[-1] for history in RESULTS[1].histories]
    assert line.val[2] == pytest.approx(np.mean(ends[:2]))
    plain, dropped = lines_of(RESULTS[2])
    assert (plain.keep, dropped.keep) == (1.0, 0.8)
    assert plain.values == dropped.values == (10, 100)
    assert dropped.train[1] == pytest.approx(RESULTS[2].histories[3].train_accuracy[-1])


def test_the_gap_is_training_minus_validation():
    picture = made_picture(TrainedPicture)
    picture.update(RESULTS[2])
    for segment, line in zip(picture._panels[1].lines.get_segments(), lines_of(RESULTS[2]), strict=True):
        assert segment[:, 1] == pytest.approx(np.array(line.train) - np.array(line.val))


def test_what_dropout_gains_stands_at_each_value():
    picture = made_picture(TrainedPicture)
    picture.update(RESULTS[2])
    plain, dropped = lines_of(RESULTS[2])
    for segment, line in zip(picture._panels[0].lines.get_segments(), (plain, dropped), strict=True):
        assert segment == pytest.approx(np.column_stack([line.values, line.val]))
    words = [label.text for label in picture._texts.labels]
    for gain in np.subtract(dropped.val, plain.val):
        assert points(gain, signed=True, unit="") in words


def test_colours_say_the_value_and_dashes_what_is_without_dropout():
    picture = made_picture(TrainedPicture)
    picture.update(RESULTS[2])
    for panel in picture._panels[2:]:
        colors = [to_hex(color) for color in panel.lines.get_colors()]
        assert colors[0] == colors[1] != colors[2] == colors[3]
    assert [label.text for label in picture._texts.labels].count("100") == 2
    for panel in picture._panels:
        dashes = [dash[1] is not None for dash in panel.lines.get_linestyles()]
        assert dashes in ([True, False], [True, False] * 2)
