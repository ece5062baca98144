"""Searches: the same budget for every sampler, real runs as one population, states, stopping, and refusals."""

import math
from dataclasses import replace

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting, RunConfig, train
from trainingwheels.engine.data.splits import load_with_test
from trainingwheels.engine.search import SAMPLERS, Choices, LogUniform, Uniform, search, search_steps

BASE = RunConfig(dataset="spirals", hidden=(16,), epochs=3, train_size=128, batch_size=32)
SPACE = {"lr": LogUniform(1e-3, 1.0), "l2": LogUniform(1e-6, 1e-2)}
SQUARE = {"x": Uniform(0, 1), "y": Uniform(0, 1)}


def hill(params):
    return -((params["x"] - 0.3) ** 2) - (params["y"] - 0.8) ** 2


@pytest.fixture(scope="module")
def searched():
    return search(SPACE, base=BASE, trials=8, seed=1, device="cpu")


def test_a_trial_is_a_run_that_anybody_can_repeat(searched):
    assert [trial.number for trial in searched.trials] == list(range(8))
    data = load_with_test("spirals", 128, seed=1)
    again = train([replace(BASE, **trial.params) for trial in searched.trials], "cpu", data=[data] * 8)
    for trial, run in zip(searched.trials, again, strict=True):
        assert trial.history.config == run.config
        assert trial.state == "complete"
        assert trial.value == pytest.approx(run.val_accuracy[-1], abs=1e-6)
        assert trial.test == pytest.approx(run.test_accuracy[-1], abs=1e-6)
        assert trial.epochs == 3
    assert searched.best.value == max(trial.value for trial in searched.trials)
    assert (searched.spent, searched.budget, searched.done) == (24, 24, True)


def test_importances_add_up_to_one_and_name_every_parameter(searched):
    assert searched.importances.keys() == SPACE.keys()
    assert sum(searched.importances.values()) == pytest.approx(1)


def test_equal_seeds_give_equal_searches():
    def params(seed):
        return [trial.params for trial in search(SQUARE, objective=hill, trials=5, seed=seed).trials]

    assert params(0) == params(0) != params(1)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_spends_the_budget_and_stays_in_the_space(sampler):
    space = {**SQUARE, "kind": Choices("a", "b")}
    result = search(space, objective=hill, sampler=sampler, trials=18)
    assert len(result.trials) == result.planned == result.spent == 18
    assert all(0 <= trial.params[name] <= 1 for trial in result.trials for name in SQUARE)
    assert {trial.params["kind"] for trial in result.trials} == {"a", "b"}


def test_a_grid_of_nine_is_three_by_three():
    trials = search(SQUARE, objective=hill, sampler="grid", trials=9).trials
    assert len({(trial.params["x"], trial.params["y"]) for trial in trials}) == 9
    assert sorted({trial.params["x"] for trial in trials}) == pytest.approx([1 / 6, 1 / 2, 5 / 6])


def test_a_sampler_that_looks_ends_nearer_to_the_top():
    """By the mean distance of the last 10 of 40 trials, over seeds."""

    def distance(sampler, seed):
        trials = search(SQUARE, objective=hill, sampler=sampler, trials=40, seed=seed).trials
        return np.mean([-trial.value for trial in trials[-10:]])

    assert np.mean([distance("tpe", seed) for seed in range(4)]) < np.mean(
        [distance("random", seed) for seed in range(4)]
    )


def test_best_so_far_never_falls_and_tells_the_same_trials_test(searched):
    values, tests = searched.best_so_far
    assert (np.diff(values) >= 0).all()
    assert (values[-1], tests[-1]) == (searched.best.value, searched.best.test)


def test_a_run_that_diverges_is_told_and_cannot_be_the_best():
    base = replace(BASE, l2=1000)  # each step multiplies the weights by 1 - 2000 lr
    result = search({"lr": Choices(1e3, 1e-5)}, base=base, sampler="grid", trials=2, device="cpu")
    states = {trial.params["lr"]: trial for trial in result.trials}
    assert (states[1e3].state, states[1e-5].state) == ("diverged", "complete")
    assert math.isnan(states[1e3].value)
    assert result.best is states[1e-5]
    assert math.isnan(search({"x": Uniform(0, 1)}, objective=lambda p: math.nan, trials=2).trials[0].value)


