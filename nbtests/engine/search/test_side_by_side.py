"""Searches side by side: each finds what it would alone, and all of them stop and end together."""

from dataclasses import replace

import numpy as np
import pytest

from trainingwheels.engine import RunConfig
from trainingwheels.engine.search import LogUniform, search, side_by_side
from trainingwheels.engine.search.plans import Plan
from trainingwheels.engine.search.progress import Progress

BASE = RunConfig(dataset="spirals", hidden=(16,), epochs=3, train_size=128, batch_size=32)
SPACE = {"lr": LogUniform(1e-3, 1.0), "l2": LogUniform(1e-6, 1e-2)}


def begun(*plans, trials=4, batch=2):
    """Searches of these (sampler, seed), which also draws the nets."""
    made = [Plan(SPACE, replace(BASE, seed=seed), sampler, trials, seed) for sampler, seed in plans]
    return side_by_side([Progress(plan) for plan in made], batch=batch, device="cpu", snapshots=3)


def test_each_finds_what_it_would_alone():
    plans = [("random", 0), ("random", 1), ("tpe", 1), ("halving", 2)]
    *_, last = begun(*plans)
    for (sampler, seed), found in zip(plans, last, strict=True):
        batch = None if sampler == "halving" else 2
        base = replace(BASE, seed=seed)
        alone = search(SPACE, base=base, sampler=sampler, trials=4, seed=seed, batch=batch, device="cpu")
        assert [trial.state for trial in found.trials] == [trial.state for trial in alone.trials]
        for one, other in zip(found.trials, alone.trials, strict=True):
            assert one.history.config == other.history.config
            assert one.value == pytest.approx(other.value, abs=0.03)  # rounding may turn a point or two
            np.testing.assert_allclose(one.history.train_loss, other.history.train_loss, rtol=1e-2, atol=1e-3)
        assert (found.spent, found.done) == (alone.spent, True)


def test_a_batch_has_as_many_trials_of_each():
    with begun(("random", 0), ("sobol", 0), batch=3) as live:
        assert [len(result.trials) for result in next(live)] == [3, 3]
        assert len(live.training.look().histories) == 6


def test_one_that_is_done_waits_for_the_others():
    made = [Plan(SPACE, BASE, "random", trials) for trials in (2, 6)]
    results = list(side_by_side([Progress(plan) for plan in made], batch=2, device="cpu", snapshots=3))
    assert [result.done for result in results[5]] == [True, False]
    assert [len(result.finished) for result in results[-1]] == [2, 6]
    assert all(result.done for result in results[-1])


def test_stop_keeps_what_finished_of_each():
    with begun(("random", 0), ("random", 1)) as live:
        while len(next(live)[0].trials) < 4:
            pass
    assert live.over
    for result in live.results:
        assert [trial.state for trial in result.trials] == ["complete"] * 2 + ["stopped"] * 2
        assert result.best in result.trials[:2]
    assert list(live) == []


def test_a_look_takes_no_trial():
    with begun(("random", 0)) as live:
        assert [result.trials for result in live.look()] == [()]
        assert not live.over
