"""Behaviour: each sentence and each answer of the lab holds for settings drawn at random, to both ends of sliders."""

import re

import numpy as np
import pytest

from nbtests.labs.sentences import spoken
from nbtests.words import numbers
from trainingwheels.engine import DeepNet, propagate
from trainingwheels.labs.base.layer_words import NOTABLE
from trainingwheels.labs.weight_initialization.lab import WeightInitialization

WIDTH = 64  # of the nets of the draws: what is said does not depend on it, and dense nets of 4096 units take long


@pytest.fixture(scope="module")
def lab():
    lab = WeightInitialization()
    yield lab
    lab.close()


def test_each_sentence_speaks_of_the_numbers_of_the_engine(lab):
    for said in spoken(lab, 200, show="signals", width=WIDTH):
        check(said)


def check(said):
    settings, text = said.s._asdict(), said.text
    assert "nan" not in text.lower()
    names = ("activation", "initializer", "std", "batchnorm", "dropout")
    net = DeepNet((settings["width"],) * (settings["depth"] + 1), **{name: settings[name] for name in names})
    layers = propagate(net, batch=settings["batch"], seed=settings["seed"], method=settings["method"])
    first, last, depth = layers[0], layers[-1], settings["depth"]
    assert ("exploded" in text) == any(layer.finite < 1 for layer in layers)
    if depth > 1 and "Signal:" in text:
        found = numbers(f"Signal: std # at layer 1 and # at layer {depth}", text) if "nothing" in text else None
        if re.search(f"Signal: .* at layer {depth}, times", text):
            found = numbers(f"Signal: std # at layer 1, # at layer {depth}", text)
            (each,) = numbers("times # per layer", text)
            assert each == pytest.approx((last.std / first.std) ** (1 / (depth - 1)), abs=0.0051)
        if found:
            assert found == pytest.approx([first.std, last.std], rel=0.051)
    sizes = [layer.weight_gradient_rms for layer in layers]
    if "rms" in text:
        found = re.search(r"over (\d+) examples?: rms ([\d.e−]+)(?: to ([\d.e−]+))?,", text).groups("0")
        count, least, *most = (float(number.replace("−", "-")) for number in found)
        assert count == settings["batch"]
        assert least == pytest.approx(min(sizes), rel=0.051)
        assert (max(most) or least) == pytest.approx(max(sizes), rel=0.051)
    elif "exactly zero in every layer" in text:
        assert max(sizes) == 0
    silent = max(layer.dead for layer in layers)
    if "are silent" in text:
        assert numbers("p to # % of a layer's units are silent on", text) == [pytest.approx(100 * silent, abs=0.51)]
        assert f"these {settings['batch']} examples" in text or settings["batch"] == 1
    else:
        assert silent < NOTABLE
    assert "dead" not in text


# Answers -------------------------------------------------------------------------------------------------------------


def layers_of(std=0.01, depth=6, batch=16, seed=0, width=1024, **net):
    return propagate(DeepNet((width,) * (depth + 1), std=std, **net), batch=batch, seed=seed)


@pytest.mark.parametrize("draw", range(10))
def test_with_batchnorm_only_the_weights_gradient_changes_and_as_one_over_std(draw):
    rng = np.random.default_rng(draw)
    stds = np.sort(10.0 ** rng.uniform(-2.5, 0, 2))
    small, large = (layers_of(std, batchnorm=True, width=2048, seed=draw) for std in stds)
    for one, other in zip(small, large, strict=True):
        assert one.std == pytest.approx(other.std, rel=0.02)
        assert one.gradient_std == pytest.approx(other.gradient_std, rel=0.1)
        ratio = one.weight_gradient_rms / other.weight_gradient_rms
        assert ratio == pytest.approx(stds[1] / stds[0], rel=0.1)


def test_the_epsilon_counts_below_a_thousandth():
    rates = [layers_of(std, batchnorm=True, width=4096)[0].std for std in (1e-4, 1e-3, 1e-2)]
    assert rates[0] < 0.97 * rates[2]
    assert rates[1] == pytest.approx(rates[2], rel=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_std_001_leaves_a_ten_thousandth_in_24_layers_and_a_quarter_in_six(seed):
    for depth, low, high in ((24, 0.5e-4, 2e-4), (6, 0.2, 0.3)):
        small = layers_of(0.01, depth, width=4096, seed=seed)
        xavier = layers_of(None, depth, width=4096, seed=seed, initializer="xavier")
        for one, other in zip(small, xavier, strict=True):
            assert low < one.weight_gradient_rms / other.weight_gradient_rms < high


def test_std_005_most_activations_are_near_one():
    for layer in layers_of(0.05, width=4096):
        assert np.mean(np.abs(layer.activations) > 0.9) > 0.5


@pytest.mark.parametrize("seed", range(5))
def test_more_examples_leave_fewer_units_silent_and_a_larger_sum(seed):
    few, some, many = (layers_of(batch=batch, seed=seed, activation="relu", initializer="kaiming")
                       for batch in (1, 16, 256))  # fmt: skip
    assert few[-1].dead > some[-1].dead > many[-1].dead
    assert few[-1].weight_gradient_rms < some[-1].weight_gradient_rms < many[-1].weight_gradient_rms


@pytest.mark.parametrize("draw", range(10))
def test_equal_weights_make_equal_units_with_equal_gradients(draw):
    rng = np.random.default_rng(draw)
    layers = layers_of(rng.uniform(1e-3, 0.2), width=16, initializer="constant", seed=draw)
    for layer in layers:
        assert (np.ptp(layer.activations, axis=1) == 0).all()
    for layer in layers[:-1]:
        assert (np.ptp(layer.gradients, axis=1) == 0).all()
    assert (np.ptp(layers[-1].gradients, axis=1) > 0).all()
