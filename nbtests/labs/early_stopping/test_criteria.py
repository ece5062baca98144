"""Criteria by cost and gain: the means are those of the runs, and the words those of the picture."""

import numpy as np
import pytest

from nbtests.labs.early_stopping.conftest import FEW
from nbtests.labs.using import change
from nbtests.words import numbers
from trainingwheels.engine.evaluation.criteria import CRITERIA, stops_at


def test_costs_and_gains_are_those_of_the_runs(make):
    lab = make(show="criteria", **FEW)
    view = lab.view
    runs = view.runs(lab._named())
    for name, alpha in (("GL", 5.0), ("PQ", 0.5), ("UP", 2.0)):
        result = change(lab, criterion=name, alpha=alpha)
        epochs, tests = [], []
        for run in runs:
            val = -run.scores("loss", 128)[1:]
            stop = stops_at(name, val, run.training_loss[1:], alpha)
            end = 60 if stop is None else stop + 1
            epochs.append(end)
            tests.append(run.test[1 + val[:end].argmin()])
        assert (result.now.epochs, result.now.test) == pytest.approx((np.mean(epochs), np.mean(tests)))
        assert numbers("it trains for # epochs of 60", lab.text) == pytest.approx([np.mean(epochs)], abs=0.051)
    assert [family.name for family in result.families] == [*CRITERIA, "patience"]
