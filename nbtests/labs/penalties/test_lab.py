"""The penalties lab: every view has its result and its controls, bad input is one line, a repaint is quick."""

import numpy as np
import pytest

from nbtests.labs.using import AT_ONCE, seconds_of_a_move
from trainingwheels.engine import InvalidSetting
from trainingwheels.labs.penalties.lab import Penalties
from trainingwheels.labs.penalties.pictures.classifier import ClassifierView
from trainingwheels.labs.penalties.pictures.full_loss import LossView
from trainingwheels.labs.penalties.pictures.geometry import GeometryView
from trainingwheels.labs.penalties.pictures.net import NetView
from trainingwheels.labs.penalties.pictures.sweep import SweepView

VIEWS = {
    "loss": LossView,
    "geometry": GeometryView,
    "weights": ClassifierView,
    "net": NetView,
    "sweep": SweepView,
}
QUICK = {
    "loss": ("lam", np.linspace(0, 1, 21)),
    "geometry": ("strength", np.linspace(0, 4, 21)),
    "weights": ("lam_w", 10 ** np.linspace(-3.5, -1, 11)),
}


def test_the_views_are_those():
    assert [view.name for view in Penalties.views] == list(VIEWS)


@pytest.mark.parametrize("show", VIEWS)
def test_every_view_has_its_result_and_its_words(make, show):
    lab = make(show=show)
    assert lab.message == ""
    assert type(lab.result) is VIEWS[show]
    assert len(lab.text) > 100


def test_controls_of_other_views_are_out_of_sight(make):
    lab = make()

    def in_sight():
        return {name for name in lab.parameters() if lab._in_sight(name, lab.settings)}

    scores = {"cat", "dog", "frog", "ship"}
    assert in_sight() == {"show", "penalty", "data_loss", "lam", "spread", *scores}
    lab.penalty = "elastic"
    assert "beta" in in_sight()
    lab.show = "weights"
    assert in_sight() == {"show", "rule", "lam_w", "method", "examples"}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("lam", -0.1, "lam = -0.1 is out of range: choose a number from 0 to 1000."),
        ("strength", -1, "strength = -1 is out of range: choose a number from 0 to 1000."),
        ("lam_w", -0.1, "lam_w = -0.1 is out of range"),
        ("l2", -1e-9, "l2 = -1e-09 is out of range: choose a number from 0 to 1000."),
        ("l1", float("nan"), "l1 = nan is not a number"),
        ("beta", -2, "beta = -2 is out of range"),
        ("penalty", "l3", "penalty = 'l3' is not known: did you mean 'l2'?"),
        ("swept", "adamw", "did you mean 'adam'?"),
    ],
)
def test_bad_input_is_one_line_and_the_last_picture_stays(make, name, value, says):
    lab = make()
    before = lab.result
    with pytest.raises(InvalidSetting):
        setattr(lab, name, value)
    assert says in lab.message
    assert "\n" not in lab.message
    assert lab.result is before


def test_a_link_with_nonsense_is_brought_back_into_range():
    lab = Penalties.from_query("lam=-3&penalty=l1&stretch=99")
    try:
        lab.settle()
        assert (lab.lam, lab.penalty, lab.stretch) == (0.0, "l1", 5.0)
        assert "lam" in lab.message
    finally:
        lab.close()


@pytest.mark.parametrize("show", QUICK)
def test_a_slider_repaints_at_once(make, show):
    name, values = QUICK[show]
    assert seconds_of_a_move(make(show=show), name, map(float, values)) < AT_ONCE
