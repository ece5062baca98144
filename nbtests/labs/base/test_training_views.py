"""Behaviour: a lab with quick views and one whose nets train."""

import sys
import threading

import pytest

from nbtests.browser.serving import wait_for
from nbtests.figures.made_runs import made_picture
from nbtests.labs.conftest import Point
from trainingwheels.engine import InvalidSetting, RunConfig
from trainingwheels.engine.settings import ListOf, Real
from trainingwheels.figures import CurvesView
from trainingwheels.labs.base.parameters import Slider, WholeSlider, Words
from trainingwheels.labs.base.training import NetsView, TrainingLab
from trainingwheels.labs.base.view import View
from trainingwheels.labs.learning_curves.pictures.learning_curves import CurvesPicture


class Square(View):
    """x squared."""

    name = label = "square"
    picture = Point
    x = Slider(0.0, 10.0, 1.0, step=0.5, help="what is squared")

    def compute(self, s):
        return s.x, s.x**2

    def explain(self, result):
        return [type(result).__name__]

    def script(self, s):
        return "print()"


class TwoNets(NetsView):
    """Two nets that train."""

    name = label = "nets"
    picture = CurvesPicture
    lr = Slider(0.0, 1.0, 0.1, step=0.1, help="learning rate")
    epochs = WholeSlider(1, 5000, 5000, help="how often each example is seen")

    def configs(self, s):
        runs = [RunConfig(dataset="moons", hidden=(4,), lr=s.lr, epochs=s.epochs, seed=seed) for seed in (0, 1)]
        return runs, ["a", "b"]

    def view(self, snapshot, labels, s):
        return CurvesView(snapshot.histories, labels)

    def explain(self, result):
        return [type(result).__name__]

    def script(self, s):
        return "print()"


class Both(TrainingLab):
    """x squared, or two nets that train."""

    slug = "both"
    number = "98"
    title = "Both"
    views = (Square, TwoNets)


@pytest.fixture
def lab():
    lab = Both()
    lab.settle()
    yield lab
    lab.close()


def steps(lab):
    return len(lab._views["nets"].in_hand.snapshot.histories[0].steps)


def in_sight(lab):
    """The names of the controls that are to be seen, and whether the buttons that train are."""
    assert lab._transport.layout.display is None
    return {name for name, control in lab._controls.items() if control.in_sight}, "tw-away" not in (
        lab._transport._dom_classes
    )


def test_a_quick_view_has_no_transport_and_only_its_own_controls(lab):
    assert (lab.state, lab.result, lab.text) == ("done", (1.0, 1.0), "tuple")
    assert in_sight(lab) == ({"show", "x"}, False)
    lab.show = "nets"
    lab.settle()
    assert (lab.state, lab.text) == ("idle", "CurvesView")
    assert in_sight(lab) == ({"show", "lr", "epochs"}, True)
    lab.show = "square"
    lab.x = 2.0
    assert in_sight(lab) == ({"show", "x"}, False)


def test_nets_survive_a_look_at_another_view(lab):
    lab.show = "nets"
    lab.settle()
    lab.start()
    wait_for(lambda: steps(lab) > 20, "the steps")
    lab.show = "square"
    lab.x = 3.0
    lab.settle()
    assert (lab.state, lab.result) == ("done", (3.0, 9.0))
    trained = steps(lab)
    lab.show = "nets"
    lab.settle()
    assert (lab.state, steps(lab), lab._start.description) == ("paused", trained, "Resume")
    assert len(lab.result.histories[0].steps) == trained
    lab.lr = 0.2  # counts from the next step on
    lab.single_step()
    lab.settle()
    assert steps(lab) == trained + 1
    assert lab.result.histories[0].lr[-1] == pytest.approx(0.2)


def test_a_setting_of_the_nets_that_changed_meanwhile_makes_new_ones(lab):
    lab.show = "nets"
    lab.settle()
    lab.single_step()
    lab.settle()
    lab.set(show="square", epochs=3)
    lab.settle()
    lab.show = "nets"
    lab.settle()
    assert (lab.state, steps(lab)) == ("idle", 0)
    lab.start()
    lab.settle()
    assert (lab.state, lab._start.description) == ("done", "Train again")
    lab.show = "square"
    lab.settle()
    lab.show = "nets"
    lab.settle()
    assert (lab.state, lab._start.description) == ("done", "Train again")


class ManyRates(TwoNets):
    """The same net at several learning rates."""

    name = label = "rates"
    rates = Words(ListOf(Real(0.0, 1.0), 0, 4), (), help="the learning rates", empty=lambda s: (0.1, 0.2))

    def compared(self, settings):
        return {"lr": settings["rates"] or (0.1, 0.2)}

    def configs(self, s):
        rates = s.rates or (0.1, 0.2)
        return [RunConfig(dataset="moons", hidden=(4,), lr=rate, epochs=s.epochs) for rate in rates], [
            str(rate) for rate in rates
        ]


class Rates(TrainingLab):
    """A net, or several."""

    slug = "rates"
    number = "97"
    title = "Rates"
    views = (TwoNets, ManyRates)


