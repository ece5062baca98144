"""Behaviour: what the lab of activation functions says is what the engine found, every slide says what it shows."""

import math
import re

import numpy as np
import pytest

from nbtests.labs.using import change
from nbtests.words import numbers
from trainingwheels.engine import ACTIVATIONS, InvalidSetting, chain, elu, maxout, outputs, train
from trainingwheels.engine.initializers import own_initializer
from trainingwheels.engine.signals.gaussian_inputs import CENTRED
from trainingwheels.figures import CurvesView
from trainingwheels.labs.activation_functions.lab import ActivationFunctions
from trainingwheels.labs.activation_functions.pictures.chains import ChainView
from trainingwheels.labs.activation_functions.pictures.functions import FunctionsView, Point

QUICK = {"show": "training", "depth": 1, "width": 8, "epochs": 1, "seeds": 2}


@pytest.fixture
def lab():
    lab = ActivationFunctions()
    lab.settle()
    yield lab
    lab.close()


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("show", ["function", "chain"])
def test_every_nonlinearity_can_be_looked_at(lab, name, show):
    result = change(lab, show=show, activation=name)
    assert isinstance(result, FunctionsView if show == "function" else ChainView)
    assert lab.text.startswith(ACTIVATIONS[name].label)
    assert "tw-away" in lab._transport._dom_classes


def test_alpha_slope_and_lines_are_those_that_are_drawn(lab):
    x = np.array([-1.0])
    (curve,) = change(lab, activation="elu", alpha=2.0, x=-1.0).curves
    assert curve.at == (elu(2.0).value(x)[0], elu(2.0).derivative(x)[0])
    (curve,) = change(lab, activation="leaky_relu", slope=0.3).curves
    assert curve.at == (-0.3, 0.3)
    (curve,) = change(lab, activation="maxout", w1=0.5, b1=1.0, w2=-3.0, b2=0.5).curves
    assert curve.at == (maxout(0.5, 1, -3, 0.5).value(x)[0], -3.0)
    assert lab.result.lines == ((0.5, 1.0), (-3.0, 0.5))


def test_others_are_laid_over_it_each_once(lab):
    result = change(lab, others=("tanh", "sigmoid", "tanh", "relu"))
    assert [curve.activation.name for curve in result.curves] == ["sigmoid", "tanh", "relu"]
    made = outputs(ACTIVATIONS["tanh"])
    assert numbers("tanh: mean #, std #, mean slope #", lab.text) == pytest.approx([0, made.std, made.slope], rel=0.05)


def test_the_words_say_whether_outputs_are_centred_and_how_many_are_cut_off(lab):
    made = outputs(ACTIVATIONS["sigmoid"])
    away, most = numbers("is # std from zero: not zero-centred (at most # would be)", lab.text)
    assert (away, most) == (pytest.approx(made.mean / made.std, rel=0.05), CENTRED)
    change(lab, activation="tanh", std=3.0)
    assert "zero-centred (at most 0.1 is)" in lab.text
    (share,) = numbers("saturated for # %", lab.text)
    assert share / 100 == pytest.approx(outputs(ACTIVATIONS["tanh"], 0, 3).flat, abs=0.0051)
    change(lab, activation="relu", mean=-4.0, std=1.0)
    assert "Dead" in lab.text
    change(lab, mean=-3.0)
    assert "Dead" not in lab.text  # 0.13 % of the inputs are on


def test_a_row_of_units_is_what_the_engine_computes(lab):
    result = change(lab, show="chain", activation="tanh", n=7, w=1.5, b=-0.25, x=0.5)
    found = chain(ACTIVATIONS["tanh"], np.array([0.5]), 7, 1.5, -0.25)
    assert np.array_equal(result.links[0].one.gradients, found.gradients)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"activation": "sigmoid"}, "it vanishes"),
        ({"activation": "relu"}, "is 1, times 1 per unit: it keeps its size"),
        ({"activation": "relu", "x": -1.0}, "exactly zero: no learning from this input"),
        ({"activation": "relu", "w": 2.0}, "it explodes"),
        ({"activation": "relu", "w": 4.0, "n": 200}, "after 200 units"),
    ],
)
def test_the_words_say_whether_a_gradient_shrinks_or_grows(lab, settings, says):
    change(lab, show="chain", **settings)
    assert says in lab.text


