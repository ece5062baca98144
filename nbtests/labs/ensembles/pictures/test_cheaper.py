"""The picture of this view: nothing overlaps, leaves or stays behind."""

from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.ensembles.cheaper import Cheaper
from trainingwheels.labs.ensembles.pictures.cheaper import CheaperPicture

FEW = {"train_size": 64, "width": 8}


def test_nothing_overlaps_or_stays_behind():
    check_pictures(
        CheaperPicture, [result(Cheaper, **FEW, **settings) for settings in ({}, {"way": "masks", "dataset": "digits"})]
    )
