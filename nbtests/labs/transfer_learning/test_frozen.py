"""Frozen batchnorm: what is said of the drift is what was measured, and too many labels are refused in one line."""

import pytest

from nbtests.labs.transfer_learning.conftest import QUICK
from nbtests.labs.using import run
from nbtests.words import numbers


@pytest.mark.parametrize(("conv", "first"), [((), "hidden layer"), ((2,), "convolution")])
def test_what_is_said_is_what_was_found(make, conv, first):
    lab = make(show="frozen", conv=conv, **QUICK)
    result = lab.result
    assert lab.state == "done"
    assert numbers(f"means of the first {first} have moved by # standard deviations", lab.text) == pytest.approx(
        [result.means[-1, :2, 0].mean()], abs=0.006
    )
    said = numbers("the net knew # % of digits-0-4. Now it knows # %; with stopped statistics # %", lab.text)
    found = [100 * each.mean() for each in (result.source[0, :2], result.source[-1, :2], result.source[-1, 2:])]
    assert said == pytest.approx(found, abs=0.6)
    said = numbers("On digits-5-9: # % with drifting statistics, # % with still ones", lab.text)
    assert said == pytest.approx([100 * result.target[-1, :2].mean(), 100 * result.target[-1, 2:].mean()], abs=0.6)
    assert "Still training" not in lab.text
    assert len(run(lab)["losses"]) == result.steps[-1]


def test_more_labels_than_there_are_is_one_line(make):
    lab = make(show="frozen", **QUICK)
    kept = lab.result
    lab.per_class = 256
    lab.settle()
    assert lab.state == "failed"
    assert lab.message.startswith("per_class = 256 is more than digits-5-9 has: its rarest class has ")
    assert "\n" not in lab.message
    assert lab.result is kept
