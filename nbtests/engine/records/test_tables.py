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
