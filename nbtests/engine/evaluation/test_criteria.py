"""Prechelt's criteria, by hand and by their definitions."""

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.evaluation.criteria import CRITERIA, STRIP, generalization_loss, progress, stops_at

FALLING = np.linspace(1.0, 0.1, 40)


def test_worked_by_hand():
    np.testing.assert_allclose(generalization_loss([2.0, 1.0, 1.5, 0.5, 1.0]), [0, 0, 50, 0, 100])
    assert progress([1.0, 1.0, 1.0, 1.0, 2.0])[-1] == pytest.approx(200)  # mean 1.2 against a lowest of 1
    assert np.isinf(progress([1.0] * 10)[: STRIP - 1]).all()
    val = [1.0, 0.9, 0.8, 0.7, 0.6, 0.7, 0.7, 0.7, 0.7, 0.8, 0.8, 0.8, 0.8, 0.8, 0.9]
    assert stops_at("GL", val, val, 20) == 9  # 0.8 is a third above 0.6; 0.7 a sixth
    assert [stops_at("UP", val, val, s) for s in (1, 2, 3)] == [9, 14, None]  # at the ends of strips only
    assert stops_at("PQ", [*FALLING[:5], 1, 1, 1, 1, 1], [1.0] * 10, 1) == 9  # no progress: any loss is too much


@pytest.mark.parametrize("name", CRITERIA)
def test_where_nothing_rises_nothing_stops(name):
    assert stops_at(name, FALLING, FALLING, CRITERIA[name].alphas[0]) is None


@pytest.mark.parametrize("name", CRITERIA)
def test_a_higher_threshold_is_more_patient(name):
    rng = np.random.default_rng(0)
    for _ in range(20):
        val = np.abs(rng.normal(np.linspace(1, 2, 60) - 1.5 * np.exp(-np.arange(60) / 5), 0.1)) + 0.1
        stops = [stops_at(name, val, FALLING[0] + rng.random(60), alpha) for alpha in CRITERIA[name].alphas]
        assert stops == sorted(stops, key=lambda stop: 60 if stop is None else stop)


@pytest.mark.parametrize(("val", "message"), [([1.0], "two lists of equal length"), ([0.0] * 40, "not above 0")])
def test_bad_input_is_one_clear_line(val, message):
    with pytest.raises(InvalidSetting, match=message):
        stops_at("GL", val, FALLING, 1)
