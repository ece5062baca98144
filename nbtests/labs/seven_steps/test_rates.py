"""Step 3: which learning rates make the loss drop, and in which unit."""

import numpy as np
import pytest

from nbtests.labs.using import run, trained
from nbtests.words import numbers
from trainingwheels.engine.steps.passing import ITERATIONS, loss_left


@pytest.mark.parametrize(
    ("settings", "passed"),
    [
        ({}, True),
        ({"patient": "c"}, False),
        ({"patient": "c", "span": "wide"}, True),
        ({"patient": "d"}, False),
        ({"patient": "d", "small_decay": 1e-6}, True),
    ],
)
def test_it_is_passed_where_one_of_the_rates_works(make, settings, passed):
    lab = make(show="rates", **settings)
    result = trained(lab)
    assert result.verdict.passed == passed
    np.testing.assert_allclose(result.lines[0].y, [loss_left(history) for history in result.curves.histories])
    assert ITERATIONS <= len(result.curves.histories[0].steps) <= 1.2 * ITERATIONS


def test_the_rates_are_said_with_what_they_leave(make):
    lab = make(show="rates")
    assert "when the loss falls by at least 30 %" in lab.text
    lab.single_step()
    lab.settle()
    assert lab.text.startswith("Step 3 is judged at the end")
    result = trained(lab)
    assert numbers("lr 0.1 # %", lab.text)[0] == pytest.approx(100 * result.lines[0].y[-1], abs=0.51)
    np.testing.assert_allclose(run(lab)["losses"], result.curves.histories[-1].train_loss, rtol=1e-2, atol=1e-4)
