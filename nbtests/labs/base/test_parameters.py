"""Parameters: what they refuse, how they say so, and the control each one gets."""

import ipywidgets as w
import pytest
from traitlets import HasTraits, TraitError

from trainingwheels.engine import ACTIVATIONS, InvalidSetting
from trainingwheels.labs.base.controls import Control
from trainingwheels.labs.base.history import History
from trainingwheels.labs.base.parameters import (
    Choice,
    InvalidParameter,
    LogSlider,
    LogWholeSlider,
    Several,
    Slider,
    Switch,
    WholeSlider,
)


class Settings(HasTraits):
    std = LogSlider(1e-4, 1.0, 0.01, step=0.05, help="a spread")
    rate = Slider(0.0, 0.95, 0.0, step=0.05, help="a rate")
    depth = WholeSlider(1, 12, 6, most=100, unit="layers", help="a depth")
    width = LogWholeSlider(16, 65_536, 4096, unit="units", help="a width", when={"activation": ("tanh", "relu")})
    activation = Choice(ACTIVATIONS, "tanh", help="a function")
    norm = Switch(False, help="a switch")

    refusals: list[str]

    def refused(self, message):
        self.refusals.append(message)


@pytest.fixture
def settings():
    settings = Settings()
    settings.refusals = []
    return settings


BAD = [
    ("std", float("nan"), "a number from 0.0001 to 1"),
    ("std", -0.1, "0.0001"),
    ("std", 1e30, "0.0001"),
    ("std", "big", "a number from 0.0001 to 1"),
    ("std", None, "a number"),
    ("std", True, "a number"),
    ("rate", 1.0, "0 to 0.95"),
    ("depth", 0, "1 to 100 layers"),
    ("depth", 2.5, "whole number"),
    ("width", 0, "16 to 65,536 units"),
    ("activation", "tahn", "did you mean 'tanh'?"),
    ("activation", ["tanh"], "choose one of"),
    ("norm", "maybe", "True or False"),
]


@pytest.mark.parametrize(("name", "value", "says"), BAD)
def test_a_bad_value_is_refused_in_one_line_and_nothing_is_lost(settings, name, value, says):
    before = getattr(settings, name)
    with pytest.raises(InvalidParameter) as refusal:
        setattr(settings, name, value)
    message = str(refusal.value)
    assert isinstance(refusal.value, TraitError)
    assert isinstance(refusal.value, InvalidSetting)
    assert "\n" not in message
    assert message.startswith(f"{name} = ")
    assert says in message
    assert settings.refusals == [message]
    assert getattr(settings, name) == before


@pytest.mark.parametrize(("name", "value"), [("std", 0.5), ("depth", 100), ("depth", 3.0), ("width", 17), ("norm", 1)])
def test_a_good_value_is_taken(settings, name, value):
    setattr(settings, name, value)
    assert getattr(settings, name) == value


def test_defaults_are_checked_too():
    with pytest.raises(InvalidSetting):
        LogSlider(1e-4, 1.0, 2.0, step=0.05, help="wrong")


def test_when_tells_whether_a_control_can_be_used():
    width = Settings.width
    assert width.usable({"activation": "relu"})
    assert not width.usable({"activation": "elu"})
    either = Slider(0.0, 1.0, 0.5, step=0.1, help="of one of two", when=lambda s: "noise" in (s["first"], s["second"]))
    assert either.usable({"first": "none", "second": "noise"})
    assert not either.usable({"first": "none", "second": "none"})


@pytest.fixture
def control():
    made = []

    def make(name, value=None):
        moves = []
        trait = getattr(Settings, name)
        value = trait.default_value if value is None else value
        one = Control(
            trait, value, lambda *move: moves.append(move), lambda *typed: moves.append(("typed", *typed)), w.Layout()
        )
        made.append(one)
        return one, moves

    yield make
    for one in made:
        for widget in [*one.widget.children, one.widget]:
            widget.close()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("std", w.FloatLogSlider),
        ("rate", w.FloatSlider),
        ("depth", w.IntSlider),
        ("width", w.FloatLogSlider),
        ("activation", w.Dropdown),
        ("norm", w.Checkbox),
    ],
)
def test_each_parameter_has_its_control(control, name, kind):
    one, _ = control(name)
    assert type(one.widget.children[0]) is kind
    assert one.widget.children[0].tooltip == getattr(Settings, name).help


def test_moving_a_slider_gives_three_digits(control):
    one, moves = control("std")
    one.widget.children[0].value = 0.0562341325
    assert moves == [("std", 0.0562)]


def test_a_log_whole_slider_gives_whole_numbers(control):
    one, moves = control("width")
    one.widget.children[0].value = 8192.0000001
    assert moves == [("width", 8192)]


def test_a_page_that_snaps_its_slider_to_a_stop_changes_nothing(control):
    one, moves = control("std", 0.05)
    one.widget.children[0].value = 10**-1.3  # the stop nearest to 0.05, which a new page reports
    assert moves == []


