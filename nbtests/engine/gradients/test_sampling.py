"""All entries where they fit half a minute, else a sample; and a line that tells how long it takes."""

from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingwheels.engine import gradient_check
from trainingwheels.engine.gradients import sampling
from trainingwheels.engine.gradients.sampling import draw, progress, sampled, shares


def test_all_entries_where_they_fit():
    assert shares([64, 10, 6400], 1e-5) == [64, 10, 6400]


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=40), st.floats(1e-6, 2))
def test_a_sample_fills_half_a_minute(sizes, seconds):
    counts = shares(sizes, seconds)
    fits = sampling.BUDGET / (sampling.CALLS * seconds)
    assert all(min(size, sampling.LEAST) <= count <= size for size, count in zip(sizes, counts, strict=True))
    assert sum(counts) <= max(fits, sampling.LEAST * len(sizes))
    assert counts == sizes or sum(counts) >= min(fits, sum(sizes)) - len(sizes) - 1


def test_half_of_a_sample_has_a_gradient():
    slopes = np.zeros((1000, 10))
    slopes[3] = 1
    slopes[8] = 2
    places = draw(slopes, 20, np.random.default_rng(0))
    assert len(set(places.tolist())) == 20
    assert 10 <= (slopes.reshape(-1)[places] != 0).sum() < 20
    assert draw(slopes, 10**4, np.random.default_rng(0)).tolist() == list(range(10**4))
    few = draw(slopes[:4], 36, np.random.default_rng(0))
    assert len(set(few.tolist())) == 36


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by a second whenever somebody looks."""
    times = iter(range(10**6))
    monkeypatch.setattr(sampling.time, "perf_counter", lambda: float(next(times)))


def test_a_long_check_tells_how_long_it_takes_and_wipes_that(clock, capsys):
    with closing(progress(100)) as ticks:
        for _ in range(51):
            next(ticks)
        assert "gradient check: 50 of 100 entries, 51 s left" in capsys.readouterr().err
    assert capsys.readouterr().err.strip("\r ") == ""


def test_a_short_check_is_silent(capsys):
    assert gradient_check(lambda x: (x @ x, 2 * x), np.ones(50)).ok
    assert capsys.readouterr() == ("", "")


def test_a_sample_is_said(clock):
    """An evaluation takes a second by this clock, so 13 entries fit."""
    report = gradient_check(lambda x: (x @ x, 2 * x), np.ones(500))
    assert report.ok
    assert len(report.arrays[0].places) == 13
    assert "A sample, 13 of 500 entries: all would take 18 min. entries=None checks all." in str(report)
    assert len(gradient_check(lambda x: (x @ x, 2 * x), np.ones(500), entries=None).arrays[0].places) == 500
    assert len(gradient_check(lambda x: (x @ x, 2 * x), np.ones(500), entries=40).arrays[0].places) == 40


def test_times_are_rounded():
    assert "all would take 40 s" in sampled(1, 40, 1 / sampling.CALLS)
    assert "all would take 3 min" in sampled(1, 190, 1 / sampling.CALLS)
    assert "all would take 3 h" in sampled(1, 10_000, 1 / sampling.CALLS)
