"""Scales: draws and chances by hand, the law against what is counted, and who is ahead."""

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting
from trainingwheels.engine.search import scales as module
from trainingwheels.engine.search.scales import RATES, chance, needed, scaled, scales


@pytest.fixture(scope="module", autouse=True)
def peak():
    """Scores of no nets: a bump over 0.01, two decades wide."""
    with pytest.MonkeyPatch.context() as patch:
        bump = np.exp(-(np.log10(RATES / 0.01) ** 2))
        patch.setattr(module, "rate_scores", lambda optimizer, conv: bump)
        yield


def test_both_scales_by_hand():
    assert scaled([0, 0.5, 1], "log", 1e-4, 1.0) == pytest.approx([1e-4, 1e-2, 1])
    assert scaled([0, 0.5, 1], "linear", 1e-4, 1.0) == pytest.approx([1e-4, 0.50005, 1])


def test_sixty_trials_are_enough_for_the_best_twentieth():
    assert chance(60, 0.05) == pytest.approx(1 - 0.95**60)
    assert needed(0.05) == 59
    assert chance(58, 0.05) < 0.95 <= chance(59, 0.05)


def test_shares_of_decades():
    found = scales("adam", 1e-4, 1.0, 12, 0.05, 0)
    assert found.decades == pytest.approx([1e-4, 1e-3, 1e-2, 0.1, 1])
    assert found.shares["log"] == pytest.approx(np.full(4, 0.25))
    assert found.shares["linear"] == pytest.approx(np.array([9e-4, 9e-3, 0.09, 0.9]) / (1 - 1e-4))
    assert scales("adam", 3e-4, 0.05, 12, 0.05, 0).shares["log"].sum() == pytest.approx(1)


def test_what_is_counted_follows_the_law():
    """A thousand searches of n trials: within four standard deviations of a share."""
    found = scales("adam", 1e-4, 1.0, 12, 0.2, 0)
    law = chance(np.arange(1, 101), 0.2)
    assert (np.abs(found.hits - law) <= 4 * np.sqrt(law * (1 - law) / 1000) + 0.002).all()


def test_log_is_ahead_where_the_best_lies_low_and_not_where_it_lies_at_the_top():
    low, top = scales("adam", 1e-5, 1.0, 12, 0.05, 0), scales("adam", 1e-5, 0.01, 12, 0.05, 0)
    lead = [(each.best["log"] - each.best["linear"])[11].mean() for each in (low, top)]
    assert lead[0] > 0.1
    assert lead[1] < 0


def test_an_empty_range_is_refused_in_one_line():
    with pytest.raises(InvalidSetting, match=r"low = 0.1 is not below high = 0.1: choose .*\.$"):
        scales("adam", 0.1, 0.1, 12, 0.05, 0)
