"""Kinds of nets side by side: dots per seed, differences seed by seed, means with their intervals."""

import numpy as np
import pytest

from nbtests.figures.made_runs import check_texts, made_history, made_picture, pixels
from trainingwheels.engine.intervals import bootstrap_interval
from trainingwheels.figures import CurvesView
from trainingwheels.labs.activation_functions.pictures.comparison import ComparisonPicture, accuracies

SEEDS = 6


def ended(accuracy, **settings):
    """A run whose last validation accuracy is ``accuracy``."""
    history = made_history(**settings)
    history.val_accuracy[-1] = accuracy
    return history


def view(*kinds, seeds=SEEDS, **settings):
    """Runs of each (label, accuracy of seed 0); each further seed is a point better."""
    pairs = [(label, first + 0.01 * seed, seed) for label, first in kinds for seed in range(seeds)]
    histories = [ended(accuracy, seed=seed, **settings) for _, accuracy, seed in pairs]
    return CurvesView(histories, [label for label, _, _ in pairs], band=True)


@pytest.fixture
def picture():
    return made_picture(ComparisonPicture)


def test_every_seed_is_a_dot_and_every_difference_is_of_one_seed(picture):
    picture.update(view(("ReLU", 0.8), ("tanh", 0.7), ("ELU", 0.85)))
    now, ahead = (np.asarray(panel.dots.get_offsets()) for panel in (picture.now, picture.ahead))
    assert now.shape == (18, 2)
    np.testing.assert_allclose(now[:6, 0], 0.8 + 0.01 * np.arange(6), rtol=1e-6)
    assert now[0, 1] > now[6, 1] > now[12, 1]  # the first kind on top
    np.testing.assert_allclose(ahead[:, 0], [-10.0] * 6 + [5.0] * 6, atol=1e-4)


def test_a_tick_marks_the_mean_and_a_bar_its_interval(picture):
    shown = view(("ReLU", 0.8), ("tanh", 0.7))
    picture.update(shown)
    tick, bar = picture.now.lines.get_segments()[:2]
    found = accuracies(shown)["ReLU"]
    assert tick[:, 0] == pytest.approx([found.mean()] * 2)
    assert bar[:, 0] == pytest.approx(bootstrap_interval(found))
    picture.update(view(("ReLU", 0.8), seeds=3))
    assert len(picture.now.lines.get_segments()) == 1  # too few for an interval


def test_one_kind_is_ahead_of_nobody(picture):
    picture.update(view(("ReLU", 0.8)))
    assert not picture.ahead.dots.get_visible()
    assert pixels(picture).std() > 1


def test_a_failed_run_is_left_out(picture):
    shown = view(("ReLU", 0.8), ("tanh", 0.7))
    histories = [*shown.histories[:-1], made_history(failed="out of memory")]
    picture.update(CurvesView(histories, shown.labels, band=True))
    assert np.isnan(accuracies(picture._shown[0])["tanh"][-1])
    assert pixels(picture).std() > 1


@pytest.mark.parametrize("width", [352, 952])
@pytest.mark.parametrize("steps", [0, 100])
def test_all_text_stands_within_the_picture_and_apart(width, steps):
    picture = made_picture(ComparisonPicture, width)
    names = ("ReLU", "Sigmoid", "tanh", "Leaky ReLU", "Maxout", "ELU", "SELU", "GELU", "SiLU (Swish)")
    picture.update(view(*((name, 0.3 + 0.05 * place) for place, name in enumerate(names)), steps=steps))
    check_texts(picture)


def test_the_same_result_gives_the_same_picture_to_the_last_pixel(picture):
    first_view = view(("ReLU", 0.9), ("tanh", 0.7))
    picture.update(first_view)
    first = pixels(picture)
    np.testing.assert_array_equal(pixels(picture), first)
    picture.update(view(("ReLU", 0.2), ("tanh", 0.9), ("ELU", 0.1)))
    pixels(picture)
    picture.update(first_view)
    np.testing.assert_array_equal(pixels(picture), first)
