"""Convolutions as a choice of labs, and the sentence about them."""

from types import SimpleNamespace

import pytest

from nbtests.labs.using import run
from trainingwheels.engine import DATASETS, RunConfig
from trainingwheels.labs.base.convolutions import conv_of, convolution_sentence, convolutions
from trainingwheels.labs.batch_normalization.what_it_buys import QUESTIONS
from trainingwheels.labs.catalog import LABS
from trainingwheels.labs.dropout import training

CHOOSING = [
    ("activation-functions", {"show": "training", "depth": 1, "width": 8, "epochs": 1, "seeds": 1}),
    ("batch-normalization", {"show": "training", "question": "gradients", "depth": 1, "nets": 1}),
    ("dropout", {"show": "training", "train_size": 64, "width": 8}),
    ("optimizers", {"show": "race", "race_epochs": 1}),
    ("penalties", {"show": "net", "epochs": 1, "width": 8}),
    ("penalties", {"show": "sweep", "epochs": 1, "width": 8}),
]


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


@pytest.mark.parametrize(("slug", "settings"), CHOOSING)
def test_a_lab_whose_nets_may_have_them_says_so_and_its_script_has_them(slug, settings, settled, monkeypatch):
    monkeypatch.setattr(training, "STEPS", 50)
    monkeypatch.setitem(QUESTIONS["gradients"].settings, "epochs", 1)
    lab = settled(next(lab for lab in LABS.values() if lab.slug == slug), dataset="digits", conv=(4,), **settings)
    configs, _ = lab.view.configs(lab._named())
    assert {config.conv for config in configs} == {(4,)}
    assert "The first layer's 4 filters see 3 x 3 pixels" in lab.text
    assert run(lab)["net"][1].weight.shape == (4, 1, 3, 3)
    lab.dataset = "moons"
    lab.settle()
    assert lab.message == ""
    assert all(widget.disabled for widget in lab._controls["conv"].widget.children)
    assert "filters" not in lab.text
