"""Behaviour: what cannot be trained is refused in one line; what runs out of memory is marked, and the others go on."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from nbtests.engine.training.test_train import SMALL, assert_same
from trainingwheels.engine import InvalidSetting, train, train_steps
from trainingwheels.engine.training import fleet as fleets
from trainingwheels.engine.training.fleet import Fleet


@pytest.mark.parametrize(
    ("change", "names"),
    [({"lr": -1}, "lr = -1"), ({"dropout": 1.0}, "dropout = 1"), ({"hiden": 3}, "hiden"), ({"seed": 3}, "seed")],
)
def test_a_change_that_cannot_be_is_refused(change, names):
    live = train_steps([SMALL], "cpu", snapshots=2)
    with pytest.raises(InvalidSetting, match=names) as refused:
        live.change(**change)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"lr": 1e7}, "lr = 10000000.0 is out of range"),
        ({"lr": float("nan")}, "lr = nan"),
        ({"batch_size": 500}, "batch_size = 500 is too large for 256"),
        ({"batch_size": 1, "batchnorm": True}, "batch_size = 1"),
        ({"train_size": 2_000, "dataset": "digits"}, "at most 1,437"),
        ({"train_size": 2, "dataset": "mnist1d"}, "one class only"),
        ({"dataset": "digit"}, "did you mean 'digits'"),
        ({"hidden": (0,)}, "hidden"),
        ({"optimizer": "adamm"}, "did you mean 'adam'"),
        ({"conv": (8,)}, "spirals is points of the plane"),
        ({"dataset": "digits", "conv": (8,), "kernel": 4}, "kernel = 4 is even"),
        ({"dataset": "digits", "conv": (8,) * 4}, "leaves less than one pixel of 8 x 8"),
        ({"dataset": "mnist1d", "conv": (8,), "pool": 41}, "pool = 41 is out of range"),
        ({"dataset": "digits", "conv": (8,), "preprocessing": "whiten"}, "which have no neighbours"),
        ({"dataset": "digits", "conv": (0,)}, r"conv\[0\] = 0"),
        ({"dataset": "digits", "conv": 16}, "conv = 16 is not a list"),
    ],
)
def test_bad_input_is_one_clear_line(values, words, monkeypatch):
    if values.get("dataset") == "mnist1d":
        values = values | {"dataset": "digits"}
        monkeypatch.setattr(
            "trainingwheels.engine.data.datasets._bundled_digits", lambda: (np.zeros((9, 64)), np.zeros(9, int)) * 2
        )
        fleets.load_dataset.cache_clear()
    with pytest.raises(InvalidSetting, match=words) as refused:
        train([replace(SMALL, **values)], "cpu")
    assert "\n" not in str(refused.value)
    assert "choose" in str(refused.value)
    fleets.load_dataset.cache_clear()


@pytest.mark.parametrize("device", ["cuda:99", "tpu", "", "meta"])
def test_an_absent_device_is_one_clear_line(device):
    with pytest.raises(InvalidSetting, match="choose auto or"):
        train([SMALL], device)


def test_no_runs_is_one_clear_line():
    with pytest.raises(InvalidSetting, match="choose at least one"):
        train([], "cpu")


def test_too_little_memory_for_all_is_enough_for_each(monkeypatch):
    runs = [replace(SMALL, lr=0.01 * (k + 1)) for k in range(5)]
    enough = train(runs, "cpu", dtype="float64")
    monkeypatch.setattr("trainingwheels.engine.training.fleet.free_memory", lambda device: 1_000_000)
    assert len(Fleet(runs, "cpu", "float64").lanes) > 1
    for a, b in zip(train(runs, "cpu", dtype="float64"), enough, strict=True):
        assert_same(a, b, rtol=1e-6)


def test_a_run_too_large_for_the_device_is_marked_and_the_others_go_on():
    huge, small = train([replace(SMALL, hidden=(8192,) * 100), SMALL], "cpu")
    assert "out of memory" in huge.failed
    assert "choose" in huge.failed
    assert len(huge.steps) == 0
    assert huge.best is None
    assert small.failed == ""
    assert len(small.steps) == 64


def test_memory_that_runs_out_under_way_is_marked(monkeypatch):
    live = train_steps([SMALL, replace(SMALL, batchnorm=True)], "cpu", snapshots=4)
    next(live), next(live)

    def fail(*arguments):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(live._fleet.lanes[1].group.population, "step", fail)
    *_, last = live
    assert [bool(history.failed) for history in last.histories] == [False, True]
    assert [len(history.steps) for history in last.histories] == [64, 16]
    assert [len(response.scores) for response in last.respond([[0.0, 0.0]])] == [1, 0]
    assert len(last.respond_of(1, [[0.0, 0.0]]).scores) == 0
