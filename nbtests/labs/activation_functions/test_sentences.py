"""Behaviour: each sentence and each answer of the lab holds for settings drawn at random, to both ends of sliders."""

import math
import re

import numpy as np
import pytest

from nbtests.labs.sentences import spoken
from nbtests.words import NUMBER, numbers
from trainingwheels.engine import ACTIVATIONS, chain, elu, leaky_relu, maxout, outputs, two_weights
from trainingwheels.engine.signals.two_weights import WANTED
from trainingwheels.figures.palettes import activation_color
from trainingwheels.labs.activation_functions.lab import ActivationFunctions
from trainingwheels.labs.activation_functions.nonlinearities import on_screen

DRAWS = 70  # for each of three views
PRESETS = {preset.name: preset for preset in ActivationFunctions.presets}


@pytest.fixture(scope="module")
def lab():
    lab = ActivationFunctions()
    yield lab
    lab.close()


def is_said(text, value):
    """Whether a number that is said is ``value``, to the two digits that it has."""
    assert text == pytest.approx(value, rel=0.051, abs=1e-300)
    if text == round(text) and abs(text) < 1000:
        assert abs(value - round(value)) < 1e-12 * max(1, abs(value)), f"{value} is said to be {text}"


def written(text):
    """A number as it is written, 1 − 4.1e−9 among them."""
    first, sign, second = re.fullmatch(NUMBER + rf"(?: ([+−]) {NUMBER})?", text).groups()
    number = float(first.replace("−", "-").replace(",", ""))
    return number if sign is None else number + (1 if sign == "+" else -1) * float(second.replace("−", "-"))


def test_what_is_said_of_a_function(lab):
    for said in spoken(lab, DRAWS, show="function", most={"x": 100.0, "n": 200}):
        check_a_function(said)


def check_a_function(said):
    settings, functions = said.s._asdict(), on_screen(said.s)
    at, centred, flat, *others = said.sentences
    f, here = functions[0], np.array([float(settings["x"])])
    value, slope = re.search(r"output (.+), slope (.+)\.$", at).groups()
    is_said(written(value), f.value(here)[0])
    is_said(written(slope), f.derivative(here)[0])
    made = outputs(f, settings["mean"], settings["std"])
    off = f.flat is not None and f.flat.word == "off" and made.flat > 0.999
    if "Every output is" in centred:
        assert made.std < 1e-12
    elif off:
        assert "zero-centred" not in centred
    else:
        assert ("not zero-centred" in centred) == (abs(made.mean) > 0.1 * made.std)
    assert ("Dead" in flat) == off
    if f.flat is None:
        x = settings["mean"] + settings["std"] * np.linspace(-7, 7, 1001)
        assert "flat nowhere" in flat
        assert np.abs(f.derivative(x)).min() > 0
    elif found := re.search(rf"for {NUMBER} % of them", flat):
        assert float(found[1]) / 100 == pytest.approx(made.flat, abs=0.0051)
    assert len(others) == len(functions) - 1


def test_what_is_said_of_a_row(lab):
    for said in spoken(lab, DRAWS, show="chain", most={"x": 100.0, "n": 200}):
        check_a_row(said)


def has_zero_slopes(f, s):
    """Whether its slope is zero somewhere, and not only too small for a number."""
    own = {"relu": 0.0, "leaky_relu": s.slope, "elu": s.alpha, "maxout": s.w1 * s.w2}
    return own.get(f.name) == 0


def check_a_row(said):
    settings, functions = said.s._asdict(), on_screen(said.s)
    lines = said.sentences
    n, w = settings["n"], settings["w"]
    for line, f in zip(lines, functions, strict=False):
        found = chain(f, np.array([float(settings["x"])]), n, w, settings["b"])
        size = abs(found.gradients[-1, 0])
        factors = w * f.derivative(w * found.values[:-1, 0] + settings["b"])
        exact = bool((factors == 0).any()) and (w == 0 or has_zero_slopes(f, said.s))
        assert ("exactly zero" in line) == exact
        assert ("too small" in line) == (size == 0 and not exact)
        assert ("keeps its size" in line) == (0.1 <= size <= 10)
        assert ("explodes" in line) == (size > 10)
        if size > 1e-300:
            number, each = re.search(r" is ([^,]+), times ([^,:]+) per unit", line).groups()
            is_said(abs(written(number)), size)
            is_said(written(each), size ** (1 / n))
    far = max(settings.get("span", 10), abs(settings["x"]))
    every = np.abs(chain(functions[0], np.linspace(-far, far, 801), n, w, settings["b"]).gradients[-1])
    (share,) = numbers("for # %", lines[-1])
    assert share / 100 == pytest.approx(np.mean((every >= 0.1) & (every <= 10)), abs=0.0051)


def test_what_is_said_of_two_weights(lab):
    for said in spoken(lab, DRAWS, show="weights", most={"x": 100.0, "n": 200}):
        check_two_weights(said)


def check_two_weights(said):
    settings, functions = said.s._asdict(), on_screen(said.s)
    lines = said.sentences
    steps, twice = settings["updates"], functions * 2 if len(functions) == 1 else functions
    for place, f in enumerate(twice):
        alone = place == 1 and len(functions) == 1
        bell = settings["mean"], settings["std"]
        found = two_weights(f, steps, settings["rate"], *bell, settings["draw"], centred=alone)
        signs, left = lines[place], lines[len(twice) + place]
        moved = np.diff(found.path, axis=0)
        moved = moved[np.isfinite(moved).all(axis=1)]
        assert ("all inputs are positive" in signs) == bool((found.inputs > 0).all())
        assert numbers("together in # of #", signs) == [np.sum(np.sign(moved).prod(axis=1) > 0), steps]
        with np.errstate(over="ignore", invalid="ignore"):
            end = np.linalg.norm(found.path[-1] - WANTED) / 2**0.5
        assert ("diverged" in left) == (not math.isfinite(end))
        if "% of the distance" in left and "under" not in left:
            assert numbers("# % of the distance", left)[0] / 100 == pytest.approx(end, abs=0.0051)


