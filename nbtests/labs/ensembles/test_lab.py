"""The lab: each view has its result, moved sliders train nothing, and bad input is one line."""

import pytest

from nbtests.labs.ensembles.conftest import FEW
from nbtests.labs.using import AT_ONCE, seconds_of_a_move
from trainingwheels.labs.ensembles.lab import Ensembles
from trainingwheels.labs.ensembles.pictures.cheaper import Cheap
from trainingwheels.labs.ensembles.pictures.how_many import Averages
from trainingwheels.labs.ensembles.pictures.one_example import Disputed
from trainingwheels.labs.ensembles.pictures.plane import Regions

VIEWS = {"size": Averages, "example": Disputed, "plane": Regions, "cheaper": Cheap}
MOVED = {"size": ("members", range(2, 17)), "example": ("pick", range(2, 17)), "plane": ("together", range(2, 12))}


@pytest.mark.parametrize("show", VIEWS)
def test_every_view_has_its_result_and_is_answered_at_once(make, show):
    lab = make(show=show, **FEW)
    assert type(lab.result) is VIEWS[show]
    assert len(lab.text) > 100
    assert "nan" not in lab.text
    moved = MOVED.get(show, ("way", ["masks", "apart", "average", "snapshots"]))
    assert seconds_of_a_move(lab, *moved) < AT_ONCE
    assert [view.name for view in Ensembles.views] == list(VIEWS)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"members": 1}, "members = 1 is out of range: choose a whole number from 2 to 32 nets."),
        ({"left_out": ("33",)}, "left_out[0] = '33' is not known: did you mean '3'? choose one of 1, 2,"),
    ],
)
def test_bad_input_is_one_line(make, settings, says):
    lab = make(**FEW)
    with pytest.raises(ValueError, match="choose"):
        lab.set(**settings)
    assert lab.message.startswith(says)
    assert "\n" not in lab.message


def test_one_member_that_is_left_is_one_line(make):
    lab = make(members=3, **FEW)
    lab.set(left_out=("1", "3"))
    lab.settle()
    assert lab.state == "failed"
    assert lab.message == "1 of the first 3 nets left makes no ensemble: leave fewer out."
