"""Step 7: each round stands around the best of the one before, and half as far apart."""

import numpy as np
import pytest

from nbtests.labs.using import change, run
from nbtests.words import numbers


def test_rounds_close_in_and_end(make):
    lab = make(show="rounds")
    result = lab.result
    assert len(result.rounds) == lab.rounds
    for before, after in zip(result.rounds, result.rounds[1:], strict=False):
        assert after.lrs[2] == pytest.approx(before.lrs[before.best])
        ratios = [np.log(each.lrs[1:] / each.lrs[:-1]) for each in (before, after)]
        np.testing.assert_allclose(ratios[1], ratios[0] / 2, atol=0.02)
    top = max(each.val.max() for each in result.rounds)
    assert numbers("nets has #", lab.text)[0] == pytest.approx(100 * top, abs=0.051)
    assert run(lab)["losses"]


def test_one_round_is_not_enough_and_a_net_that_learns_nothing_never_is(make):
    lab = make(show="rounds", rounds=1)
    assert not lab.result.verdict.passed
    assert not change(lab, rounds=2, patient="b").verdict.passed
    assert "go back to step 2" in lab.text
