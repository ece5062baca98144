"""The picture of this view: what stands where, by the arrays in the artists."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nbtests.figures.made_runs import made_history, made_picture
from nbtests.labs.pictured import check_pictures
from trainingwheels.engine.search import LogUniform, Result, Trial, Uniform
from trainingwheels.engine.search.ensembles import Together
from trainingwheels.labs.search.pictures.looks import LOOKS
from trainingwheels.labs.search.pictures.searched import Part, Searched
from trainingwheels.labs.search.pictures.searching import SearchedPicture

NAMES = {"lr": "lr", "l2": "L2", "momentum": "momentum"}


def made(count, planned=24, look="spread", sampler="random", done=False, **other):
    """A search of which ``count`` trials have begun: the second has crashed, the last one is running."""
    rng = np.random.default_rng(0)
    space = {"lr": LogUniform(1e-4, 1.0), "l2": LogUniform(1e-6, 1e-2), "momentum": Uniform(0.0, 0.99)}
    trials = []
    for number in range(count):
        params = {name: among.at(rng.random()) for name, among in space.items()}
        value = float(rng.uniform(0.1, 1.0))
        state = "diverged" if number == 1 else "complete" if done or number < count - 1 else "running"
        history = made_history(diverged_at=40 if state == "diverged" else None, seed=number)
        value = math.nan if state == "diverged" else value
        trials.append(Trial(number, params, state, value, value - 0.02, history, 5.0))
    result = Result(space, sampler, tuple(trials), planned, 120.0, done)
    return Searched(result, 0.1, NAMES, None, look, (180, 593), **other)


RESULTS = [
    made(0),
    made(10, look="importances", done=True),
    made(9, look="parallel", sampler="tpe", together=Together(1.0, (0.9,) * 5)),
    made(12, parts=(Part("lr", LogUniform(1e-4, 1.0), 1, 5), Part("l2", LogUniform(1e-6, 1e-2), 4, 5))),
]


def test_nothing_overlaps_or_stays_behind():
    check_pictures(SearchedPicture, RESULTS)


@pytest.mark.parametrize("look", LOOKS)
def test_trials_stand_on_the_map_and_crashed_ones_are_crosses(look):
    shown = made(12, look=look)
    picture = made_picture(SearchedPicture)
    picture.update(shown)
    ranges = [shown.result.space[name] for name in ("lr", "l2")]
    box = picture.map.panel.box
    shares = [(np.array(at[:2]) - (box.x, box.y)) / (box.width, box.height) for at in picture.map.trials]
    for trial, share in zip(shown.result.trials, shares, strict=True):
        expected = [among.share(trial.params[name]) for name, among in zip(("lr", "l2"), ranges, strict=True)]
        assert share == pytest.approx((np.array(expected) + 0.03) / 1.06, abs=1e-6)
    assert len(picture.map.crosses.get_segments()) == 2
    assert len(picture.map.dots.get_offsets()) == 11 + 1  # and the ring around the best


@pytest.mark.parametrize("look", ["spread", "importances"])
def test_shares_across_the_fourth_panel_are_in_percent(look):
    picture = made_picture(SearchedPicture)
    for each in (look, "test"):  # counts trials
        picture.update(made(12, look=each))
        marks = [label.get_text() for label in picture._looks._panel.axes.get_xticklabels()]
        assert all(mark.endswith(" %") for mark in marks) == (each != "test")


def test_a_chosen_trial_is_drawn_thick():
    shown = made(12)
    picture = made_picture(SearchedPicture)
    for chosen in (None, shown.result.trials[3]):
        picture.update(replace(shown, chosen=chosen))
        widths = picture._curves.lines.get_linewidth()
        which = chosen or shown.result.best
        assert list(widths).count(2.6) == 1
        assert widths[-1] == 2.6
        thick = picture._curves.lines.get_segments()[int(np.argmax(widths))]
        assert thick[-1, 1] == pytest.approx(which.history.val_accuracy[-1])


@pytest.mark.parametrize(("name", "side"), [("lr", 0), ("l2", 1)])
def test_the_curves_are_those_of_a_column_or_a_row_alone(name, side):
    picture, shown = made_picture(SearchedPicture), made(20)
    among, drawn = shown.result.space[name], 0
    for place in range(5):
        part = Part(name, among, place, 5)
        picture.update(replace(shown, parts=(part,)))
        inside = [trial for trial in shown.result.trials if part.ends[0] <= trial.params[name] <= part.ends[1]]
        assert len(picture._curves.lines.get_segments()) == len(inside)
        drawn += len(inside)
        (band,) = picture.map.panel.bands.get_paths()
        np.testing.assert_allclose(band.get_extents().get_points()[:, side], part.ends)
    assert drawn == len(shown.result.trials)


def test_the_rim_of_the_map_says_which_column_or_row():
    picture, shown = made_picture(SearchedPicture), made(0)
    picture.update(replace(shown, sides=(6, 4)))
    panel = picture.map.panel
    for name, count, side in (("lr", 6, 0), ("l2", 4, 1)):
        for place in range(count):
            value = shown.result.space[name].at((place + 0.9) / count)
            at = panel.pixels(value, 1e-4) if side == 0 else panel.pixels(1e-2, value)
            rims = [(at[0], panel.box.top + 5), (at[0], panel.box.y - 5)]
            rims = rims if side == 0 else [(panel.box.right + 5, at[1]), (panel.box.x - 5, at[1])]
            assert {picture.point(*rim) for rim in rims} == {(("column", "row")[side], place + 1)}
    assert picture.point(panel.box.x + 50, panel.box.y + 50) is None
