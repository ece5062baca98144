"""The picture of this view: what stands where, by the arrays in the artists."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_picture
from nbtests.labs.pictured import check_pictures
from trainingwheels.engine.search.winners import LOOKS, NETS, SIZES, Winners
from trainingwheels.labs.search.pictures.winners import Cursed, WinnersPicture


def made(contenders, size, luck=0.05):
    rng = np.random.default_rng(0)
    val = np.minimum(np.maximum.accumulate(rng.normal(0.85, luck, (len(SIZES), LOOKS, NETS)), axis=2), 1)
    new = rng.normal(0.85, 0.01, val.shape)
    return Cursed(Winners(val, new, new + 0.02, rng.uniform(0.3, 1, (len(SIZES), 2, NETS))), contenders, size, "seeds")


RESULTS = [made(32, 64), made(1, 16), made(NETS, 512, 0.01)]


def test_nothing_overlaps_or_stays_behind():
    check_pictures(WinnersPicture, RESULTS)


def test_the_winner_is_the_rightmost_net_of_the_look():
    picture = made_picture(WinnersPicture)
    for each in RESULTS:
        picture.update(each)
        marks = np.asarray(picture._panels[1].marks.get_offsets())
        assert len(marks) == each.contenders + 1
        assert marks[-1, 0] == pytest.approx(marks[:, 0].max())
