"""The lab of transfer learning: its views, its slides, and what it refuses."""

import pytest

from nbtests.labs.using import slide
from trainingwheels.engine import InvalidSetting
from trainingwheels.labs.transfer_learning.lab import TransferLearning


def test_the_views_are_those():
    assert [view.name for view in TransferLearning.views] == ["adapt", "layers", "frozen", "own"]


def test_the_first_slide_is_how_the_lab_opens_and_each_view_has_one():
    first, *others = TransferLearning.presets
    assert first.settings == {}
    assert {each.settings.get("show", "adapt") for each in others} == {view.name for view in TransferLearning.views}


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"tuning": 2}, "tuning = 2 is out of range: choose a number from 0.01 to 1."),
        ({"task": "cats"}, "task = 'cats' is not known"),
        ({"drawing": "ff"}, "drawing = 'ff' is not a drawing: choose 64 of the digits 0 to 9 and a to f."),
        ({"nets": 0}, "nets = 0 is out of range"),
    ],
)
def test_bad_input_is_one_line(make, settings, says):
    lab = make(show="own")
    with pytest.raises(InvalidSetting):
        lab.set(**settings)
    assert lab.message.startswith(says)
    assert "\n" not in lab.message


def test_a_slide_says_which_seeds_its_answer_is_of():
    for name in ("adapt", "many", "digits"):
        assert "ten nets" in slide(TransferLearning, name).answer
