"""Step 6: the rules of thumb find nothing in a good net's curves, and something in others'."""

import numpy as np
import pytest

from nbtests.labs.using import run, trained


def test_good_curves_pass(make):
    lab = make(show="curves", final_epochs=10)
    assert "when the rules find nothing to mend" in lab.text
    result = trained(lab)
    assert (result.verdict.passed, lab.passed) == (True, [6])
    np.testing.assert_allclose(run(lab)["losses"], result.histories[0].train_loss, rtol=2e-2, atol=1e-3)


@pytest.mark.parametrize(("lr", "word"), [(1e-4, "too low"), (1.0, "too high")])
def test_others_are_named(make, lr, word):
    lab = make(show="curves", final_lr=lr)
    assert not trained(lab).verdict.passed
    assert word in lab.text
