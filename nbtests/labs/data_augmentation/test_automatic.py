"""Automatic augmentation: columns that are the sub-policies, cells that are what the engine makes of them."""

import numpy as np
import pytest

from nbtests.labs.using import change, run
from trainingwheels.engine.augmentation import POLICIES, TRANSFORMS, Drawn, Pipeline
from trainingwheels.labs.data_augmentation.mixtures import partners
from trainingwheels.labs.data_augmentation.pictures.automatic import BATCHES, COLUMNS


@pytest.fixture
def automatic(make):
    return make(show="automatic", what="shapes")


def test_the_columns_are_the_slides_five(automatic):
    result = automatic.result
    assert tuple(result.subs) == POLICIES["lecture"]
    assert result.heads[0] == ("sub-policy 1", "ShearX, 0.9, 7", "Invert, 0.2, 3")
    assert result.heads[4] == ("sub-policy 5", "ShearY, 0.8, 5", "AutoContrast, 0.7, 3")
    assert "ShearX with probability 0.9 at level 7 (±0.21 pixels a row, ±12°)" in automatic.text
    assert "Nothing happens with probability 0.08" in automatic.text


def test_each_column_has_the_operations_of_its_sub_policy_only(automatic):
    for draw in range(4):
        result = change(automatic, policy="auto_cifar10", group=2, draw=draw)
        for place, cell in enumerate(result.cells):
            names = {name for name, _, _ in result.subs[place % COLUMNS]}
            published = {word.split(" ")[0].lower() for word in cell.words} - {"nothing"}
            assert published <= {name.replace("_", "") for name in names}


def test_an_operation_is_as_frequent_as_its_probability(automatic):
    drawn = 40
    counts = np.zeros(COLUMNS)
    for draw in range(drawn):
        result = change(automatic, policy="auto_lecture", draw=draw)
        changed = np.array([cell.words != ("nothing",) for cell in result.cells])
        counts += changed.reshape(BATCHES, COLUMNS).sum(axis=0)
    wanted = np.array([1 - (1 - first[1]) * (1 - second[1]) for first, second in POLICIES["lecture"]])
    spread = np.sqrt(wanted * (1 - wanted) / (drawn * BATCHES))
    assert (np.abs(counts / (drawn * BATCHES) - wanted) < 4.5 * spread).all()


def test_the_cells_are_the_engines(automatic):
    result = change(automatic, policy="rand_augment", level=9, draw=1)
    assert not result.subs
    assert result.heads[0] == ("draw 1",)
    transform = TRANSFORMS["rand_augment"]
    values = transform.draw(np.random.default_rng(1).random((BATCHES * COLUMNS, transform.numbers)), 9)
    image = np.moveaxis(result.original.image, -1, 0) / np.float32(255)
    batch = automatic.view.batch(automatic._named(), result.original.image, BATCHES * COLUMNS)
    np.testing.assert_array_equal(batch[0].numpy(), image)
    images = Pipeline((("rand_augment", 9),)).apply(batch, [Drawn("rand_augment", values, image.shape)]).numpy()
    for cell, expected in zip(result.cells, images, strict=True):
        np.testing.assert_allclose(cell.image / 255, np.moveaxis(expected, 0, -1), atol=0.51 / 255)


def test_what_cannot_matter_is_grey(automatic):
    assert automatic._controls["group"]._main.disabled
    assert automatic._controls["level"]._main.disabled
    change(automatic, policy="auto_svhn")
    assert not automatic._controls["group"]._main.disabled
    change(automatic, policy="rand_augment")
    assert not automatic._controls["level"]._main.disabled


def test_the_script_prints_the_policy(automatic):
    change(automatic, policy="auto_svhn")
    assert run(automatic)["found"].images.shape == (15, 3, 16, 16)


@pytest.mark.parametrize("what", ["photograph", "digits"])
def test_a_mixture_is_of_the_picture_and_its_columns_partner(automatic, what):
    result = change(automatic, policy="mixup", mixup_by=2.0, what=what)
    others = [partner.image / 255 for partner in partners(automatic._named())]
    own = result.original.name
    assert len({words for (words,) in result.heads}) == COLUMNS
    for place, cell in enumerate(result.cells):
        batch, column = divmod(place, COLUMNS)
        share = float(result.batches[batch].removeprefix("λ = "))
        assert cell.words == (f"{share:.2f} {own}", f"{1 - share:.2f} {result.heads[column][0].removeprefix('with ')}")
        expected = share * result.original.image / 255 + (1 - share) * others[column]
        np.testing.assert_allclose(cell.image / 255, expected, atol=0.006 + 0.51 / 255)  # two digits of the share


def test_a_label_counts_the_area_in_sight_and_cutout_leaves_it(automatic):
    result = change(automatic, policy="cutmix", what="digits")
    for place, cell in enumerate(result.cells):
        partner = partners(automatic._named())[place % COLUMNS].image
        own, other = ((cell.image == image).all(axis=-1).mean() for image in (result.original.image, partner))
        share = float(cell.words[0].split(" ")[0])
        assert 1 - other <= share + 0.006
        assert share <= own + 0.006  # pixels that are the same in both count for either
    result = change(automatic, policy="cutout", cutout_by=4)
    for cell in result.cells:
        changed = (cell.image != result.original.image).any(axis=-1)
        assert (cell.image[changed] == 0).all()
        assert changed.mean() <= float(cell.words[0].split(" %")[0]) / 100 + 0.006 <= 0.26
    assert "The square has 4 pixels a side" in automatic.text
    assert change(automatic, cutout_by=0).cells[0].words == ("0 % covered",)


@pytest.mark.parametrize("policy", ["mixup", "cutmix", "cutout"])
@pytest.mark.parametrize("what", ["photograph", "digits"])
def test_the_script_mixes_the_same(automatic, policy, what):
    result = change(automatic, policy=policy, what=what, draw=3)
    samples = np.concatenate(run(automatic)["samples"])
    for sample, cell in zip(samples, result.cells, strict=True):
        np.testing.assert_allclose(np.moveaxis(sample, 0, -1), cell.image[..., : len(sample)] / 255, atol=1.1 / 255)