def test_what_is_compared_cannot_be_moved_and_its_values_stand_in_their_box(opened):
    lab = opened(Rates)
    lr, rates = lab._controls["lr"].widget.children, lab._controls["rates"].widget.children[0]
    assert (lr[0].disabled, lr[1].value) == (False, "0.1")
    lab.show = "rates"
    lab.settle()
    assert [part.disabled for part in lr] == [True, True]
    assert (lr[1].value, rates.value, rates.disabled) == ("2 values", "0.1, 0.2", False)
    rates.value = "0.1, 0.2, 0.4"
    assert (lab.rates, lr[1].value, rates.value) == ((0.1, 0.2, 0.4), "3 values", "0.1, 0.2, 0.4")
    rates.value = ""
    assert (lab.rates, lr[1].value, rates.value) == ((), "2 values", "0.1, 0.2")
    lab.settle()
    lab.single_step()
    lab.lr = 0.9  # from code: it is nobody's here
    lab.single_step()
    lab.settle()
    assert [history.lr[-1] for history in lab.result.histories] == pytest.approx([0.1, 0.2])
    lab.show = "nets"
    lab.settle()
    assert (lr[0].disabled, lr[1].value) == (False, "0.9")


def buttons(lab):
    """Which of the buttons that train can be pressed."""
    return [button.description for button in (lab._start, lab._step, lab._again) if not button.disabled]


@pytest.fixture
def held(monkeypatch):
    """A lab whose nets are not made before ``held()``."""
    gate, make = threading.Semaphore(0), TwoNets.configs

    def wait(view, s):
        assert gate.acquire()
        return make(view, s)

    monkeypatch.setattr(TwoNets, "configs", wait)
    yield gate.release
    gate.release(1000)


def press(lab, says):
    """What the page tells when the button that starts and pauses is pressed while it says this."""
    lab._on_event({"event": "press", "says": says})


def test_what_has_to_come_is_said_and_can_be_started_already(held, lab):
    lab.show = "nets"
    assert lab._face.page.waiting == (
        "Making the nets …" if "torch" in sys.modules else "Loading PyTorch and the data …"
    )
    assert buttons(lab) == ["Start", "Step", "Start over"]
    held()
    lab.settle()
    assert (lab._face.page.waiting, buttons(lab)) == (None, ["Start", "Step", "Start over"])
    lab.set(epochs=4, show="square")
    lab.settle()
    lab.show = "nets"  # its nets have another number of epochs
    assert lab._face.page.waiting == "Making the nets …"
    held()
    lab.settle()
    lab.single_step()  # what is on screen is theirs
    assert lab._face.page.waiting is None
    lab.settle()
    assert buttons(lab) == ["Resume", "Step", "Start over"]


def test_what_is_pressed_while_nets_are_made_is_done_when_they_are_there(held, lab):
    lab.show = "nets"
    held()
    lab.settle()
    lab.epochs = 3
    wait_for(lambda: lab.state == "running", "nets that are being made")
    press(lab, "Start")
    wait_for(lambda: lab._start.description == "Pause", "a training that is to come")
    held()
    lab.settle()
    assert (lab.state, lab._start.description) == ("done", "Train again")
    lab.epochs = 4
    wait_for(lambda: lab.state == "running", "nets that are being made")
    lab.single_step()
    held()
    lab.settle()
    assert (lab.state, steps(lab)) == ("paused", 1)


def test_a_press_counts_as_what_the_button_said(lab):
    lab.set(show="nets", epochs=2)
    press(lab, "Start")
    lab.settle()
    trained = lab.result
    press(lab, "Pause")  # when the training had just ended, of which the page did not know
    lab.single_step()
    lab.settle()
    assert (lab.state, lab.result) == ("done", trained)
    lab.epochs = 5000
    press(lab, "Start")
    press(lab, "Start")  # twice, before the page says Pause
    wait_for(lambda: steps(lab) > 20, "the steps")
    assert lab._start.description == "Pause"
    press(lab, "Pause")
    lab.settle()
    assert (lab.state, lab._start.description) == ("paused", "Resume")


def test_nets_that_cannot_be_made_cannot_be_started(lab, monkeypatch):
    def refuse(view, s):
        raise InvalidSetting("not on this computer")

    monkeypatch.setattr(TwoNets, "configs", refuse)
    lab.show = "nets"
    lab.settle()
    assert (lab.state, lab._face.page.waiting, buttons(lab)) == ("failed", "", ["Start over"])


def test_starting_where_nothing_trains_does_no_harm(lab):
    for act in (lab.start, lab.single_step, lab.restart, lab.pause):
        act()
        lab.settle()
        assert (lab.state, lab.result) == ("done", (1.0, 1.0))


def test_the_canvas_tells_its_page_when_a_view_is_higher(lab, monkeypatch):
    sizes = []
    resize = lab._canvas.handle_resize
    monkeypatch.setattr(
        lab._canvas, "handle_resize", lambda event: (sizes.append(tuple(event.values())), resize(event))
    )
    lab._face.page.width = 700
    lab.settle()
    before = lab._picture.size
    lab.show = "nets"
    lab.settle()
    assert lab._picture.size != before
    assert sizes == [before, lab._picture.size]
    assert made_picture(CurvesPicture, lab._picture.width).size == lab._picture.size
