"""The lab: its views, and slides that each show what they are about."""

from nbtests.labs.using import apply, slide
from trainingwheels.engine.augmentation import POLICIES
from trainingwheels.labs.data_augmentation.lab import DataAugmentation
from trainingwheels.labs.data_augmentation.pictures.automatic import Automatic
from trainingwheels.labs.data_augmentation.pictures.colour import Colours
from trainingwheels.labs.data_augmentation.pictures.crops import CROP, Cropped
from trainingwheels.labs.data_augmentation.pictures.few_to_many import Gains
from trainingwheels.labs.data_augmentation.pictures.training import Bought
from trainingwheels.labs.data_augmentation.pictures.transforms import Transformed

KINDS = {
    "transforms": Transformed,
    "crops": Cropped,
    "colour": Colours,
    "automatic": Automatic,
    "training": Bought,
    "few": Gains,
}


def test_the_views_are_those():
    assert [view.name for view in DataAugmentation.views] == list(KINDS)


def test_each_slide_shows_its_view(make):
    lab = make()
    for preset in lab.presets:
        assert isinstance(apply(lab, preset.name), KINDS[preset.settings.get("show", "transforms")]), preset.name


def test_the_slides_numbers_are_right():
    assert "224² / 480² = 22 %" in slide(DataAugmentation, "random-crops").answer
    assert round(CROP**2 / 480**2, 2) == 0.22
    (_, first, _), (_, second, _) = POLICIES["lecture"][0]
    assert (
        f"{1 - first:.1f} x {1 - second:.1f} = {(1 - first) * (1 - second):.2f}"
        in slide(DataAugmentation, "automatic").answer
    )


def test_the_slide_of_mixtures_quotes_its_first_batch(make):
    first = apply(make(), "mixed").cells[0].words
    assert first == ("0.64 cat", "0.36 astronaut")
    assert ", ".join(first) in slide(DataAugmentation, "mixed").answer


def test_where_the_lab_opens_a_photograph_can_be_chosen_and_below_transforms_switched_on(make):
    lab = make()
    picture, first, transforms = lab._face.children[1].children[0].children[:3]
    assert first.children[0] is lab._controls["flip_by"].widget
    for name, box in (("photograph", picture), ("chosen", transforms)):
        (section,) = [each for each in lab._sections if each.has((name,))]
        assert section.widget is box
        assert section._head.value
