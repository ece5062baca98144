"""Repetitions in words: where the best lie, and a lead only where the spread is passed."""

import math

import numpy as np
import pytest

from nbtests.words import numbers
from trainingwheels.engine.search import LogUniform, Repeated, Result, Trial
from trainingwheels.labs.search.pictures.searched import Searched
from trainingwheels.labs.search.repetition_words import told_of_all

SPACE = {"lr": LogUniform(1e-4, 1.0)}


def repeated(*tests, sampler="random"):
    """Searches of one trial each, which has this accuracy on the test, and a hundredth more on validation."""
    return Repeated(
        tuple(
            Result(
                SPACE,
                sampler,
                (Trial(0, {"lr": 0.1}, "diverged" if math.isnan(test) else "complete", test + 0.01, test),),
                1,
                5.0,
                True,
            )
            for test in tests
        )
    )


def told(own, rival=None):
    shown = Searched(own.results[0], 0.1, {"lr": "lr"}, None, "test", (180, 593), repeated=own, rival=rival)
    return " ".join(told_of_all(shown))


TESTS = np.array([0.80, 0.84, 0.82, 0.90, 0.83, 0.81])


def test_nothing_is_said_of_one_search_alone():
    assert told(repeated(0.8)) == ""


def test_where_the_best_lie():
    text = told(repeated(*TESTS))
    assert "Random search, 6 times 1 trial: the best" in text
    low, middle, high = np.quantile(TESTS, (0.25, 0.5, 0.75))
    assert numbers("and # % (middle half # % to # %) on the test", text) == pytest.approx(
        [100 * middle, 100 * low, 100 * high], abs=0.51
    )
    assert numbers("a median of # %", text) == pytest.approx([100 * middle + 1], abs=0.51)
    assert "repetition 1 of random search" in text


@pytest.mark.parametrize(
    ("gains", "verdict"),
    [
        ([0.02, 0.03, 0.01, 0.02, 0.02, 0.03], "more than the spread"),
        ([-0.02, -0.03, -0.01, -0.02, -0.02, -0.03], "more than the spread"),
        ([0.02, -0.03, 0.01, -0.02, 0.02, 0.03], "a difference within the spread"),
        ([0.08, -0.001, 0.0, 0.001, 0.002, -0.001], "a difference within the spread"),  # all by one seed
    ],
)
def test_a_lead_within_the_spread_is_called_that(gains, verdict):
    text = told(repeated(*TESTS + gains), repeated(*TESTS, sampler="grid"))
    assert text.count(verdict) == 1
    who = ["random search has # points more than the grid", "the grid has # points more than random search"]
    assert numbers(who[int(np.mean(gains) < 0)], text) == pytest.approx([abs(100 * np.mean(gains))], abs=0.051)


def test_of_few_pairs_nothing_is_said_but_the_mean():
    text = told(repeated(0.9, 0.8), repeated(0.88, 0.8, sampler="halving"))
    assert "random search has 1.0 points more than successive halving on average, of 2 pairs: too few" in text
    assert "spread" not in text


def test_who_has_found_nothing_is_counted_and_left_out():
    text = told(repeated(0.9, math.nan), repeated(0.9, 0.9, sampler="tpe"))
    assert "1 of 2 have none" in text
    assert "of 1 pair:" in text
    assert "on average" not in told(repeated(math.nan), repeated(0.9, sampler="tpe"))
