"""The picture of the plane: nothing overlaps, leaves or stays behind."""

from nbtests.labs.pictured import check_pictures, result
from trainingwheels.labs.ensembles.pictures.plane import PlanePicture
from trainingwheels.labs.ensembles.plane import InThePlane


def test_nothing_overlaps_or_stays_behind():
    check_pictures(PlanePicture, [result(InThePlane, learned=16, together=together) for together in (2, 12)])
