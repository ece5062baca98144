"""The zones of relative errors are those of the verdicts."""

from trainingwheels.labs.gradient_checking.pictures.error_zones import LEAST, MOST, zone_names


def test_the_zones_are_those_of_the_verdicts():
    zones = list(zone_names())
    assert [high for _, high, _ in zones] == [1e-7, 1e-4, 1e-2, MOST]
    assert zones[0][0] == LEAST
