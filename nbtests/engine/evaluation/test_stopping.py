import math

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.evaluation import stop_early
from trainingwheels.engine.evaluation.stopping import smoothed


def by_hand(val, patience, min_delta):
    """The rule in the contract's words: the last ``patience`` scores are no improvements."""
    improved, kept = [], []
    for score in val:
        improved.append(not improved or score > max(kept) + min_delta)
        kept = [s for s, good in zip(val, improved, strict=False) if good]
        if len(improved) >= patience and not any(improved[-patience:]):
            break
    best_at = max(index for index, good in enumerate(improved) if good)
    stopped = len(improved) >= patience and not any(improved[-patience:])
    return (len(improved) - 1 if stopped else None), best_at


@pytest.mark.parametrize(
    ("val", "patience", "stopped_at", "best_at"),
    [
        ([0.5, 0.7, 0.6, 0.65, 0.9], 2, 3, 1),  # patience ran out before the best came
        ([0.5, 0.7, 0.6, 0.65, 0.9], 3, None, 4),
        ([0.5, 0.7, 0.6], 5, None, 1),  # training ends first: the best is known all the same
        ([0.5, 0.5, 0.5], 2, 2, 0),  # as good is no improvement
        ([0.9], 1, None, 0),
        ([0.9, 0.1], 1, 1, 0),
    ],
)
def test_worked_by_hand(val, patience, stopped_at, best_at):
    stop = stop_early(val, patience)
    assert (stop.stopped_at, stop.best_at) == (stopped_at, best_at)


def test_a_small_step_is_no_improvement_but_many_of_them_are():
    val = [0.50, 0.53, 0.56, 0.59, 0.62]
    assert stop_early(val, 2, min_delta=0.1).stopped_at == 2
    patient = stop_early(val, 4, min_delta=0.1)
    assert (patient.stopped_at, patient.best_at, patient.waited) == (None, 4, (0, 1, 2, 3, 0))


@pytest.mark.parametrize("patience", [1, 3, 8])
@pytest.mark.parametrize("min_delta", [0.0, 0.3])
def test_random_scores_as_the_words_have_it(patience, min_delta):
    for seed in range(30):
        val = np.random.default_rng(seed).normal(np.linspace(0, 1, 30), 0.3)
        stop = stop_early(val, patience, min_delta)
        assert (stop.stopped_at, stop.best_at) == by_hand(list(val), patience, min_delta)
        assert len(stop.waited) == (30 if stop.stopped_at is None else stop.stopped_at + 1)
        assert stop.waited[-1] <= patience


def test_smoothing_looks_at_the_running_mean():
    val = [0.0, 1.0, 0.5, 0.5, 0.5, 0.5]
    np.testing.assert_allclose(smoothed(val, 0.5)[:3], [0, 0.5, 0.5])
    assert stop_early(val, 2).best_at == 1
    assert stop_early([0.0, 1.0, 0.5, 0.6, 0.7], 2, smoothing=0.5).best_at == 4
    np.testing.assert_array_equal(smoothed(val, 0.0), val)


def test_a_score_that_is_no_number_improves_nothing():
    stop = stop_early([0.5, math.nan, math.nan, 0.9], 2)
    assert (stop.stopped_at, stop.best_at) == (2, 0)
    assert stop_early([math.nan, 0.5], 2).best_at == 1


@pytest.mark.parametrize(
    ("val", "settings", "message"),
    [
        ([0.5], {"patience": 0}, "patience = 0 is out of range"),
        ([0.5], {"min_delta": -1}, "min_delta = -1 is out of range"),
        ([0.5], {"smoothing": 1}, "smoothing = 1 is out of range"),
        ([], {}, "needs validation data"),
        (["good"], {}, r"val = \['good'\] are no scores"),
    ],
)
def test_bad_input_is_one_clear_line(val, settings, message):
    with pytest.raises(InvalidSetting, match=message) as refused:
        stop_early(val, **settings)
    assert "\n" not in str(refused.value)
