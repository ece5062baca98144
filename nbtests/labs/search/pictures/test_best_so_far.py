"""The best so far: medians and bands of repetitions, of a rival's too, and dots of a search alone."""

from dataclasses import replace

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures
from nbtests.labs.search.pictures.test_searching import made
from trainingwheels.engine.search import Repeated
from trainingwheels.labs.search.pictures.colors import SAMPLERS
from trainingwheels.labs.search.pictures.searching import SearchedPicture


def searches(count, sampler="random", trials=10, seed=0):
    rng = np.random.default_rng(seed)
    result = made(trials, sampler=sampler, done=True).result
    values = rng.uniform(0.1, 1.0, (count, trials))
    return Repeated(
        tuple(
            replace(
                result,
                trials=tuple(
                    replace(trial, state="complete", value=float(value), test=float(value) - 0.02)
                    for trial, value in zip(result.trials, own, strict=True)
                ),
            )
            for own in values
        )
    )


def shown(count, rival=0, **other):
    own = searches(count)
    against = searches(rival, "halving", trials=14, seed=1) if rival else None
    return replace(made(10, done=True, **other), result=own.results[0], repeated=own, rival=against)


def test_nothing_overlaps_or_stays_behind():
    check_pictures(SearchedPicture, [made(0), shown(5), shown(6, 6, look="test"), shown(1, 1, look="test")])


def test_a_band_is_the_middle_half_and_a_line_the_median():
    picture, result = made_picture(SearchedPicture), shown(5)
    picture.update(result)
    panel = picture._panel_of_best
    low = panel.axes.get_ylim()[0]
    for part, (line, band) in enumerate(zip(panel.lines.get_segments(), panel.bands.get_paths(), strict=True)):
        quarters = np.quantile(result.repeated.best_so_far[part], (0.25, 0.5, 0.75), axis=0)
        assert line[::2, 1] == pytest.approx(quarters[1])
        assert line[::2, 0] == pytest.approx(np.arange(1, 11))
        count = len(line)
        assert band.vertices[:count:2, 1] == pytest.approx(np.maximum(quarters[0], low))
        assert band.vertices[count : 2 * count, 1][::-1][::2] == pytest.approx(np.maximum(quarters[2], low))
        assert quarters[0, 4:].min() > low
    assert not panel.marks.get_visible()


def test_of_two_samplers_each_has_its_colour_and_the_test_a_panel_of_its_own():
    picture, result = made_picture(SearchedPicture), shown(6, 6, look="test")
    picture.update(result)
    best, test = picture._panel_of_best, picture._looks._panel
    assert len(best.bands.get_paths()) == len(test.bands.get_paths()) == 2
    assert len(best.lines.get_segments()) == 4  # with the test's medians, dotted
    for line, each in zip(test.lines.get_segments(), result.compared, strict=True):
        assert line[-1, 1] == pytest.approx(np.median(each.ends[1]))
    names = {label.text for label in picture._texts.labels} & set(SAMPLERS)
    assert names == {"random", "halving"}


@pytest.mark.parametrize("width", [330, 1040])
def test_its_heading_is_whole_on_a_phone_too(width):
    picture = made_picture(SearchedPicture, width)
    picture.update(shown(10, 10))
    words = {label.text for label in picture._texts.labels}
    assert words >= {"best so far", "val; dotted: test", "median, middle half of 10"}
    assert words >= {"all of random, repetition 1", "val accuracy; black: the best"}


def test_of_one_search_alone_each_trial_is_a_dot_and_nothing_a_band():
    picture = made_picture(SearchedPicture)
    picture.update(shown(5))
    picture.update(made(12, done=True))
    panel = picture._panel_of_best
    assert not panel.bands.get_visible()
    assert len(panel.marks.get_offsets()) == 11
    assert panel.axes.get_ylim()[0] == 0


def test_what_is_pinned_has_its_band_behind():
    picture = made_picture(SearchedPicture)
    picture.update(shown(5), shown(6, 6))
    panel = picture._panel_of_best
    assert len(panel.bands.get_paths()) == 3
    assert len(panel.behind.get_segments()) == 1
