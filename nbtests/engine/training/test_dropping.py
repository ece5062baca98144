"""Behaviour: runs that end before the others, whose numbers stay what they were."""

from dataclasses import replace

import numpy as np
import pytest

from trainingwheels.engine import RunConfig, train, train_steps

BASE = RunConfig(dataset="spirals", hidden=(8,), epochs=4, train_size=64, batch_size=16, optimizer="adam", lr=0.01)


@pytest.mark.parametrize(
    "runs",
    [
        [replace(BASE, lr=lr, dropout=0.2, batchnorm=True) for lr in (0.01, 0.02, 0.03)],
        [replace(BASE, seed=seed) for seed in range(3)],
        [replace(BASE, batchnorm=True), replace(BASE, hidden=(4, 4)), BASE],
    ],
    ids=["one block", "blocks", "groups"],
)
def test_the_others_go_on_as_if_nothing_had_been(runs):
    whole = train(runs, "cpu", evaluations=4, dtype="float64")
    live = train_steps(runs, "cpu", snapshots=4, dtype="float64")
    next(live), next(live)
    live.drop([1])
    *_, last = live
    for run, alone, steps in zip(last.histories, whole, (16, 4, 16), strict=True):
        assert len(run.steps) == steps
        for name in ("train_loss", "lr"):
            np.testing.assert_allclose(getattr(run, name), getattr(alone, name)[:steps], rtol=1e-5)
        for name in ("val_accuracy", "val_loss", "train_accuracy"):
            np.testing.assert_allclose(getattr(run, name), getattr(alone, name)[: 1 + steps // 4], atol=1e-6)
    assert last.since[1] == 4
    assert last.done


def test_a_training_from_which_all_are_dropped_ends():
    live = train_steps([BASE, replace(BASE, lr=0.1)], "cpu", snapshots=4)
    next(live), next(live)
    live.drop([0, 1])
    *_, last = live
    assert [len(run.steps) for run in last.histories] == [4, 4]
    assert last.frozen == ()
