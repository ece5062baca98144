"""What is along x, and that no value is lost on the way there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingwheels.engine import read_runs


def read(text):
    return read_runs("a.csv", text.encode())


def points(run):
    return dict(zip(run.steps.tolist(), run.train_loss.tolist(), strict=True))


def test_a_step_comes_before_an_epoch_and_both_before_counting():
    (run,) = read("epoch,step,loss\n0.5,10,2\n1,20,1\n")
    assert (run.x_is, run.steps.tolist()) == ("step", [10, 20])
    (run,) = read("epoch,step,loss\n1,,2\n2,,1\n")
    assert (run.x_is, run.steps.tolist()) == ("epoch", [1, 2])
    (run,) = read("time,loss\n0.5,2\n0.9,1\n")
    assert (run.x_is, run.steps.tolist()) == ("row", [1, 2])


def test_rows_without_a_step_are_left_out_and_said():
    (run,) = read("step,loss\n" + "".join(f"{step},1\n" for step in range(20)) + ",5\n")
    assert len(run.steps) == 20
    assert run.notes == ("1 row without a number in step left out",)


def test_a_curve_that_restarts_in_a_long_table_splits_no_other():
    """The keys stand below each other: x goes back from one to the next, which is no restart."""
    (run,) = read("step,key,value\n1,loss,4\n1,loss,2\n2,loss,1\n1,val_loss,5\n2,val_loss,6\n")
    assert (points(run), run.val_loss.tolist()) == ({1: 3, 2: 1}, [5, 6])
    first, second = read("step,key,value\n1,loss,4\n2,loss,2\n1,loss,3\n2,loss,1\n")
    assert (points(first), points(second)) == ({1: 4, 2: 2}, {1: 3, 2: 1})


def test_rows_of_a_phase_are_spread_within_their_epoch():
    (run,) = read("epoch,phase,loss\n0,train,4\n0,train,3\n0,val,5\n1,train,2\n1,train,1\n1,val,3\n")
    assert run.steps == pytest.approx([0, 1 / 3, 1, 4 / 3])
    assert run.eval_steps == pytest.approx([2 / 3, 5 / 3])


def test_what_is_out_of_order_too_often_is_averaged():
    steps = [number % 7 * 3 % 5 for number in range(60)]
    (run,) = read("step,loss\n" + "".join(f"{step},{step + place % 2}\n" for place, step in enumerate(steps)))
    assert run.notes == ("of several values at one step the mean is drawn",)
    assert run.steps.tolist() == sorted(set(steps))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 4), st.integers(1, 9)), min_size=1, max_size=12))
def test_no_value_is_lost_without_a_word(rows):
    """Whatever the order of the rows: all values are points, or a note says what became of them."""
    runs = read("run,epoch,loss\n" + "".join(f"{run},{epoch},{loss}\n" for run, epoch, loss in rows))
    found = sorted(float(value) for run in runs for value in run.train_loss)
    kept = found == sorted(float(loss) for *_, loss in rows)
    words = " ".join(note for run in runs for note in run.notes)
    assert kept or "the mean is drawn" in words or "the later values count" in words
