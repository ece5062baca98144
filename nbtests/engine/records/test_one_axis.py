"""Runs that count steps beside runs that count epochs."""

import numpy as np
import pytest

from nbtests.figures.made_runs import made_history
from trainingwheels.engine import read_runs, write_csv
from trainingwheels.engine.records.one_axis import on_one_axis
from trainingwheels.engine.training.history import SHARE, place

(EPOCHS,) = read_runs("keras.csv", b"epoch,loss,val_loss,val_acc\n0,2,2.1,0.5\n1,1,1.2,0.75\n2,0.7,1,0.8\n")
(STEPS,) = read_runs("steps.csv", b"step,loss\n10,2\n20,1\n30,0.5\n")
TRAINED = made_history(30, evaluations=4, lr=0.1)  # 7 steps are an epoch


def test_steps_become_epochs_where_it_is_known_how_many_those_are():
    kept, converted = on_one_axis([EPOCHS, TRAINED])
    assert kept is EPOCHS
    assert converted.x_is == "epoch"
    np.testing.assert_allclose(converted.steps, TRAINED.steps / 7)
    np.testing.assert_allclose(converted.eval_steps, TRAINED.eval_steps / 7)
    np.testing.assert_array_equal(converted.train_loss, TRAINED.train_loss)
    assert converted.best.step == pytest.approx(TRAINED.best.step / 7)
    assert converted.chance == TRAINED.chance


def test_where_it_is_not_known_of_all_each_is_over_the_share_of_its_own_run():
    runs = on_one_axis([EPOCHS, STEPS, TRAINED])
    assert {run.x_is for run in runs} == {SHARE}
    assert [run.steps[-1] for run in runs] == pytest.approx([100, 100, 100])
    np.testing.assert_allclose(runs[1].steps, [100 / 3, 200 / 3, 100])
    assert place(SHARE, runs[0].best.step) == "100 % of the run"


def test_runs_that_count_alike_stay_what_they_are():
    for runs in ([STEPS, TRAINED], [EPOCHS], []):
        assert all(one is other for one, other in zip(on_one_axis(runs), runs, strict=True))


def test_a_run_that_is_nowhere_but_at_its_beginning():
    (nowhere,) = read_runs("one.csv", b"epoch,loss,val_loss\n0,2,2.1\n")
    assert on_one_axis([nowhere, STEPS])[0].steps.tolist() == [0]


def test_a_run_that_diverged_did_so_within_its_epoch():
    run = on_one_axis([EPOCHS, made_history(30, seed=1, diverged_at=12, lr=1.0)])[1]
    assert run.diverged_at == pytest.approx(12 / 7)


def test_a_file_of_both_is_read_again():
    runs = read_runs("both.csv", write_csv({"keras": EPOCHS, "steps": STEPS}).encode())
    assert [(run.name, run.x_is, run.steps.tolist()) for run in runs] == [
        ("keras", "epoch", [0, 1, 2]),
        ("steps", "step", [10, 20, 30]),
    ]
