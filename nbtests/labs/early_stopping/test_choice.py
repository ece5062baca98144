"""Ten runs: what is kept of each by the rule and by training long, and how that is told."""

import random

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


def test_any_rule_is_told_as_it_is_over_ten_runs(make):
    rng, lab = random.Random(0), make(show="choice", **FEW)
    for _ in range(40):
        result = change(
            lab, patience=rng.randint(1, 30), smoothing=rng.choice([0.0, 0.3, 0.9]), min_delta=rng.choice([0.0, 0.02]),
            score=rng.choice(["accuracy", "loss"]), validation=rng.choice([8, 32, 128]),
        )  # fmt: skip
        scores = [run.scores(lab.score, lab.validation) for run in result.runs]
        kept = [stop_early(each, lab.patience, lab.min_delta, lab.smoothing).best_at for each in scores]
        epochs = result.runs[0].epochs[kept]
        said = numbers("With # validation examples the rule restores epochs # to # (mean #)", lab.text)
        assert said == [lab.validation, epochs.min(), epochs.max(), pytest.approx(epochs.mean(), abs=0.51)]
        best = [int(each.argmax()) for each in scores]
        ends = [-1] * len(result.runs)
        tests = [
            100 * np.mean([run.test[at] for run, at in zip(result.runs, ats, strict=True)])
            for ats in (kept, best, ends)
        ]
        said = numbers("# % restored by the rule, # % where one trains to the end and keeps the best, # %", lab.text)
        assert said == pytest.approx(tests, abs=0.51)
