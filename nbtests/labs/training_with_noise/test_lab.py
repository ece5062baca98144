"""The lab: its views, its methods, and slides that each show what they are about."""

import pytest

from trainingwheels.labs.training_with_noise.lab import TrainingWithNoise
from trainingwheels.labs.training_with_noise.methods import METHODS
from trainingwheels.labs.training_with_noise.pictures.averages import Averages
from trainingwheels.labs.training_with_noise.pictures.pattern import Pattern
from trainingwheels.labs.training_with_noise.pictures.training import Noised

KINDS = {"pattern": Pattern, "training": Noised, "test": Averages}


def test_the_views_are_those():
    assert [view.name for view in TrainingWithNoise.views] == list(KINDS)


@pytest.mark.parametrize("show", KINDS)
def test_each_view_has_its_kind_of_result(make, show):
    lab = make(show=show, width=16, epochs=8, train_size=64)
    assert isinstance(lab.result, KINDS[show])
    assert len(lab.text) > 40


def test_each_method_has_a_slide_or_is_trained_on_one():
    shown = {
        preset.settings.get(name) for preset in TrainingWithNoise.presets for name in ("method", "partner", "noise")
    }
    assert set(METHODS) <= shown | {"mixup"}  # mixup is where the lab opens


def test_the_single_pass_slides_are_right(make):
    """As near as the average of a few passes; as accurate as that of all; better than one."""
    lab = make()
    for name in ("single-pass", "input-noise"):
        lab.apply(name)
        lab.settle()
        result = lab.result
        assert 1 < result.of.worth < 20
        assert result.of.accuracy(result.of.single) == pytest.approx(result.of.accuracies[-1], abs=0.04)
        assert result.of.accuracy(result.of.single) > result.of.alone


def test_the_pattern_slides_are_right(make):
    lab = make()
    for name, words in (("dropout", "16 hidden units"), ("stochastic-depth", "of 54; 40."), ("mixup", "λ")):
        lab.apply(name)
        lab.settle()
        assert words in lab.text
