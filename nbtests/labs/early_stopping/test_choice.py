"""Ten runs: what is kept of each by the rule and by training long, and how that is told."""

import numpy as np
import pytest

from nbtests.labs.early_stopping.conftest import FEW
from nbtests.labs.using import change
from nbtests.words import numbers
from trainingwheels.engine.evaluation import stop_early


def test_each_run_is_judged_alone(make):
    result = make(show="choice", **FEW).result
    assert len(result.runs) == 10
    assert [each.size for each in result.sizes] == [8, 16, 32, 64, 128]
    for each in result.sizes:
        for place, run in enumerate(result.runs):
            scores = run.scores("accuracy", each.size)
            rule = stop_early(scores, 5)
            assert each.rule[place] == rule.best_at
            assert scores[each.best[place]] == scores.max()
            assert each.rule[place] <= each.stopped[place] <= rule.best_at + 5


@pytest.mark.parametrize("label_noise", [0.0, 0.8])
def test_gains_are_told_with_their_sign(make, label_noise):
    lab = make(show="choice", **FEW)
    result = change(lab, label_noise=label_noise, validation=32)
    last = np.array([run.test[-1] for run in result.runs])
    gain = 100 * (result.test(result.now.rule) - last).mean()
    sentence = next(line for line in lab.text.splitlines() if line.startswith("Against the end"))
    assert numbers("the rule gives # points", sentence) == [pytest.approx(gain, abs=0.06)]
    assert numbers("With # validation examples", lab.text) == [32]