def test_results_come_while_nets_train_and_end_with_the_search(searched):
    results = list(search_steps(SPACE, base=BASE, trials=8, seed=1, device="cpu"))
    assert [result.done for result in results] == [False] * (len(results) - 1) + [True]
    assert {trial.state for trial in results[0].trials} == {"running"}
    last = results[-1].trials
    assert [trial.params for trial in last] == [trial.params for trial in searched.trials]
    assert [trial.value for trial in last] == pytest.approx([trial.value for trial in searched.trials], abs=0.02)


def test_a_watcher_may_say_how_many_moments_there_are():
    with search_steps(SPACE, base=BASE, trials=2, device="cpu", snapshots=6) as live:
        assert live.training is None
        next(live)
        assert live.training.device == "cpu"
        assert len(list(live)) == 6
        assert live.training is None


def test_stop_keeps_what_finished():
    with search_steps(SPACE, base=BASE, trials=6, batch=3, device="cpu") as live:
        for result in live:
            if len(result.trials) == 6 and result.trials[-1].epochs > 0:
                break
        stopped = live.stop()
    assert [trial.state for trial in stopped.trials] == ["complete"] * 3 + ["stopped"] * 3
    assert stopped.done
    assert stopped.best in stopped.trials[:3]
    assert list(live) == []


def test_halving_spends_the_same_epochs_on_more_trials_and_the_best_go_on():
    result = search(SPACE, base=BASE, sampler="halving", trials=4, device="cpu")
    assert (result.budget, result.spent, len(result.trials)) == (12, 12, 8)
    pruned, kept = ([trial for trial in result.trials if trial.state == state] for state in ("pruned", "complete"))
    assert ([trial.epochs for trial in pruned], [trial.epochs for trial in kept]) == ([1] * 6, [3] * 2)
    after_an_epoch = [[trial.history.val_accuracy[1] for trial in trials] for trials in (pruned, kept)]
    assert max(after_an_epoch[0]) <= min(after_an_epoch[1])
    assert [trial.value for trial in pruned] == pytest.approx(after_an_epoch[0])


def test_what_goes_on_is_what_it_would_have_been_alone():
    base = replace(BASE, batchnorm=True, dropout=0.2, input_noise=0.1, epochs=4)
    result = search(SPACE, base=base, sampler="halving", trials=5, device="cpu")
    data = load_with_test("spirals", 128)
    for trial in result.trials:
        if trial.state == "complete":
            (alone,) = train([replace(base, **trial.params)], "cpu", data=[data], evaluations=4)
            np.testing.assert_allclose(trial.history.train_loss, alone.train_loss, rtol=1e-3, atol=1e-4)
            np.testing.assert_allclose(trial.history.val_accuracy, alone.val_accuracy, atol=0.01)


@pytest.mark.parametrize(
    ("space", "changes", "message"),
    [
        ({}, {}, "leaves nothing to choose"),
        ({"rate": Uniform(0, 1)}, {}, "setting = 'rate' is not known"),
        ({"lr": Uniform(0, 1)}, {}, "lr = 0 learns nothing"),
        ({"lr": Uniform(-1, 1)}, {}, "lr = -1 learns nothing"),
        ({"dropout": Uniform(0, 2)}, {}, "dropout = 2 is out of range"),
        ({"lr": 0.1}, {}, "lr = 0.1 is no range"),
        (SPACE, {"sampler": "sobel"}, "did you mean 'sobol'"),
        (SPACE, {"trials": 0}, "trials = 0 is out of range"),
        (SPACE, {"sampler": "grid", "trials": 10**6}, "A grid of 1,000,000 points is more than anybody waits for"),
        (SPACE, {"trials": 10**6}, "trials = 1000000 is out of range"),
        ({"epochs": Choices(1, 2)}, {}, "epochs are what a search's budget is counted in"),
        (SPACE, {"base": None}, "give either base"),
        (SPACE, {"validation": 5000}, "validation = 5000 is out of range: choose .* the others are the test set"),
        (SPACE, {"validation": "9"}, "validation = '9' is not a whole number"),
        (SPACE, {"base": {"lr": 0.1}}, "base = {'lr': 0.1} is no config"),
        (SPACE, {"base": None, "objective": 3}, "objective = 3 cannot be called"),
        (SPACE, {"base": None, "objective": lambda p: None}, r"objective\({'lr': .*\) = None is not a number"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_one_line(space, changes, message):
    with pytest.raises(InvalidSetting, match=message) as refusal:
        search(space, **{"base": BASE, "trials": 4, "device": "cpu"} | changes)
    assert "\n" not in str(refusal.value)
