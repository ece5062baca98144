"""Criteria by cost and gain: the means are those of the runs, and the words those of the picture."""

import random

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


def test_any_criterion_is_told_as_it_is(make):
    rng, lab = random.Random(0), make(show="criteria", **FEW)
    runs = lab.view.runs(lab._named())
    losses = [(-run.scores("loss", 128)[1:], run.training_loss[1:]) for run in runs]
    for _ in range(20):
        change(lab, criterion=rng.choice(list(CRITERIA)), alpha=float(f"{10 ** rng.uniform(-2, 3):.3g}"))
        stops = [stops_at(lab.criterion, *each, lab.alpha) for each in losses]
        ends = [60 if stop is None else stop + 1 for stop in stops]
        if stops[0] is None:
            assert "never fulfilled in the run that is drawn" in lab.text
        else:
            assert numbers("first fulfilled after epoch # in the run that is drawn", lab.text) == [ends[0]]
        assert numbers("it trains for # epochs of 60", lab.text) == pytest.approx([np.mean(ends)], abs=0.051)
        kept = [1 + int(val[:end].argmin()) for (val, _), end in zip(losses, ends, strict=True)]
        tests = [100 * np.mean([run.test[at] for run, at in zip(runs, ats, strict=True)]) for ats in (kept, [-1] * 10)]
        assert numbers("is right on # % of the test examples; the nets at the end on # %", lab.text) == pytest.approx(
            tests, abs=0.51
        )
