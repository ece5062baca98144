"""Successive halving: who goes on for how long, and what it costs."""

import pytest

from trainingwheels.engine.search.halving import affordable, bracket


def test_a_bracket_by_hand():
    found = bracket(9, 9)
    assert (found.rungs, found.counts) == ((1, 3, 9), (9, 3, 1))
    assert found.cost == 9 * 1 + 3 * 2 + 1 * 6


@pytest.mark.parametrize(("epochs", "trials"), [(1, 24), (2, 5), (5, 24), (10, 9), (20, 3), (7, 1)])
def test_it_is_the_largest_that_the_budget_pays_for(epochs, trials):
    found = affordable(epochs, epochs * trials)
    assert found.cost <= epochs * trials or trials == 1
    assert bracket(epochs, found.counts[0] + 1).cost > epochs * trials
    assert found.rungs[-1] == epochs
    assert found.counts[0] >= trials
    assert list(found.rungs) == sorted(set(found.rungs))