# Answers -------------------------------------------------------------------------------------------------------------


def answer(name):
    return PRESETS[name].answer


SIGMOID, TANH = ACTIVATIONS["sigmoid"], ACTIVATIONS["tanh"]


def test_ten_sigmoids_at_every_weight():
    best, all_through = numbers("w = # brings # ".rstrip(), answer("chain")), []
    weights = np.round(np.arange(-4, 4.001, 0.05), 2)
    at_one = {w: abs(chain(SIGMOID, np.array([1.0]), 10, w).gradients[-1, 0]) for w in weights}
    positive = {w: size for w, size in at_one.items() if w > 0}
    assert best == [max(positive, key=positive.get), pytest.approx(max(positive.values()), rel=0.05)]
    assert numbers("does better, # at #", answer("chain")) == [pytest.approx(at_one[-4.0], rel=0.01), -4]
    assert max(at_one.values()) == at_one[-4.0]
    for w in weights[::5]:
        for b in np.arange(-4, 4.01, 0.5):
            sizes = np.abs(chain(SIGMOID, np.round(np.arange(-20, 20.01, 0.1), 1), 10, w, b).gradients[-1])
            assert sizes.max() <= 1
            all_through += [(w, b, round(x, 1)) for x in np.arange(-20, 20.01, 0.1)[sizes > 1 - 1e-9]]
    assert all_through == [(-4, 2, 0.5), (4, -2, 0.5)]


@pytest.mark.parametrize("draw", range(30))
def test_rows_of_each_kind_at_any_input(draw):
    rng = np.random.default_rng(draw)
    above, below = np.array([rng.uniform(0.01, 20)]), np.array([-rng.uniform(0.01, 20)])
    for f in (ACTIVATIONS["relu"], ACTIVATIONS["leaky_relu"], ACTIVATIONS["elu"]):
        assert chain(f, above, 10).gradients[-1, 0] == 1
    assert chain(ACTIVATIONS["relu"], below, 10).gradients[-1, 0] == 0
    assert chain(ACTIVATIONS["relu"], above, 10, 2).gradients[-1, 0] == 1024
    assert chain(ACTIVATIONS["leaky_relu"], below, 10).gradients[-1, 0] == pytest.approx(1e-10)
    assert chain(TANH, np.zeros(1), 10).gradients[-1, 0] == 1
    tails = chain(TANH, np.sort(rng.uniform(0, 20, 9)), 10).gradients[-1]
    assert (np.diff(tails) < 0).all()


@pytest.mark.parametrize("draw", range(30))
def test_single_functions_at_any_input(draw):
    rng = np.random.default_rng(draw)
    x, far = rng.uniform(-20, 20, 200), float(rng.uniform(-10, -4))
    relu, leak = ACTIVATIONS["relu"], float(rng.uniform(0.01, 1))
    assert set(relu.derivative(x)) == {0, 1}
    assert SIGMOID.derivative(x).max() <= 0.25
    assert TANH.derivative(x).max() <= 1
    assert (leaky_relu(leak).derivative(x) >= leak).all()
    assert 1 - outputs(relu, far, 1).flat <= 3.2e-5
    assert (leaky_relu(0).derivative(x) == relu.derivative(x)).all()
    falling = [name for name in ACTIVATIONS if name != "maxout" and (ACTIVATIONS[name].derivative(x) < -1e-12).any()]
    assert falling == ["gelu", "silu"]
    assert (elu(1.0).derivative(x) > 0).all()
    made = outputs(ACTIVATIONS["selu"], 0, float(rng.uniform(1.2, 10))).std / 1.0
    assert made > 1


def test_what_a_maxout_can_become():
    x = np.linspace(-5, 5, 101)
    np.testing.assert_array_equal(maxout(1, 0, 0, 0).value(x), np.maximum(0, x))
    np.testing.assert_allclose(maxout(1, 0, 0.1, 0).value(x), np.maximum(0.1 * x, x))
    np.testing.assert_array_equal(maxout(1, 0, -1, 0).value(x), np.abs(x))
    np.testing.assert_array_equal(maxout(0.5, 1, 0.5, 1).value(x), 0.5 * x + 1)


def test_the_zigzag_over_a_hundred_draws():
    def ways(f, rate, centred=False):
        return [two_weights(f, 40, rate, 0.0, 1.0, draw, centred).path for draw in range(100)]

    def left(path):
        return np.linalg.norm(path[-1] - WANTED) / 2**0.5

    def length(path):
        return np.linalg.norm(np.diff(path, axis=0), axis=1).sum()

    zigzag, centred = ways(SIGMOID, 0.5), ways(SIGMOID, 0.5, centred=True)
    assert max(map(left, ways(TANH, 0.5))) < 0.01  # 40 steps are enough
    lengths = [length(a) / np.linalg.norm(a[-1]) for a in zigzag], [length(b) / np.linalg.norm(b[-1]) for b in centred]
    assert max(b / a for a, b in zip(*lengths, strict=True)) < 0.6
    assert np.mean([b / a for a, b in zip(*lengths, strict=True)]) < 0.5
    assert max(map(left, ways(SIGMOID, 4.0, centred=True))) < 0.05
    assert np.mean([left(path) > 1 for path in ways(SIGMOID, 4.0)]) > 0.7


def test_each_nonlinearity_has_a_colour_of_its_own():
    assert len({activation_color(name) for name in ACTIVATIONS}) == len(ACTIVATIONS)
