"""How numbers stand in delimited text."""

import pytest

from trainingwheels.engine import read_runs


def test_thousands_beside_points_are_no_decimals():
    (run,) = read_runs("a.tsv", b"step\tloss\n1,000\t2.3\n2,000\t2.1\n10,000\t1.9\n")
    assert run.steps.tolist() == [1000, 2000, 10000]
    assert run.train_loss == pytest.approx([2.3, 2.1, 1.9])


def test_decimal_commas_where_no_point_stands():
    (run,) = read_runs("a.tsv", b"step\tloss\n1\t2,3\n2\t2,1\n")
    assert run.steps.tolist() == [1, 2]
    assert run.train_loss == pytest.approx([2.3, 2.1])


def test_the_tables_of_catboost():
    (run,) = read_runs("learn_error.tsv", b"iter\tLogloss\n0\t0.5\n1\t0.25\n")
    assert (run.steps.tolist(), run.train_loss.tolist()) == ([0, 1], [0.5, 0.25])
    (run,) = read_runs("both.tsv", b"iter\tlearn Logloss\ttest Logloss\n0\t0.5\t0.75\n1\t0.25\t0.5\n")
    assert (run.train_loss.tolist(), run.val_loss.tolist()) == ([0.5, 0.25], [0.75, 0.5])


def test_parts_of_the_data_are_no_runs_side_by_side():
    (run,) = read_runs("a.csv", b"epoch,train - loss,val - loss\n1,2,3\n2,1,2\n")
    assert (run.train_loss.tolist(), run.val_loss.tolist()) == ([2, 1], [3, 2])
