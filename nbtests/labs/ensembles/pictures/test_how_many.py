"""The picture of this view: nothing overlaps, leaves or stays behind."""

from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.ensembles.how_many import HowMany
from trainingwheels.labs.ensembles.pictures.how_many import HowManyPicture

FEW = {"train_size": 64, "width": 8}


def test_nothing_overlaps_or_stays_behind():
    check_pictures(
        HowManyPicture,
        [result(HowMany, **FEW, **settings) for settings in ({}, {"members": 2, "how": "vote", "left_out": ("9",)})],
    )
