"""The flagship: what it says is what the engine found."""

import re

import numpy as np
import pytest

from nbtests.alone import alone, resident
from nbtests.words import numbers
from trainingwheels.engine import DeepNet, propagate
from trainingwheels.labs.weight_initialization.lab import WeightInitialization
from trainingwheels.labs.weight_initialization.signals import SAMPLE


@pytest.fixture
def lab():
    lab = WeightInitialization()
    yield lab
    lab.close()


def test_the_documented_contract():
    lab = WeightInitialization(std=0.05)
    lab.std = 0.1
    lab.settle()
    assert lab.result.layers[5].std == propagate(DeepNet(std=0.1), batch=16, seed=0)[5].std
    assert lab.text
    assert "np." in lab.code()
    lab.apply("xavier-tanh")
    assert lab.query() == "initializer=xavier"
    other = type(lab).from_query("std=0.05&activation=relu")
    assert (other.std, other.activation) == (0.05, "relu")
    lab.close()
    other.close()


@pytest.mark.parametrize(
    ("preset", "says"),
    [
        ("small-random", ["it dies"]),
        ("large-random", ["Signal: .* keeps its size", "of the values are saturated"]),
        ("xavier-tanh", ["Signal: .* keeps its size", "Gradient .* keeps its size"]),
        ("xavier-relu", ["Signal: .* shrinks", "Gradient .* shrinks"]),
        ("kaiming-relu", ["Signal: .* keeps its size", "Gradient .* keeps its size"]),
        ("batchnorm", ["Signal: .* keeps its size", "Gradient .* keeps its size"]),
    ],
)
def test_the_words_tell_the_lectures_story(lab, preset, says):
    lab.apply(preset)
    lab.settle()
    assert all(re.search(words, lab.text) for words in says), lab.text


def test_the_numbers_in_the_words_are_the_engines(lab):
    lab.apply("small-random")
    lab.settle()
    layers = propagate(DeepNet((4096,) * 25, std=0.01), batch=16, seed=0)
    found = numbers("Signal: std # at layer 1, # at layer 24", lab.text)
    assert found == pytest.approx([layers[0].std, layers[23].std], rel=0.05)


@pytest.mark.parametrize("activation", WeightInitialization.parameters()["activation"].table.keys())
@pytest.mark.parametrize("initializer", WeightInitialization.parameters()["initializer"].table.keys())
def test_every_combination_is_shown_and_explained(lab, activation, initializer):
    lab.set(activation=activation, initializer=initializer, width=64, dropout=0.3)
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    assert "nan" not in lab.text.lower()


def test_overflow_is_a_lesson_not_an_error(lab):
    lab.set(std=1.0, depth=100, activation="relu")
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")
    assert re.search(r"Layer \d+: .* exploded", lab.text)


def test_underflow_is_a_lesson_too(lab):
    lab.set(std=1e-4, depth=100, width=16)
    lab.settle()
    assert lab.state == "done"
    assert "nothing is left of it" in lab.text


def test_one_layer_is_enough(lab):
    lab.depth = 1
    lab.settle()
    assert lab.state == "done"
    assert "per layer" not in lab.text


def test_dense_on_a_huge_net_is_refused_and_the_next_good_value_works(lab):
    lab.settle()
    before = lab.result
    lab.set(method="dense", width=65_536)
    lab.settle()
    assert lab.state == "failed"
    assert "65,536" in lab.message
    assert "matrix-free" in lab.message
    assert lab.result is before
    lab.method = "matrix-free"
    lab.settle()
    assert (lab.state, lab.message) == ("done", "")


def test_a_wide_net_keeps_a_sample_for_the_picture_and_all_for_the_numbers(lab):
    lab.width = 65_536
    lab.settle()
    layer = lab.result.layers[0]
    assert layer.activations.size == SAMPLE
    whole = propagate(DeepNet(widths=(65_536,) * 7, std=0.01), batch=16, seed=0)[0]
    assert layer.std == whole.std
    assert np.array_equal(layer.activations, whole.activations[:, :2048])


def test_only_initializers_with_a_choice_let_std_be_moved(lab):
    slider = lab._controls["std"].widget.children[0]
    assert not slider.disabled
    lab.initializer = "xavier"
    assert slider.disabled
    lab.initializer = "constant"
    assert not slider.disabled


def two_hundred_moves():
    lab = WeightInitialization()
    lab._face.page.width = 1060

    def walk(count):
        for step in range(count):
            lab.std = 10 ** (-4 + 4 * (step % 50) / 50)
            lab.settle()
        return resident()

    before = walk(100)  # caches fill
    after = walk(200)
    assert after - before < 4, f"{after - before:.1f} MB more after 200 moves"
    lab.close()


def test_two_hundred_moves_leave_memory_flat():
    alone(two_hundred_moves)