def test_nets_are_paired_by_seed_and_start_as_suits_each(lab):
    lab.set(activation="relu", others=("tanh",), **QUICK)
    lab.settle()
    assert lab.state == "idle"
    assert "tw-away" not in lab._transport._dom_classes
    lab.start()
    lab.settle()
    assert isinstance(lab.result, CurvesView)
    configs = [history.config for history in lab.result.histories]
    assert [(c.activation, c.initializer, c.seed) for c in configs] == [
        ("relu", "kaiming", 0),
        ("relu", "kaiming", 1),
        ("tanh", "xavier", 0),
        ("tanh", "xavier", 1),
    ]
    again = train(configs, "cpu")
    assert [h.train_loss[-1] for h in lab.result.histories] == [h.train_loss[-1] for h in again]
    final = [float(h.val_accuracy[-1]) for h in lab.result.histories]
    (gain,) = numbers("tanh minus ReLU, seed by seed: # points", lab.text)
    assert gain == pytest.approx(100 * (final[2] + final[3] - final[0] - final[1]) / 2, abs=0.051)
    assert "Weights: Kaiming for ReLU; Xavier for tanh." in lab.text


def test_all_nets_can_be_given_the_same_weights(lab):
    lab.set(activation="relu", others=("tanh",), weights="xavier", **QUICK)
    lab.settle()
    assert lab.message == ""
    assert {history.config.initializer for history in lab.result.histories} == {"xavier"}
    assert {own_initializer(name) for name in ("sigmoid", "tanh", "maxout", "selu")} == {"xavier"}


def test_trained_nets_survive_a_look_at_another_view(lab):
    lab.set(activation="relu", **QUICK)
    lab.settle()
    lab.start()
    lab.settle()
    trained = lab.text
    change(lab, show="function", x=3.0, mean=1.0)
    assert lab.text != trained
    change(lab, show="training")
    assert (lab.text, lab.state) == (trained, "done")


def test_a_row_is_dragged_by_its_input(lab):
    lab.show = "chain"
    assert lab.drag(lab._named(), Point("every", 1.0, 0.5), Point("every", 3.0, 0.25)) == {"x": 3.0}


@pytest.mark.parametrize("show", ["function", "chain"])
def test_the_sliders_of_one_nonlinearity_are_in_sight_with_it_where_nothing_trains(lab, show):
    own = {"leaky_relu": ["slope"], "elu": ["alpha"], "maxout": ["w1", "b1", "w2", "b2"]}
    for name in ACTIVATIONS:
        lab.set(show=show, activation=name)
        seen = [each for names in own.values() for each in names if lab._controls[each].in_sight]
        assert seen == own.get(name, [])
        lab.show = "training"
        assert not any(lab._controls[each].in_sight for names in own.values() for each in names)


@pytest.mark.parametrize(("preset", "slider"), [("leaky-relu", "slope"), ("chain", "b")])
def test_what_an_answer_asks_to_move_is_not_folded(lab, preset, slider):
    lab.apply(preset)
    assert lab._controls[slider].in_sight
    (section,) = (each for each in lab._sections if each.has([slider]))
    assert section._head.value


