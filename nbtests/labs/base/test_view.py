"""Views: the tabs that they make, which controls and widgets are in sight with each, and what they share."""

from typing import NamedTuple

import ipywidgets as w
import pytest

from nbtests.labs.conftest import Point, Square, TheSquare
from trainingwheels.labs.base.lab import Lab
from trainingwheels.labs.base.parameters import Slider, Tabs, WholeSlider
from trainingwheels.labs.base.view import View


class Powered(NamedTuple):
    x: float
    y: float


class Summed(NamedTuple):
    x: float
    y: float


class PointOfSums(Point):
    """The same point, in a picture of its own."""


class Bases:
    """What both views start from."""

    x = Slider(0.0, 10.0, 1.0, step=0.5, help="where it is looked at")


class Power(Bases, View):
    name = "power"
    label = "to a power"
    picture = Point
    power = WholeSlider(1, 3, 2, help="the exponent")

    def __init__(self, lab):
        super().__init__(lab)
        self.note = w.HTML("powers grow quickly")

    def above(self):
        return [self.note]

    def compute(self, s):
        return Powered(s.x, s.x**s.power + s.seed)

    def explain(self, result):
        return [f"The power is {result.y:g}."]

    def script(self, s):
        return f"print({s.x} ** {s.power})"

    def drag(self, s, start, now):
        return {"x": now}

    def seconds(self, s):
        return 3.0


class Sum(Bases, View):
    name = "sum"
    label = "plus something"
    picture = PointOfSums
    term = Slider(0.0, 5.0, 1.0, step=0.5, help="what is added")

    def results(self, s):
        yield Summed(s.x, s.x)
        yield Summed(s.x, s.x + s.term)

    def explain(self, result):
        return [f"The sum is {result.y:g}."]

    def script(self, s):
        return f"print({s.x} + {s.term})"


class Both(Lab):
    slug = "both"
    number = "97"
    title = "Both"
    views = (Power, Sum)
    seed = WholeSlider(0, 9, 0, help="what belongs to all views")

    def above(self):
        self.note = w.HTML("for all views")
        return [self.note]


@pytest.fixture
def lab():
    lab = Both()
    lab.settle()
    yield lab
    lab.close()


def in_sight(lab):
    return {name for name, control in lab._controls.items() if control.in_sight}


def test_the_tabs_are_the_views_in_their_order(lab):
    assert isinstance(Both.show, Tabs)
    (tabs,) = lab._controls["show"].widget.children
    assert isinstance(tabs, w.ToggleButtons)
    assert tabs.options == (("to a power", "power"), ("plus something", "sum"))
    assert lab.show == tabs.value == "power"
    tabs.value = "sum"  # the learner
    lab.settle()
    assert (lab.show, lab.result) == ("sum", Summed(1.0, 2.0))
    lab.show = "power"
    assert tabs.value == "power"
    assert (
        lab._controls["show"].widget not in lab._face.children[1].children[0].children[0].children
    )  # above the picture


def test_a_lab_of_one_view_has_no_tabs(square):
    assert "show" not in Square.parameters()
    assert type(square().view) is TheSquare


def test_every_view_computes_explains_and_says_its_script_itself(lab):
    assert (lab.result, lab.text, lab.code()) == (Powered(1.0, 1.0), "The power is 1.", "print(1.0 ** 2)")
    assert type(lab.view) is Power
    assert lab.drag(lab._named(), 1.0, 3.0) == {"x": 3.0}
    assert lab.seconds(lab._named()) == 3.0
    lab.set(show="sum", x=2)
    lab.settle()
    assert (lab.result, lab.text, lab.code()) == (Summed(2.0, 3.0), "The sum is 3.", "print(2.0 + 1.0)")
    assert type(lab.view) is Sum
    assert lab.drag(lab._named(), 1.0, 3.0) == {}
    assert lab.seconds(lab._named()) is None


