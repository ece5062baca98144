"""Convolutions as a choice of labs, and the sentence about them."""

from types import SimpleNamespace

import pytest

from trainingwheels.engine import DATASETS, RunConfig
from trainingwheels.labs.base.convolutions import conv_of, convolution_sentence, convolutions


@pytest.mark.parametrize("name", DATASETS)
def test_points_of_the_plane_get_none_and_everything_else_can_have_them(name):
    settings = SimpleNamespace(dataset=name, conv=(8, 16))
    there = len(DATASETS[name].shape) == 3 or name == "mnist1d"
    assert conv_of(settings) == ((8, 16) if there else ())
    assert convolutions().usable({"dataset": name}) == there
    RunConfig(dataset=name, conv=conv_of(settings))


@pytest.mark.parametrize(
    ("values", "kernel", "shared", "whole"),
    [
        ({"dataset": "digits", "conv": (8,)}, "3 x 3 pixels", 8 * 9, 64 * 8 * 64),
        ({"dataset": "shapes", "conv": (4, 9)}, "3 x 3 pixels", 4 * 3 * 9, 3 * 256 * 4 * 256),
        ({"dataset": "mnist1d", "conv": (6,), "kernel": 5}, "5 numbers in a row", 6 * 5, 40 * 6 * 40),
        ({"dataset": "digits", "conv": (8,), "activation": "maxout"}, "3 x 3 pixels", 2 * 8 * 9, 2 * 64 * 8 * 64),
    ],
)
def test_the_sentence_counts_the_weights(values, kernel, shared, whole):
    (sentence,) = convolution_sentence(RunConfig(**values))
    assert f"see {kernel} and share their {shared:,} weights" in sentence
    assert sentence.endswith(f"would have {whole:,}.")


def test_without_convolutions_there_is_nothing_to_say():
    assert convolution_sentence(RunConfig()) == []
