"""Averages over the noise: what stands where, by the arrays in the artists."""

from dataclasses import replace

import numpy as np
import pytest

from nbtests.figures.checks import WIDTHS, check_drawn, check_frame, check_pinned, made_picture
from trainingwheels.labs.training_with_noise.pictures.averages import Averages, AveragesPicture, Passes


def averages(noise=0.5, bias=0.1, averaged=8, classes=10):
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(60, classes))
    scores[np.arange(60), np.arange(60) % classes] += 3
    noisy = softmax(scores + noise * rng.normal(size=(64, 60, classes)))
    return Averages(Passes(noisy, softmax((1 + bias) * scores), np.arange(60) % classes), averaged, 0)


def softmax(scores):
    e = np.exp(scores)
    return e / e.sum(axis=-1, keepdims=True)


VIEWS = {
    "usual": averages(),
    "one pass": averages(averaged=1),
    "no noise": averages(noise=0.0, bias=0.0),
    "two classes": averages(classes=2, averaged=64),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", VIEWS)
def test_all_is_drawn_and_no_label_overlaps_or_leaves(name, width):
    check_drawn(AveragesPicture, VIEWS[name], width)


@pytest.mark.parametrize("name", VIEWS)
def test_frames_are_those_of_a_fresh_picture(name):
    check_frame(AveragesPicture, VIEWS[name], VIEWS.values())


def test_a_pinned_result_stays_pale_behind():
    check_pinned(AveragesPicture, VIEWS["usual"], averages(noise=1.5))


def test_the_distance_that_is_known_is_found():
    """A single pass that is off by a known amount, averages that are not: the noise of the passes is taken off."""
    rng = np.random.default_rng(1)
    truth = np.full((200, 10), 0.1)
    noisy = truth + 0.05 * rng.normal(size=(64, 200, 10))
    shown = Passes(noisy, truth + 0.02, np.zeros(200, int))
    assert shown.spread == pytest.approx(0.05, rel=0.01)
    assert shown.off == pytest.approx(0.02, rel=0.02)
    assert shown.worth == pytest.approx(6.25, rel=0.05)
    assert replace(shown, single=truth).off < 0.002


def test_the_example_on_which_passes_differ_most_comes_first():
    picture, result = made_picture(AveragesPicture), VIEWS["usual"]
    picture.update(result)
    first = result.of.noisy.var(axis=0).mean(axis=-1).argmax()
    single = np.asarray(picture._panels[2].marks.get_offsets())
    np.testing.assert_allclose(single[:, 1], result.of.single[first])
    assert len(picture._panels[2].dots.get_offsets()) == 8 * 10
