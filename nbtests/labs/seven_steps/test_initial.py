"""Step 1: the initial losses are those of the nets, and what is said of them."""

import numpy as np
import pytest

from nbtests.labs.using import change, run
from nbtests.words import numbers
from trainingwheels.engine import RunConfig, train
from trainingwheels.engine.steps.patients import BASE


def test_the_losses_are_those_before_the_first_step(make):
    lab = make()
    runs = [RunConfig(**BASE, epochs=1, seed=seed) for seed in range(10)]
    expected = [history.val_loss[0] for history in train(runs, "cpu", evaluations=1)]
    np.testing.assert_allclose(lab.result.losses, expected, rtol=1e-5)
    assert lab.result.verdict.passed
    assert lab.passed == [1]
    assert numbers("log 10 = #", lab.text)[0] == pytest.approx(np.log(10), abs=1e-3)
    penalty = numbers("of which # is the penalty", lab.text)[0]
    assert penalty == pytest.approx(lab.l2 * lab.result.squares.mean(), rel=0.01)


def test_the_hinge_begins_near_one_less_than_classes_and_patient_a_nowhere_near(make):
    lab = make(loss="hinge")
    assert (lab.result.even, lab.result.verdict.passed) == (9.0, True)
    ill = change(lab, patient="a")
    assert not ill.verdict.passed
    assert lab.text.startswith("Step 1 is not passed")
    assert change(lab, repair="initialization").verdict.passed
    assert lab.passed == [1]


@pytest.mark.parametrize("conv", [(), (4,)])
def test_the_script_begins_with_the_first_nets_loss(make, conv):
    lab = make(conv=conv)
    assert ("The first layer's 4 filters see 3 x 3 pixels" in lab.text) == bool(conv)
    assert run(lab)["losses"][0] == pytest.approx(lab.result.losses[0], rel=0.1)  # of a batch
