"""Transforms: samples that are the engine's, repeated by their seed; JSON in and out; photographs of one's own."""

import json

import numpy as np

from nbtests.labs.using import change, run
from trainingwheels.engine.augmentation import TRANSFORMS, augment


def originals(lab, channels=3):
    image = np.moveaxis(lab.result.original.image, -1, 0)[:channels] / np.float32(255)
    return np.broadcast_to(image, (16, *image.shape))


def test_the_samples_are_those_of_the_engine_with_what_they_drew(make):
    lab = make(chosen=("rotate", "hue"), rotate_by=30, draw=3)
    found = augment(originals(lab), [("rotate", 30), ("hue", 20)], seed=3)
    for place, cell in enumerate(lab.result.samples):
        expected = np.moveaxis(found.images[place].numpy(), 0, -1)
        np.testing.assert_allclose(cell.image / 255, expected, atol=0.51 / 255)
        assert list(cell.words) == [word.replace("-", "−") for word in found.words(place)]


def test_the_order_is_that_of_the_pipeline(make):
    lab = make(chosen=("translate", "rotate"), rotate_by=90)
    first = lab.result
    other = change(lab, chosen=("rotate", "translate"))
    assert [name for name, _ in other.steps] == ["rotate", "translate"]
    assert any((a.image != b.image).any() for a, b in zip(first.samples, other.samples, strict=True))


def test_a_seed_repeats_its_samples(make):
    lab = make()
    first = lab.result
    other = change(lab, draw=1)
    assert any((a.image != b.image).any() for a, b in zip(first.samples, other.samples, strict=True))
    again = change(lab, draw=0)
    assert all((a.image == b.image).all() for a, b in zip(first.samples, again.samples, strict=True))


def test_each_transform_has_its_slider_and_its_words(make):
    lab = make(what="digits")
    for name, transform in TRANSFORMS.items():
        result = change(lab, chosen=(name,))
        assert transform.about in lab.text
        assert [other for other in TRANSFORMS if lab._controls[f"{other}_by"].in_sight] == [name]
        assert [len(cell.words) for cell in result.samples] == [1] * 16


def test_at_magnitude_nothing_all_come_out_as_they_were(make):
    lab = make(chosen=("rotate", "brightness"), rotate_by=0, brightness_by=0)
    assert lab.result.same == 16
    assert "16 samples of 16 came out exactly as the original" in lab.text


def test_an_example_of_a_data_set(make):
    lab = make(what="digits", chosen=("translate",), example=3)
    assert lab.result.original.image.shape == (8, 8, 3)
    assert lab.result.original.name.startswith("class ")
    found = augment(originals(lab, 1), [("translate", 0.1)], seed=0)
    np.testing.assert_allclose(lab.result.samples[0].image[..., 0] / 255, found.images[0, 0].numpy(), atol=0.51 / 255)


def test_a_pipeline_goes_out_and_comes_in_as_json(make):
    lab = make()
    view = lab.view
    assert json.loads(view.json.value) == [["flip", 0.5], ["rotate", 15.0], ["brightness", 0.4]]
    view.json.value = '[["shear_x", 0.2], ["flip", 0.25]]'
    lab.settle()
    assert (lab.chosen, lab.shear_x_by, lab.flip_by) == (("shear_x", "flip"), 0.2, 0.25)
    assert lab.result.steps == (("shear_x", 0.2), ("flip", 0.25))
    lab.undo()
    lab.settle()
    assert json.loads(view.json.value)[1] == ["rotate", 15.0]


REFUSED = {
    '[["flip", 0.5': "is not JSON",
    '[["flop", 0.5]]': "did you mean 'flip'",
    '[["rotate", 200]]': "magnitude of rotate = 200 is out of range: choose a number from 0 to 180 (degrees)",
    "[]": "has no transform",
    '[["flip", 0.5], ["flip", 0.5]]': "has flip twice",
}


def test_a_pipeline_that_cannot_be_is_one_line(make):
    lab = make()
    for text, says in REFUSED.items():
        lab.view.json.value = text
        assert says in lab.message
        assert "\n" not in lab.message
        assert lab.chosen == ("flip", "rotate", "brightness")


def test_an_empty_pipeline_and_a_missing_file_are_one_line(make):
    lab = make()
    for settings, says in (({"photograph": "own"}, "needs a file"), ({"chosen": ()}, "empty pipeline")):
        lab.set(**settings)
        lab.settle()
        assert lab.state == "failed"
        assert says in lab.message


def test_a_photograph_of_ones_own_is_shown_in_every_view(make, stripes):
    lab = make(chosen=("flip",), flip_by=1.0)
    lab.view.upload.value = ({"name": "stripes.png", "content": stripes},)
    lab.settle()
    assert lab.result.original.name == "stripes"
    np.testing.assert_array_equal(lab.result.samples[0].image, lab.result.original.image[:, ::-1])
    assert change(lab, show="crops").image.shape == (200, 300, 3)
    assert change(lab, show="colour").cells[0].name == "stripes"


def test_the_script_draws_what_the_lab_shows(make):
    lab = make(draw=2)
    names = run(lab)
    for place, cell in enumerate(lab.result.samples):
        expected = np.moveaxis(names["shown"].images[place].numpy(), 0, -1)
        np.testing.assert_allclose(cell.image / 255, expected, atol=0.51 / 255)
    assert names["samples"].shape == names["shown"].images.shape


def test_more_transforms_than_a_pipeline_can_have_are_one_line_and_taken_back(make):
    lab = make()
    lab.set(chosen=tuple(TRANSFORMS))
    lab.settle()
    assert lab.state == "failed"
    assert lab.message == f"pipeline has {len(TRANSFORMS)} transforms: choose at most 20."
    assert lab.view.json.value == ""
    lab.undo()
    lab.settle()
    assert lab.state == "done"
    assert json.loads(lab.view.json.value)[0] == ["flip", 0.5]


def test_the_list_of_photographs_is_grey_where_an_example_is_looked_at(make, stripes):
    lab = make(what="digits")
    photographs = lab._controls["photograph"]._main
    for show, grey in (("transforms", True), ("crops", False), ("colour", False), ("automatic", True)):
        change(lab, show=show)
        assert photographs.disabled is grey
    lab.view.upload.value = ({"name": "stripes.png", "content": stripes},)
    lab.settle()
    assert (lab.what, lab.result.original.name) == ("photograph", "stripes")
    assert not photographs.disabled
