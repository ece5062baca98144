"""The picture of the criteria: what stands where, by the arrays in the artists."""

from nbtests.figures.made_runs import made_picture
from nbtests.labs.early_stopping.conftest import FEW
from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.early_stopping.criteria import Comparing
from trainingwheels.labs.early_stopping.pictures.criteria import CriteriaPicture

SETTINGS = ({}, {"criterion": "PQ", "alpha": 0.1}, {"criterion": "UP", "alpha": 1000.0}, {"alpha": 0.01})
RESULTS = [result(Comparing, **FEW, **settings) for settings in SETTINGS]


def test_nothing_overlaps_or_stays_behind():
    check_pictures(CriteriaPicture, RESULTS[1:3])


def test_what_is_chosen_stands_among_the_others():
    picture = made_picture(CriteriaPicture)
    for each in RESULTS:
        picture.update(each)
        losses, quantity, costs = picture._panels
        assert tuple(costs.marks.get_offsets()[-1]) == (each.now.epochs, each.now.test)
        end = len(each.val) if each.stop is None else each.stop + 1
        assert losses.marks.get_offsets()[0, 0] == each.val[:end].argmin() + 1
        assert bool(quantity.marks.get_visible()) == (each.stop is not None)
