"""What is said of a signal on its way through a net, for settings drawn at random."""

import re

import numpy as np
import pytest

from nbtests.labs.sentences import drawn, spoken
from nbtests.words import NUMBER
from trainingwheels.labs.base.layer_words import VERDICTS
from trainingwheels.labs.weight_initialization.lab import WeightInitialization


@pytest.fixture(scope="module")
def lab():
    lab = WeightInitialization()
    yield lab
    lab.close()


@pytest.fixture(scope="module")
def said(lab):
    return list(spoken(lab, show="signals", width=64))


def test_equal_arguments_draw_equal_settings_which_reach_every_end():
    settings = [each for each, _ in drawn(WeightInitialization, width=64)]
    assert settings == [each for each, _ in drawn(WeightInitialization, width=64)]
    assert settings != [each for each, _ in drawn(WeightInitialization, seed=1, width=64)]
    assert {each["width"] for each in settings} == {64}
    stds = {each["std"] for each in settings}
    assert {1e-4, 1.0} < stds
    assert {each["depth"] for each in settings} >= {1, 12}
    assert {each["activation"] for each in settings} == set(WeightInitialization.parameters()["activation"].table)


def courses(said):
    """(std before, std after, values there, steps, what is said) for the signals and gradients of all settings."""
    for each in said:
        layers = each.result.layers
        steps = len(layers) - 1
        ways = (
            ("Signal", [(layer.std, layer.activations) for layer in (layers[0], layers[-1])]),
            ("Gradient dL/da", [(layer.gradient_std, layer.gradients) for layer in (layers[-1], layers[0])]),
        )
        for what, ((before, _), (after, values)) in ways:
            for sentence in each.sentences:
                if sentence.startswith(f"{what}: ") and steps:
                    yield before, after, values, steps, sentence


def read(pattern, sentence):
    """The numbers of a sentence, which may end it."""
    found = re.search(re.escape(pattern).replace(r"\#", NUMBER), sentence)
    assert found, sentence
    return [float(number.replace("−", "-").replace(",", "")) for number in found.groups()]


def test_a_course_is_judged_over_all_layers_and_its_thresholds_are_said(said):
    found = set()
    for before, after, _, steps, sentence in courses(said):
        if before == 0 or after == 0:
            continue
        assert read("std # at layer", sentence) == [pytest.approx(before, rel=0.051)]
        assert read("times # per layer", sentence) == [pytest.approx((after / before) ** (1 / steps), abs=0.0051)]
        if steps > 1:
            assert read("# in all: it", sentence) == [pytest.approx(after / before, rel=0.051)]
        verdict = sentence.rpartition(": ")[2].rstrip(".")
        place = [words for _, words in VERDICTS].index(verdict)
        assert after / before <= VERDICTS[place][0]
        assert place == 0 or after / before > VERDICTS[place - 1][0]
        found.add(verdict)
    assert found == {words for _, words in VERDICTS}


def test_what_does_not_vary_is_not_judged(lab):
    """A net whose weights are all the same, with one example: every value of a layer is the same."""
    lab.set(initializer="constant", batch=1, activation="sigmoid", width=64)
    lab.settle()
    (value,) = np.unique(lab.result.layers[-1].activations)
    (signal,) = [line for line in lab.text.splitlines() if line.startswith("Signal")]
    assert read("all values there are #", signal) == [pytest.approx(value, rel=0.051)]
    assert not any(words.partition(",")[0] in signal for _, words in VERDICTS)


def test_of_what_is_zero_nothing_is_left(said):
    for before, after, values, _, sentence in courses(said):
        if "nothing is left" in sentence:
            assert 0 in (before, after)
        if after == 0:
            assert ("nothing is left" in sentence) == (not values.any())
