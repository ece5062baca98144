"""How many nets: what is said is what the engine found, and the script trains the same nets in torch."""

import numpy as np
import pytest

from nbtests.labs.ensembles.conftest import FEW
from nbtests.labs.using import change, run
from nbtests.words import numbers
from trainingwheels.engine.evaluation import COMBINATIONS, combine
from trainingwheels.engine.evaluation.ensembles import independent
from trainingwheels.labs.ensembles import population


@pytest.mark.parametrize("how", COMBINATIONS)
def test_what_is_said_is_what_the_engine_found(make, how):
    lab = make(**FEW)
    result = change(lab, how=how, members=6, left_out=("2", "5", "9"))
    assert result.used.tolist() == [0, 2, 3, 5]
    found = independent(lab.view.config(lab._named()), 32)
    p, y = found.probabilities[[0, 2, 3, 5]], found.labels
    assert result.ways[how] == pytest.approx((combine(p, how).argmax(axis=1) == y).mean())
    own = (p.argmax(axis=-1) == y).mean(axis=1)
    assert numbers("gives # points against the mean, # points against the best", lab.text) == pytest.approx(
        [100 * (result.ways[how] - own.mean()), 100 * (result.ways[how] - own.max())], abs=0.051
    )
    assert numbers("# nets, ", lab.text) == [4]
    assert result.ways["geometric"] == result.ways["logits"]
    assert [len(each) for each in result.curve][::9] == [32, 1]
    assert result.curve[0].mean() == pytest.approx(result.own.mean())


@pytest.mark.parametrize("conv", [(), (2,)])
def test_the_script_trains_and_averages_the_same_nets(make, conv, monkeypatch):
    monkeypatch.setattr(population, "STEPS", 320 if not conv else 80)
    lab = make(members=3, how="vote", conv=conv, **FEW)
    assert ("The first layer's 2 filters see 3 numbers in a row" in lab.text) == bool(conv)
    names = run(lab)
    result = lab.result
    assert names["alone"] == pytest.approx(result.own[:3], abs=0.02)
    assert names["together"] == pytest.approx(result.ways["vote"], abs=0.03)
    S = names["S"].numpy()
    p = np.exp(S - S.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    y = names["y_val"].numpy()
    assert names["together"] == pytest.approx((combine(p, "vote").argmax(axis=1) == y).mean(), abs=0.005)
