"""An ensemble of masks: odd inputs, and a script that averages masks in torch."""

import numpy as np
import pytest

from nbtests.labs.dropout.conftest import FEW
from nbtests.labs.using import change, run
from trainingwheels.labs.dropout.ensemble import ODD


def test_odd_inputs_are_what_they_are_called(make):
    lab = make(show="ensemble", **FEW)
    images = lab.result.ensemble.net.data.X_val.reshape(-1, 8, 8)
    expected = {"blend": (images[4] + images[5]) / 2, "upside": images[4][::-1], "negative": 1 - images[4]}
    for odd in ODD:
        result = change(lab, image=4, odd=odd)
        np.testing.assert_array_equal(result.ordinary.pixels, images[4])
        if odd in expected:
            np.testing.assert_allclose(result.other.pixels, expected[odd], atol=1e-6)


def test_every_unit_kept_is_one_model(make):
    result = make(show="ensemble", keep=1.0, **FEW).result
    assert result.ordinary.spread < 1e-6
    assert {float(each) for found in result.ensemble.accuracies for each in found} == {result.without}


def test_the_script_with_every_unit_kept_is_the_labs_net(make):
    lab = make(show="ensemble", keep=1.0, **FEW)
    names = run(lab)
    assert names["single"] == pytest.approx(lab.result.ensemble.single, abs=0.02)


def test_the_script_averages_masks(make):
    """Its masks are others: the accuracies are near, within what seeds differ by."""
    lab = make(show="ensemble", keep=0.5, **FEW)
    names = run(lab)
    assert names["single"] == pytest.approx(lab.result.ensemble.single, abs=0.12)
    assert names["averaged"][1000] == pytest.approx(lab.result.ensemble.accuracies[-1].mean(), abs=0.12)
    assert names["averaged"][1] < names["averaged"][1000]
    assert float(names["spread"].max()) > 0.1


def test_the_masks_agree_less_on_odd_inputs_on_average_and_not_one_by_one(make):
    """As the slide says, over 60 digits: 0.76 agree on a digit and 0.49 on noise; least on a digit 0.25, most on noise
    0.91. Each mean has an error of 0.03."""
    lab = make(show="ensemble", odd="noise")
    agree = np.array([(r.ordinary.agree, r.other.agree) for r in (change(lab, image=i) for i in range(0, 360, 6))])
    assert agree.mean(axis=0) == pytest.approx([0.76, 0.49], abs=0.09)
    assert agree[:, 0].min() < 0.4
    assert agree[:, 1].max() > 0.75
