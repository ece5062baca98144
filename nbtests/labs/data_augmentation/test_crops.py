"""Crops and scales: boxes inside the scaled photograph, patches that are what the boxes show, and their words."""

import numpy as np
import pytest
from PIL import Image

from nbtests.labs.using import change, run
from nbtests.words import numbers
from trainingwheels.engine.augmentation import TEST_SCALES, ten_crops
from trainingwheels.figures.panels import percents
from trainingwheels.labs.data_augmentation import crop_net


@pytest.fixture
def crops(make):
    return make(show="crops")


def large(result, scaled):
    return np.asarray(Image.fromarray(result.image).resize((scaled.width, scaled.height), Image.Resampling.BILINEAR))


def test_training_draws_a_scale_and_a_square_inside(crops):
    for draw in range(5):
        result = change(crops, draw=draw)
        for scaled, patch in zip(result.scaled, result.patches, strict=True):
            (spot,) = scaled.spots
            assert min(scaled.height, scaled.width) == scaled.short
            assert 256 <= scaled.short <= 480
            assert 0 <= spot.top <= scaled.height - 224
            assert 0 <= spot.left <= scaled.width - 224
            shown = large(result, scaled)[spot.top : spot.top + 224, spot.left : spot.left + 224]
            np.testing.assert_array_equal(patch.image, shown)
            assert f"L = {scaled.short}" in patch.words[0]


@pytest.mark.parametrize("photograph", ["cat", "astronaut"])
def test_the_test_has_five_scales_and_ten_crops_of_each(crops, photograph):
    result = change(crops, rule="test", scale="384", photograph=photograph)
    assert [scaled.short for scaled in result.scaled] == list(TEST_SCALES)
    chosen = result.scaled[result.chosen]
    expected = ten_crops(chosen.height, chosen.width, 224)
    assert [(spot.top, spot.left) for spot in chosen.spots] == [crop[:2] for crop in expected[:5]]
    for crop, patch in zip(expected, result.patches, strict=True):
        shown = large(result, chosen)[crop.top : crop.top + 224, crop.left : crop.left + 224]
        np.testing.assert_array_equal(patch.image, shown[:, ::-1] if crop.flipped else shown)


def test_places_that_are_the_same_are_said(crops):
    change(crops, rule="test", scale="224", photograph="astronaut")
    assert "as long as a crop: all five places are the same" in crops.text
    change(crops, scale="256")
    assert "as long as a crop" not in crops.text


def test_the_net_is_a_real_one_and_is_averaged(crops):
    result = change(crops, rule="test", scale="256", photograph="flower")
    opinion = result.opinion
    answers = crop_net.ask(crop_net.fixed_crops(result.image))
    np.testing.assert_allclose(answers.sum(axis=-1), 1, rtol=1e-5)
    np.testing.assert_array_equal(opinion.probabilities, answers[result.chosen])
    np.testing.assert_allclose(opinion.all, answers.reshape(50, 6).mean(axis=0), rtol=1e-5)
    place = opinion.names.index("flower")
    crop, ten, fifty = opinion.probabilities[:, place], opinion.average[place], opinion.all[place]
    said = numbers("their average # %, that of all fifty # %", crops.text)
    assert said == pytest.approx([100 * ten, 100 * fifty], abs=0.51)
    assert f"single crops in sight give {percents(crop.min(), crop.max())}," in crops.text
    alone, tens, right = crop_net.right()
    assert 0.7 < alone <= tens
    assert right >= 5
    assert numbers("right about # % alone", crops.text)[0] == pytest.approx(100 * alone, abs=0.51)


def test_of_a_photograph_that_it_has_not_seen_the_net_says_what_it_is_like(crops):
    crops.own = "noise", np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    result = change(crops, rule="test", photograph="own")
    assert result.opinion.name is None
    assert "It has never seen this photograph" in crops.text


def test_a_photograph_that_is_too_long_is_refused(crops):
    crops.own = "wall", np.zeros((20, 400, 3), np.uint8)
    crops.set(photograph="own")
    crops.settle()
    assert crops.message == "'wall' has 400 x 20 pixels: choose one with sides of at most 4 to 1."


def test_of_a_fixed_set_nothing_is_drawn(crops, make):
    for rule, grey in (("test", True), ("training", False)):
        change(crops, rule=rule)
        assert crops._controls["draw"]._main.disabled is grey
    change(crops, rule="test")
    change(crops, show="colour")
    assert not crops._controls["draw"]._main.disabled


def test_the_script_cuts_out_the_same(crops):
    result = change(crops, draw=3)
    np.testing.assert_array_equal(run(crops)["patch"], result.patches[-1].image)
    result = change(crops, rule="test", scale="640")
    made = run(crops)["crops"]
    assert made.shape == (50, 224, 224, 3)
    np.testing.assert_array_equal(made[-2], result.patches[4].image)
