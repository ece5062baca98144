"""The preprocessing lab: every view has its result and its controls, keys lead on, bad input is one line."""

import re

import pytest

from nbtests.labs.preprocessing.conftest import change, choose
from trainingwheels.labs.preprocessing.lab import Preprocessing
from trainingwheels.labs.preprocessing.pictures.bowls import DescentView
from trainingwheels.labs.preprocessing.pictures.clouds import CloudView
from trainingwheels.labs.preprocessing.pictures.components import ComponentsView
from trainingwheels.labs.preprocessing.pictures.image_means import MeansView
from trainingwheels.labs.preprocessing.pictures.leakage import LeakView
from trainingwheels.labs.preprocessing.pictures.turning import TurnView

VIEWS = {
    "cloud": CloudView,
    "turn": TurnView,
    "descent": DescentView,
    "images": MeansView,
    "components": ComponentsView,
    "leak": LeakView,
}


def test_the_views_are_those():
    assert [view.name for view in Preprocessing.views] == list(VIEWS)


@pytest.mark.parametrize("show", VIEWS)
def test_every_view_has_its_result_and_its_words(make, show):
    lab = make(show=show)
    assert (lab.state, lab.message) == ("done", "")
    assert type(lab.result) is VIEWS[show]
    assert len(lab.text) > 100


def uploads(lab):
    """The views whose button for files is in sight."""
    return [show for show in ("cloud", "images") if "tw-away" not in lab._above[show]._dom_classes]


def test_controls_of_other_views_are_out_of_sight(make):
    lab = make()
    in_sight = {name for name in lab.parameters() if lab._in_sight(name, lab.settings)}
    assert in_sight == {"show", "step", "data", "stretch", "squeeze", "angle", "shift_x", "shift_y", "points", "seed"}
    assert uploads(lab) == ["cloud"]
    lab.show = "leak"
    assert uploads(lab) == []
    lab.show = "images"
    assert uploads(lab) == ["images"]


def test_the_presenters_keys_work_beside_a_parameter_named_step(make):
    lab = make()
    lab.advance(1)
    assert lab._preset.name == "original"
    lab.advance(1)  # first the answer,
    assert "the mean" in lab._face._question.value
    lab.advance(1)  # then the next preset
    lab.settle()
    assert (lab._preset.name, lab.step) == ("zero-centred", "centred")
    for by in (1, 1):  # as the keys do
        lab._on_event({"event": "step", "by": by})
    lab.settle()
    assert (lab.message, lab.step) == ("", "normalized")
    lab._on_event({"event": "step", "by": -1})
    lab.settle()
    assert (lab.message, lab.step, lab.result.chosen) == ("", "centred", 1)


def test_words_at_the_ends_of_the_sliders(make):
    lab = make(show="turn", points=1)
    change(lab, stretch=0.0, squeeze=0.0, points=2)
    change(lab, shift_x=0.0, shift_y=0.0, stretch=2.0, squeeze=2.0, points=256, after="centred")
    assert "the same within a tenth" in lab.text
    change(lab, show="descent", rate=2.2)
    assert "nothing converges" in lab.text
    change(lab, rate=0.05, condition=1000.0, shift_x=10.0, shift_y=-10.0)
    assert re.search(r"Whitened: \d+ steps", lab.text)
    change(lab, show="images", examples=1)
    assert "Of one image, the mean is that image" in lab.text
    change(lab, show="components", examples=1, keep=64)
    assert "1 example in 64 dimensions: the covariance has rank 0" in lab.text
    change(lab, show="leak", train_size=4, test_size=1)
    change(lab, drift=0.5, method="normalize", train_size=512, test_size=256)
    assert "the test looks better than an honest one" in lab.text


@pytest.mark.parametrize(
    ("kind", "name", "content", "says"),
    [
        ("cloud", "a.csv", b"1,2\n3,nan\n5,6\n", "'a.csv', row 2: nan is not finite: fill it in, or remove the row."),
        ("cloud", "a.csv", b"\x89PNG\xff", "'a.csv' is not a text file"),
        ("images", "a.png", b"1,2", "'a.png' cannot be read as an image: choose a PNG or JPEG file."),
    ],
)
def test_a_bad_file_is_one_line_and_the_last_picture_stays(make, kind, name, content, says):
    lab = make(show=kind)
    before, settings = lab.result, lab.settings
    choose(lab, kind, name, content)
    assert says in lab.message
    assert "\n" not in lab.message
    assert lab.result is before
    assert lab.settings == settings
