"""How a number may be written in a cell."""

import numpy as np
import pandas as pd
import pytest

from trainingwheels.engine.records.cells import NOT_MEASURED, column_of


def one(text, whole=False):
    column = column_of(pd.Series([text, "x" * 3], dtype=object), whole)
    return column.values[0] if len(column.at) else None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.25", 0.25),
        (" 1e-3 ", 1e-3),
        ("2,5", 2.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("45.0%", 45.0),
        ("45 %", 45.0),
        ("−0.5", -0.5),
        ("tensor(0.5, device='cuda:0')", 0.5),
        ("[0.5]", 0.5),
        ("np.float64(0.5)", 0.5),
        ("inf", np.inf),
        ("-inf", -np.inf),
    ],
)
def test_a_number(text, number):
    assert one(text) == number


def test_thousands_of_what_is_counted():
    assert one("1,200", whole=True) == 1200
    assert one("1,200") == 1.2


@pytest.mark.parametrize("text", [*NOT_MEASURED, "None", "No log", "N/A", " "])
def test_what_was_not_measured_is_no_number_and_no_stranger(text):
    column = column_of(pd.Series(["1.5", text, "x"], dtype=object))
    assert (column.at.tolist(), column.strange, column.strangers) == ([0], (2, "x"), 1)


@pytest.mark.parametrize("text", ["nan", "NaN", "-nan(ind)"])
def test_nan_is_a_value_that_the_file_has(text):
    assert np.isnan(one(text))


def test_a_whole_number_beyond_all_floats_is_infinite():
    column = column_of(pd.Series(["9" * 400, "1", "none"], dtype=object))
    assert column.values.tolist() == [np.inf, 1]


def test_columns_of_numbers():
    assert column_of(pd.Series([1, 2])).values.tolist() == [1, 2]
    gaps = column_of(pd.Series([1.5, np.nan, 2.5]))
    assert (gaps.at.tolist(), gaps.values.tolist()) == ([0, 2], [1.5, 2.5])
    assert not column_of(pd.Series([True, False])).numeric
    assert not column_of(pd.Series(["00:12", "00:13"], dtype=object)).numeric
    assert column_of(pd.Series(["45%", "50"], dtype=object)).percent