@pytest.mark.parametrize("stop", [-0.8, -0.7])  # a browser rounds up where Python rounds to the even one
def test_half_way_between_two_stops_a_page_may_snap_to_either(stop):
    parameter = Slider(-20.0, 20.0, 1.0, step=0.1, help="an input")
    parameter.name = "x"
    moves = []
    control = Control(parameter, 1.0, lambda name, value: moves.append(value), lambda name, text: None, w.Layout())
    slider = control.widget.children[0]
    control.show(-0.75)
    slider.value = stop
    control.show(2.0)
    slider.value = stop  # late
    assert moves == []
    slider.value = 0.5  # the learner
    assert moves == [0.5]


def test_showing_a_value_moves_slider_and_box_without_calling_back(control):
    one, moves = control("depth")
    one.show(100)
    assert [widget.value for widget in one.widget.children] == [12, "100"]
    assert moves == []


def test_typing_calls_back_with_the_text(control):
    one, moves = control("std")
    one.widget.children[1].value = " 1e-3 "
    assert moves == [("typed", "std", "1e-3")]


def test_a_control_can_be_greyed_out(control):
    one, _ = control("std")
    one.enable(False)
    assert all(widget.disabled for widget in one.widget.children)
    one.enable(True)
    assert not any(widget.disabled for widget in one.widget.children)


def test_one_drag_is_one_step_back():
    history = History()
    for value in range(5):
        history.record(value, "std")
    history.record(5, "depth")
    assert [history.undo(), history.undo(), history.undo()] == [5, 0, None]


def test_a_slider_knows_its_nearest_stop():
    slider = Slider(-1.0, 2.0, 0.0, step=0.25, help="a number")
    assert [slider.nearest_stop(value) for value in (-5, -0.9, 0.13, 0.3, 7)] == [-1, -1, 0.25, 0.25, 2]


def test_several_entries_are_a_row_of_buttons_that_stay_pressed():
    parameter = Several(ACTIVATIONS, ("tanh",), help="laid over it")
    parameter.name = "others"
    moves = []
    control = Control(parameter, ("tanh",), lambda name, value: moves.append((name, value)), None, w.Layout())
    (chips,) = control.widget.children
    buttons = {button.description: button for button in chips.children[1:]}
    assert list(buttons) == [entry.label for entry in ACTIVATIONS.values()]
    assert buttons["tanh"].value
    buttons["ReLU"].value = True
    assert moves == [("others", ("tanh", "relu"))]
    control.show(("relu",))
    assert not buttons["tanh"].value
    assert len(moves) == 1  # what code sets is not reported back


def test_an_ordered_row_of_buttons_says_in_which_place_each_is():
    parameter = Several(ACTIVATIONS, ("tanh",), ordered=True, help="one after the other")
    parameter.name = "others"
    moves = []
    control = Control(parameter, ("tanh",), lambda name, value: moves.append(value), None, w.Layout())
    (chips,) = control.widget.children
    buttons = dict(zip(ACTIVATIONS, chips.children[1:], strict=True))
    assert buttons["tanh"].description == "tanh"  # alone, it needs no number
    buttons["sigmoid"].value = True
    assert moves[-1] == ("tanh", "sigmoid")
    assert [buttons[name].description for name in ("tanh", "sigmoid")] == ["1. tanh", "2. Sigmoid"]
    buttons["tanh"].value = False
    buttons["tanh"].value = True
    assert moves[-1] == ("sigmoid", "tanh")
    buttons["sigmoid"].value = False
    assert (chips.value, buttons["sigmoid"].description) == (("tanh",), "Sigmoid")
    control.enable(False)
    assert buttons["tanh"].disabled
    with pytest.raises(InvalidParameter, match="did you mean 'tanh'"):
        parameter.check(("tahn",))


def test_a_page_that_reports_late_where_it_was_told_to_go_moves_nothing():
    """Its slider rounds what it is told, and reports that as a change; by then the value may have gone on."""
    parameter = Slider(-3.0, 3.0, 1.0, step=0.05, help="a slope")
    parameter.name = "w"
    moves = []
    control = Control(parameter, 1.0, lambda name, value: moves.append(value), lambda name, text: None, w.Layout())
    slider = control.widget.children[0]
    for value in (0.95, 0.85, 0.75):
        control.show(value)
    slider.value = 0.9500000000000006
    slider.value = 0.8500000000000001
    assert moves == []
    slider.value = 0.5  # the learner
    slider.value = 0.85
    assert moves == [0.5, 0.85]


def test_a_page_that_reports_where_its_slider_stood_before_it_got_another_end_moves_nothing():
    ends = {"spirals": 500, "digits": 1437}
    parameter = LogWholeSlider(8, 2**16, 2**16, limit=lambda s: ends[s["dataset"]], help="training examples")
    parameter.name = "train_size"
    moves = []
    control = Control(parameter, 2**16, lambda name, value: moves.append(value), lambda name, text: None, w.Layout())
    control.limit({"dataset": "spirals"})
    control._told.clear()  # that was long ago
    control.limit({"dataset": "digits"})
    slider, box = control.widget.children
    slider.value = 512.0  # the stop nearest to 500
    assert (moves, box.value) == ([], "1,437")
    slider.value = 256.0  # the learner
    assert moves == [256]


def test_a_control_may_be_out_of_sight_while_it_cannot_be_used():
    slider = Slider(0.0, 3.0, 1.0, step=0.1, help="alpha", when={"activation": "elu"}, hides=True)
    assert slider.in_sight({"activation": "elu"})
    assert not slider.in_sight({"activation": "relu"})
