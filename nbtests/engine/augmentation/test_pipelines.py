import numpy as np
import pytest
import torch

from nbtests.engine.augmentation.pictures import smooth
from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.augmentation import Pipeline, augment
from trainingwheels.engine.augmentation.colours import colour_components
from trainingwheels.engine.augmentation.pipelines import StepsOf

STEPS = (("flip", 0.5), ("rotate", 15.0), ("contrast", 0.3), ("rotate", 15.0))
X = smooth(4)


def test_a_pipeline_goes_to_json_and_back():
    pipeline = Pipeline(STEPS)
    assert pipeline.to_json() == '[["flip", 0.5], ["rotate", 15.0], ["contrast", 0.3], ["rotate", 15.0]]'
    assert Pipeline.from_json(pipeline.to_json()) == pipeline
    assert Pipeline.from_json('[["flip", 1]]').steps == (("flip", 1.0),)
    assert len(pipeline) == 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not JSON at line 1, column 1"),
        ("[[", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"flip": 0.5}', "is not a list"),
        ('"flip"', "is not a list"),
        ("3", "is not a list"),
        ('["flip", 0.5]', r"pipeline\[0\] = 'flip' is not a pair"),
        ('[["flip"]]', r"pipeline\[0\] = \['flip'\] is not a pair"),
        ('[["flip", 0.5], ["flop", 0.5]]', r"pipeline\[1\] = 'flop' is not known: did you mean 'flip'"),
        ('[[["flip"], 0.5]]', r"is not known"),
        ('[["flip", "x"]]', "magnitude of flip = 'x' is not a number"),
        ('[["flip", null]]', "magnitude of flip = None is not a number"),
        ('[["flip", true]]', "magnitude of flip = True is not a number"),
        ('[["flip", NaN]]', "magnitude of flip = 'NaN' is not a number"),
        ('[["flip", 1.5]]', r"magnitude of flip = 1.5 is out of range: choose a number from 0 to 1 \(probability\)"),
        ('[["rotate", -3]]', "magnitude of rotate = -3 is out of range"),
        (str([["flip", 1]] * 21).replace("'", '"'), "has 21 transforms: choose at most 20"),
    ],
)
def test_malformed_json_is_one_clear_line(text, words):
    with pytest.raises(InvalidSetting, match=words) as refused:
        Pipeline.from_json(text)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 600


def test_an_empty_pipeline_is_no_change():
    found = augment(X, Pipeline.from_json("[]"))
    assert (found.images == X).all()
    assert found.words(0) == []


def test_order_counts_and_a_changed_magnitude_leaves_the_luck():
    found, other = augment(X, STEPS, 1), augment(X, (STEPS[2], *STEPS[:2], STEPS[3]), 1)
    assert (found.images - other.images).abs().max() > 0.01
    first, last = found.drawn[1].values["degrees"], found.drawn[3].values["degrees"]
    assert (first != last).all()  # a step has numbers of its own, also where its transform comes twice
    stronger = augment(X, (STEPS[0], ("rotate", 30.0), *STEPS[2:]), 1).drawn
    np.testing.assert_allclose(stronger[1].values["degrees"], 2 * first)
    assert (stronger[3].values["degrees"] == last).all()


def test_a_run_draws_on_from_batch_to_batch():
    draws, whole = Pipeline(STEPS).draws(3), Pipeline(STEPS).draws(3)(7, (3, 8, 8))
    parts = [draws(count, (3, 8, 8)) for count in (3, 4)]
    for step in range(4):
        for name, values in whole[step].values.items():
            assert (np.concatenate([part[step].values[name] for part in parts]) == values).all()


def test_pca_uses_the_colours_it_is_given():
    components = colour_components(X.permute(0, 2, 3, 1).numpy())
    ours, imagenets = augment(X, [("pca", 0.5)], 0, components), augment(X, [("pca", 0.5)], 0)
    assert (ours.drawn[0].values["alpha1"] == imagenets.drawn[0].values["alpha1"]).all()
    offset = sum(
        ours.drawn[0].values[f"alpha{i + 1}"][0] * components.eigenvalues[i] * components.eigenvectors[i]
        for i in range(3)
    )
    torch.testing.assert_close(ours.images[0], (X[0] + torch.tensor(offset)[:, None, None]).clamp(0, 1))
    assert (ours.images - imagenets.images).abs().max() > 1e-3


def test_arrays_are_taken_too_and_left_as_they_were():
    array = X.float().numpy()
    before = array.copy()
    found = augment(array, STEPS, 2)
    torch.testing.assert_close(found.images, augment(torch.from_numpy(array), STEPS, 2).images)
    assert (array == before).all()


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((2, 8, 8)), "are no pictures"),
        (np.zeros((2, 2, 8, 8)), "1 or 3 channels"),
        (np.zeros((0, 3, 8, 8)), "are no pictures"),
        (np.full((1, 3, 8, 8), 128.0), "dividing by 255"),
        (np.full((1, 3, 8, 8), np.nan), "choose 0 to 1"),
        (np.full((1, 3, 8, 8), -0.1), "from -0.1"),
    ],
)
def test_what_are_no_pictures_is_one_clear_line(images, words):
    with pytest.raises(InvalidSetting, match=words) as refused:
        augment(images, STEPS)
    assert "\n" not in str(refused.value)


def test_as_a_setting_it_is_clamped():
    assert StepsOf().clamp([("flip", 3), ("rotate", -1)]) == (("flip", 1.0), ("rotate", 0.0))
