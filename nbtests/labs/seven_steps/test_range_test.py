"""A range test: its marks are those of the run, and how it agrees with rates that were trained at once."""

import numpy as np
import pytest

from nbtests.labs.using import apply, run, slide, trained
from nbtests.words import numbers
from trainingwheels.engine import train
from trainingwheels.engine.steps.passing import FALL
from trainingwheels.engine.steps.range_test import WIDTH, averaged, falls_fastest


def test_the_marks_agree_with_rates_that_had_a_run_each(make):
    lab = make()
    apply(lab, "range-test")
    assert "Press Start" in lab.text
    result = trained(lab)
    assert result.verdict.passed
    assert 3 in lab.passed
    fast, far = result.lrs[result.fast], result.lrs[result.far]
    best = result.tried[np.nanargmin(result.left)]
    assert fast < best < far
    assert "it lies between" in lab.text
    assert not any(left <= 1 - FALL for lr, left in zip(result.tried, result.left, strict=True) if lr > far)
    assert 0.2 < far < 1.0
    assert "about 0.5" in slide(lab, "range-test").answer
    assert numbers("fastest around lr #", lab.text)[0] == pytest.approx(fast, rel=0.05)
    assert numbers("at lr # it breaks", lab.text)[0] == pytest.approx(far, rel=0.05)


def rising(lab):
    """The history of the run whose rate rises, its averages, and the width of these."""
    (history,) = train(lab.view.configs(lab._named())[0][:1], "cpu", evaluations=1)
    width = round(WIDTH * len(history.steps))
    return history, averaged(history.train_loss, width), width


def test_the_script_finds_the_same(make):
    lab = make(show="range", range_epochs=5)
    history, averages, width = rising(lab)
    names, fast = run(lab), falls_fastest(averages, width)
    np.testing.assert_allclose(names["lrs"], history.lr, rtol=1e-5)
    np.testing.assert_allclose(names["averages"][:fast], averages[:fast], rtol=0.02)  # small differences stay small
    assert abs(names["fast"] - fast) <= names["width"] == width


def test_a_slower_rise_falls_fastest_at_a_lower_rate(make):
    lab = make(show="range")
    fastest = []
    for epochs in (5, 20):
        lab.range_epochs = epochs
        history, averages, width = rising(lab)
        fastest.append(history.lr[falls_fastest(averages, width)])
    assert fastest[1] < fastest[0] / 2


def test_a_net_that_learns_with_no_rate_is_given_none(make):
    lab = make(show="range", patient="b", range_epochs=5)
    result = trained(lab)
    assert result.fast is None
    assert not result.verdict.passed
    assert "names no rate" in lab.text
