"""Cheaper ways: costs, gains and correlations as they are told."""

import pytest

from nbtests.labs.ensembles.conftest import FEW
from nbtests.labs.using import change
from nbtests.words import numbers


def test_each_way_is_told_with_its_cost_and_its_gain(make):
    lab = make(show="cheaper", **FEW)
    costs = {
        "apart": "8 trainings, 8 forward passes for an example, 8 nets in memory",
        "snapshots": "1 training, 8 forward passes for an example, 8 nets in memory",
        "average": "1 training, 1 forward pass for an example, 2 nets in memory",
        "masks": "1 training, 32 forward passes for an example, 1 net in memory",
    }
    for way, cost in costs.items():
        result = change(lab, way=way)
        assert cost in lab.text
        one, now = result.ways[0], result.now
        said = numbers("one net on # %: # points", lab.text)[1]
        assert said == pytest.approx(100 * (now.together - one.together), abs=0.051)
        for label in ("8 nets", "snapshots", "masks"):
            each = next(each for each in result.ways if each.label == label)
            found = numbers(f"{label} # points, #", lab.text)
            assert found == pytest.approx([100 * each.gain, each.correlation], abs=0.051)
    assert result.pairs.shape == (28, 2)