def test_dragging_the_input_the_bell_and_maxouts_lines(lab):
    lab.set(activation="maxout", w1=1.0, b1=0.0, w2=-0.5, b2=0.0, mean=1.0, x=0.0)
    s = lab._named()
    assert lab.drag(s, Point("inputs", 1.0, 0.5), Point("inputs", 3.0, 0.5)) == {"mean": 3.0}
    assert lab.drag(s, Point("slope", 1.0, 0.5), Point("slope", 3.0, 0.5)) == {"x": 3.0}
    assert lab.drag(s, Point("value", 4.0, 4.1), Point("value", 4.0, 2.0)) == {"w1": 0.5}
    assert lab.drag(s, Point("value", 4.0, -2.1), Point("value", 2.0, 2.0)) == {"w2": 1.0}
    assert lab.drag(s, Point("value", 0.5, 0.5), Point("value", 0.5, 1.5)) == {"b1": 1.0}
    assert lab.drag(s, Point("value", 0.0, 4.0), Point("value", 2.0, 4.0)) == {"x": 2.0}
    assert lab.drag(s, Point("value", 4.0, 4.0), Point("slope", 4.0, 0.0)) == {}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("x", 1000.0, "-20 to 100"),
        ("std", 0.0, "0.1 to 10"),
        ("n", 0, "1 to 200 units"),
        ("others", ("tahn",), "did you mean 'tanh'"),
        ("activation", "swish", "choose one of"),
        ("w1", math.nan, "-3 to 3"),
    ],
)
def test_bad_input_is_one_line(lab, name, value, says):
    before = lab.result
    with pytest.raises(InvalidSetting):
        setattr(lab, name, value)
    assert lab.message.startswith(name)
    assert says in lab.message
    assert "\n" not in lab.message
    assert lab.result is before


@pytest.mark.parametrize(
    ("preset", "says"),
    [
        ("sigmoid", "not zero-centred"),
        ("dead-relu", "Dead"),
        ("leaky-relu", "flat nowhere"),
        ("chains", "Sigmoid: .* it vanishes"),
    ],
)
def test_the_slides_show_what_they_say(lab, preset, says):
    lab.apply(preset)
    lab.settle()
    assert re.search(says, lab.text)


@pytest.mark.parametrize(
    ("preset", "words", "expected"),
    [
        ("sigmoid", "output #, slope #.", [1, 4.5e-5]),
        ("all-positive", "positive (mean #)", [0.5]),
        ("all-positive", "in # of # steps", [40, 40]),
        ("relu", "slope #.", [0]),
        ("relu", "off for # %", [50]),
        ("dead-relu", "slope is # on average", [3.2e-5]),
        ("leaky-relu", "slope #.", [0.1]),
        ("elu", "inputs: mean #,", [0.16]),
        ("elu", "Leaky ReLU: mean #,", [0.36]),
        ("elu", "\nReLU: mean #,", [0.4]),
        ("selu", "inputs: mean #, std #.", [0, 1]),
        ("chain", "is #, times # per unit", [2.8e-7, 0.22]),
        ("chains", "ReLU: after 10 units, the gradient at x = 1 is #,", [1]),
    ],
)
def test_the_numbers_of_the_slides_are_on_screen(lab, preset, words, expected):
    lab.apply(preset)
    lab.settle()
    assert numbers(words, lab.text) == pytest.approx(expected, rel=0.05)


def test_what_the_answers_claim_of_rows():
    sigmoid, relu = ACTIVATIONS["sigmoid"], ACTIVATIONS["relu"]
    at = {w: chain(sigmoid, np.array([1.0]), 10, w).gradients[-1, 0] for w in (1, 2, 4)}
    assert at == {
        1: pytest.approx(2.8e-7, rel=0.02),
        2: pytest.approx(1.2e-6, rel=0.02),
        4: pytest.approx(6e-12, rel=0.02),
    }
    assert chain(sigmoid, np.array([0.5]), 10, 4, -2).gradients[-1, 0] == pytest.approx(1)
    assert chain(relu, np.array([1.0]), 10, 2).gradients[-1, 0] == 1024
    assert outputs(ACTIVATIONS["selu"], 0, 2).std == pytest.approx(1.7, abs=0.05)


def test_the_code_trains_the_first_net(lab):
    lab.set(activation="maxout", **QUICK)
    assert "Maxout" in lab.code()
    names = {}
    exec(lab.code(), names)
    lab.start()
    lab.settle()
    np.testing.assert_allclose(names["losses"], lab.result.histories[0].train_loss, rtol=1e-4)