def test_a_link_says_which_view(lab):
    lab.show = "sum"
    assert lab.query() == "show=sum"
    copy = Both.from_query("show=sum&term=2")
    copy.settle()
    assert copy.result == Summed(1.0, 3.0)
    copy.close()


def test_controls_are_in_sight_with_their_view_and_those_of_the_lab_always(lab):
    assert in_sight(lab) == {"show", "x", "power", "seed"}
    lab.show = "sum"
    assert in_sight(lab) == {"show", "x", "term", "seed"}


def test_a_parameter_that_views_share_is_one_trait(lab):
    assert Power.parameters()["x"] is Sum.parameters()["x"] is Both.parameters()["x"] is Bases.x
    assert list(Power.parameters()) == ["power", "x"]  # what is its own comes first
    assert list(Both.parameters()) == ["show", "power", "x", "term", "seed"]
    lab.set(x=4, show="sum")
    lab.settle()
    assert lab.result == Summed(4.0, 5.0)


class Own(TheSquare):
    """A view that inherits what another declares is free to have it."""

    name = "own"


class Other(View):
    name = "other"
    x = Slider(0.0, 1.0, 0.5, step=0.1, help="another x")


class Stated(View):
    name = "stated"
    state = Slider(0.0, 1.0, 0.5, step=0.1, help="what every lab has")


def test_a_name_that_is_taken_is_refused_when_the_class_is_made():
    with pytest.raises(TypeError, match="Other declares x, a name that is taken in TwoOfOneName"):

        class TwoOfOneName(Lab):
            views = (TheSquare, Other)

    with pytest.raises(TypeError, match="Stated declares state"):

        class WhatAllHave(Lab):
            views = (Stated,)

    with pytest.raises(TypeError, match="Other declares x"):

        class OfTheLab(Lab):
            views = (Other,)
            x = Slider(0.0, 2.0, 0.5, step=0.1, help="the lab's own x")

    class Fine(Lab):
        views = (TheSquare, Own)

    assert list(Fine.parameters()) == ["show", "x", "power"]


def test_what_is_above_the_picture_is_in_sight_with_its_view_only(lab):
    def seen(lab):
        """Which of the two notes are in sight, from above to below."""
        picture = lab._face.children[1].children[1].children
        above = picture[: picture.index(lab._canvas)]
        found = [note for each in above if "tw-away" not in each._dom_classes for note in (each, *_below(each))]
        return [note.value for note in found if isinstance(note, w.HTML)]

    assert seen(lab) == ["for all views", "powers grow quickly"]
    lab.show = "sum"
    assert seen(lab) == ["for all views"]
    lab.term = 2.0
    assert seen(lab) == ["for all views"]
    lab.show = "power"
    assert seen(lab) == ["for all views", "powers grow quickly"]
    copy = Both(show="sum")
    assert seen(copy) == ["for all views"]
    copy.close()


def _below(widget):
    return getattr(widget, "children", ())


def shown(lab):
    """What the picture on screen shows."""
    return list(zip(*(list(data) for data in lab._picture._now.live[0].get_data()), strict=True))


def test_a_pinned_result_waits_while_another_view_is_on_screen(lab):
    lab.pin()
    lab.x = 3
    lab.settle()
    assert shown(lab) == [(3.0, 9.0), (1.0, 1.0)]
    lab.show = "sum"
    lab.settle()
    assert shown(lab) == [(3.0, 4.0)]
    lab.show = "power"
    lab.settle()
    assert shown(lab) == [(3.0, 9.0), (1.0, 1.0)]
    lab.show = "sum"
    lab.settle()
    lab.unpin()
    lab.show = "power"
    lab.settle()
    assert shown(lab) == [(3.0, 9.0)]


def test_a_view_keeps_what_it_has_while_another_is_on_screen(lab):
    power = lab.view
    lab.show = "sum"
    assert lab.view is not power
    lab.show = "power"
    assert lab.view is power
    assert power.lab is lab
