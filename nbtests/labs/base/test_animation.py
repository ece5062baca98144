"""Views that move: in order, in time, only where somebody watches, and overtaken by what comes next."""

import pytest

from nbtests.labs.conftest import Point, Square
from trainingwheels.labs.base import animation
from trainingwheels.labs.base.animation import AnimatedView
from trainingwheels.labs.base.parameters import WholeSlider


class Climb(AnimatedView):
    """x from 0 to ``top``; looked at up to ``height``."""

    name = "climb"
    label = "a climb"
    about = "It climbs."
    picture = Point
    top = WholeSlider(1, 10, 5, help="how far")
    height = WholeSlider(0, 10, 3, looks=True, help="how far one looks")

    def compute(self, s):
        return s.height, s.top

    def frames(self, result):
        return range(result[0] + 1)

    def frame(self, result, moment):
        return moment, result[1]

    def explain(self, result):
        return [f"At {result[0]} of {result[1]}."]

    def script(self, s):
        return f"print({s.top})"


class Climbing(Square):
    views = (Climb,)
    presets = ()


@pytest.fixture
def lab(settled, monkeypatch):
    monkeypatch.setattr(animation.time, "sleep", lambda seconds: None)
    lab = settled(Climbing)
    shown, update = [], lab._picture.update
    monkeypatch.setattr(lab._picture, "update", lambda result, pinned: (shown.append(result), update(result, pinned)))
    lab.shown = shown
    return lab


def seen(lab, **settings):
    del lab.shown[:]
    lab.set(**settings)
    lab.settle()
    return [moment for moment, _ in lab.shown]


def test_nobody_watches_where_no_page_is(lab):
    assert lab.result == (3, 5)
    assert seen(lab, top=6) == [3]


def test_a_change_is_played_and_a_look_is_not(lab):
    lab._face.page.width = 900.0
    found = seen(lab, top=7)
    assert (found[0], found[-1], found) == (0, 3, sorted(found))
    assert seen(lab, height=9) == [9]
    assert seen(lab, height=2) == [2]


def test_play_begins_again(lab):
    lab._face.page.width = 900.0
    del lab.shown[:]
    lab.view.play()
    lab.settle()
    assert (lab.shown[0], lab.shown[-1]) == ((0, 5), (3, 5))


def test_pictures_that_are_late_are_left_out(lab, monkeypatch):
    lab._face.page.width = 900.0
    clock = iter([0.0, 0.0, 10.0, 10.0, 10.0, *[10.0] * 50])
    monkeypatch.setattr(animation.time, "perf_counter", lambda: next(clock))
    assert seen(lab, top=8, height=10) == [0, 10]


def test_what_comes_next_overtakes_it(lab):
    lab._face.page.width = 900.0
    lab.set(top=9, height=10)
    lab.set(top=10, height=1)
    lab.settle()
    assert lab.shown[-1] == (1, 10)
    assert lab.state == "done"
