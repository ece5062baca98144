"""A rule replayed on a run: what is said is what the rule did, and the script does the same in torch."""

import random

import numpy as np
import pytest

from nbtests.labs.early_stopping.conftest import FEW
from nbtests.labs.using import change, run
from nbtests.words import numbers
from trainingwheels.engine.evaluation import stop_early


def test_any_rule_is_told_as_it_is(make):
    rng, lab = random.Random(0), make(**FEW)
    for _ in range(40):
        result = change(
            lab, patience=rng.randint(1, 30), smoothing=rng.choice([0.0, 0.3, 0.9]), min_delta=rng.choice([0.0, 0.02]),
            score=rng.choice(["accuracy", "loss"]), validation=rng.choice([8, 64, 256]),
        )  # fmt: skip
        rule, test = result.rule, result.run.test
        assert rule == stop_early(result.scores, lab.patience, lab.min_delta, lab.smoothing)
        assert numbers("the snapshot of epoch #", lab.text.lower())[0] == result.epochs[rule.best_at]
        if rule.stopped_at is not None:
            assert numbers("Stopped at epoch #,", lab.text) == [result.epochs[rule.stopped_at]]
            assert rule.waited[-1] == lab.patience
        else:
            assert numbers("runs out: # of #", lab.text) == [rule.waited[-1], lab.patience]
        said = numbers("is right on # %, the net at the end of all 60 epochs on # %", lab.text)
        assert said == pytest.approx([100 * test[rule.best_at], 100 * test[-1]], abs=0.51)
        assert f"The rule looks at {min(lab.validation, 128)} validation examples" in lab.text


@pytest.mark.parametrize("conv", [(), (4,)])
def test_the_script_trains_stops_and_restores_as_the_lab_does(make, conv):
    lab = make(patience=3, validation=64, conv=conv, **FEW)
    names = run(lab)
    result = lab.result
    assert result.run.history.config.conv == conv
    assert (names["stopped_at"], names["best_at"]) == (result.rule.stopped_at, result.rule.best_at)
    assert names["test"] == pytest.approx(result.run.test[result.rule.best_at], abs=2.5 / result.run.tested)


def test_the_script_restores_also_where_training_ends_first(make):
    lab = make(patience=30, label_noise=0.0, score="loss", **FEW)
    assert lab.result.rule.stopped_at is None
    names = run(lab)
    assert names["stopped_at"] is None
    assert names["best_at"] == pytest.approx(lab.result.rule.best_at, abs=2)
    assert np.isclose(names["test"], lab.result.run.test[names["best_at"]], atol=0.02)
