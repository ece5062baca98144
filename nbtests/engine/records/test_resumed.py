"""Logs whose epochs begin again: one run that was taken up again, or several."""

import numpy as np
import pytest

from trainingwheels.engine import read_runs


def read(rows):
    text = "".join(f"{','.join(map(str, row))}\n" for row in [("epoch", "loss", "val_loss"), *rows])
    return read_runs("log.csv", text.encode())


def falling(begin, end, start=3.0, rate=0.3, shift=0):
    """Rows of a run whose losses fall from ``start``, its epochs counted from ``shift`` on."""
    return [(t - shift, start * np.exp(-rate * t), start * np.exp(-rate * t) + 0.2) for t in range(begin, end)]


@pytest.mark.parametrize("cut", [3, 5, 8])
def test_a_run_whose_epochs_are_counted_anew_is_counted_on(cut):
    (run,) = read([*falling(0, cut), *falling(cut, 12, shift=cut)])
    assert run.steps.tolist() == list(range(12))
    np.testing.assert_allclose(run.train_loss, [loss for _, loss, _ in falling(0, 12)], rtol=1e-6)
    assert f"epoch begins again at 0: taken up again, counted on from {cut}" in run.notes


@pytest.mark.parametrize("back", [1, 2, 4])
def test_of_epochs_that_were_done_again_the_later_values_count(back):
    again = [(epoch, loss * 0.98, val) for epoch, loss, val in falling(8 - back, 12)]
    (run,) = read([*falling(0, 8), *again])
    assert run.steps.tolist() == list(range(12))
    assert run.train_loss[8 - back] == pytest.approx(again[0][1])
    what = "7 stands twice" if back == 1 else f"goes back from 7 to {8 - back}"
    assert f"epoch {what}: taken up again, the later values count" in run.notes


def test_what_was_taken_up_before_its_end_and_ended_earlier_ends_there():
    (run,) = read([*falling(0, 9), *falling(4, 6)])
    assert run.steps.tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.8])
def test_a_run_that_begins_where_the_first_did_is_another(rate):
    runs = read([*falling(0, 6), *falling(0, 6, start=2.9, rate=rate)])
    assert [run.name for run in runs] == ["log, part 1", "log, part 2"]
    assert all("epoch begins again: 2 runs, one after the other" in run.notes for run in runs)


def test_a_run_that_was_taken_up_and_then_another():
    runs = read([*falling(0, 6), *falling(6, 9, shift=6), *falling(0, 5)])
    assert [len(run.steps) for run in runs] == [9, 5]
    assert "epoch begins again: 2 runs, one after the other" in runs[0].notes


def test_runs_that_hardly_learn_are_not_joined():
    """Where the last loss is as the first, nothing tells whether a run goes on: what a file parts stays apart."""
    assert len(read([(t, 2.3, 2.3) for t in (0, 1, 2, 0, 1, 2)])) == 2
