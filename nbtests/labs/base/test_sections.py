"""Sections: folded at first, saying what differs, open where a preset has touched something."""

from functools import partial

import ipywidgets as w
import pytest

from nbtests.labs.conftest import Point
from trainingwheels.engine import ACTIVATIONS
from trainingwheels.labs.base.controls import Control
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.parameters import Choice, Slider, Switch, WholeSlider
from trainingwheels.labs.base.presets import Preset
from trainingwheels.labs.base.sections import sections
from trainingwheels.labs.base.view import View


class Power(View):
    name = label = "power"
    picture = Point
    x = Slider(0.0, 10.0, 1.0, step=0.5, help="large: it has no section")
    power = WholeSlider(1, 3, 2, label="exponent", section="shape", help="the exponent")
    shift = Switch(False, section="more", help="whether it is shifted")
    activation = Choice(ACTIVATIONS, "relu", section="shape", help="a drop-down")
    up = Slider(0.0, 1.0, 0.5, step=0.1, section="shift", help="how far", when={"shift": True}, hides=True)
    off = Slider(0.0, 1.0, 0.5, step=0.1, section="more", help="greyed out", when={"shift": True})

    def compute(self, s):
        return s.x, s.x**s.power

    def explain(self, result):
        return [f"The result is {result[1]:g}."]

    def script(self, s):
        return ""


class Plain(Power):
    """It has nothing of its own: all is shared."""

    name = label = "plain"


class Single(View):
    name = label = "single"
    picture = Point
    y = Slider(0.0, 10.0, 1.0, step=0.5, help="its only parameter")

    compute, explain, script = (lambda self, s: (s.y, s.y)), (lambda self, result: [""]), (lambda self, s: "")


class Sectioned(Lab):
    slug = "sectioned"
    number = "96"
    title = "Sectioned"
    presets = (
        Preset("cube", "cubed", {"power": 3}),
        Preset("square", "squared", {"power": 2}),
        Preset("shifted", "shifted", {"shift": True, "up": 0.7}),
        Preset("far", "far", {"x": 9.0}),
    )
    views = (Power, Plain, Single)


@pytest.fixture
def sectioned(opened):
    return partial(opened, Sectioned)


def heads(lab):
    """What the headings in sight say, by name."""
    return {each.name: each._head.description for each in lab._sections if "tw-away" not in each.widget._dom_classes}


def opened(lab):
    """The names of the sections whose controls are to be seen."""
    for section in lab._sections:
        assert section._head.value is ("tw-folded" not in section._body._dom_classes)
    return [section.name for section in lab._sections if section._head.value]


def turn(lab, name):
    """The learner presses a heading."""
    (head,) = (section._head for section in lab._sections if section.name == name)
    head.value = not head.value


def test_all_are_folded_at_first_and_a_parameter_without_a_section_is_in_none(sectioned):
    lab = sectioned()
    assert opened(lab) == []
    assert heads(lab) == {"shape": "shape", "more": "more"}
    inside = [set(section._controls) for section in lab._sections]
    assert {frozenset(names) for names in inside} == {
        frozenset({"power", "activation"}),
        frozenset({"shift", "off"}),
        frozenset({"up"}),
    }
    first, *boxes = lab._face.children[1].children[0].children
    assert [box.children for box in boxes[:-1]] == [(each._head, each._body) for each in lab._sections]
    assert lab._controls["x"].widget in first.children
    for section in lab._sections:
        assert section._body.children == tuple(control.widget for control in section._controls.values())


def test_a_heading_opens_and_folds(sectioned):
    lab = sectioned()
    turn(lab, "shape")
    assert opened(lab) == ["shape"]
    turn(lab, "shape")
    assert opened(lab) == []


def test_a_folded_one_says_what_differs_from_the_defaults(sectioned):
    lab = sectioned(power=3)
    assert heads(lab)["shape"] == "shape: exponent 3"
    lab.activation = "tanh"
    assert heads(lab)["shape"] == "shape: exponent 3, activation tanh"
    turn(lab, "shape")  # open, it shows the controls themselves
    assert heads(lab)["shape"] == "shape"
    lab.power = 2
    turn(lab, "shape")
    assert heads(lab)["shape"] == "shape: activation tanh"
    lab.activation = "relu"
    assert heads(lab)["shape"] == "shape"
    lab.set(shift=True, off=0.25)
    assert heads(lab)["more"] == "more: shift on, off 0.25"


def test_a_preset_opens_what_it_touches_and_folds_the_others(sectioned):
    lab = sectioned()
    lab.apply("cube")
    assert opened(lab) == ["shape"]
    lab.apply("shifted")
    assert set(opened(lab)) == {"more", "shift"}
    lab.apply("far")
    assert opened(lab) == []
    lab.apply("square")  # touched, though it is the default
    assert opened(lab) == ["shape"]
    assert heads(lab)["shape"] == "shape"


def test_a_reset_folds_what_a_preset_opened(sectioned):
    lab = sectioned(power=1)
    lab.apply("shifted")
    lab.reset()
    assert opened(lab) == []
    assert heads(lab) == {"shape": "shape: exponent 1", "more": "more"}


def test_what_the_learner_opened_stays_open(sectioned):
    lab = sectioned()
    turn(lab, "shape")
    lab.apply("shifted")
    assert set(opened(lab)) == {"shape", "more", "shift"}
    lab.reset()
    assert opened(lab) == ["shape"]
    turn(lab, "shape")
    lab.apply("far")
    assert opened(lab) == []


def test_one_is_away_when_nothing_in_it_is_in_sight(sectioned):
    lab = sectioned(up=0.7)
    assert "shift" not in heads(lab)
    lab.shift = True
    assert heads(lab)["shift"] == "shift: up 0.7"
    lab.shift = False
    assert "shift" not in heads(lab)
    lab.show = "plain"
    assert set(heads(lab)) == {"shape", "more"}
    lab.show = "single"
    assert heads(lab) == {}
    lab.show = "power"
    assert set(heads(lab)) == {"shape", "more"}


def test_what_cannot_be_used_but_is_in_sight_is_told_too(sectioned):
    lab = sectioned(off=0.25)
    assert heads(lab)["more"] == "more: off 0.25"


def test_headings_stand_as_they_are_first_named_but_picture_stands_first_and_more_last():
    headings = {"a": "net", "b": "more", "c": "", "d": "data", "e": "net", "f": "picture"}
    parameters = {name: Switch(False, section=heading, help="a toy") for name, heading in headings.items()}
    for name, parameter in parameters.items():
        parameter.name = name
    layout = w.Layout()
    controls = {name: Control(each, False, print, print, layout) for name, each in parameters.items()}
    found = sections(parameters, controls)
    assert [section.widget.children[0].description for section in found] == ["picture", "net", "data", "more"]
    assert found[1].has({"a"})
    assert found[1].has({"e"})
    assert not found[1].has({"b", "c", "d", "f"})
