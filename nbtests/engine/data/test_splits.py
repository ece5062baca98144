"""Three parts and folds: nothing is in two of them, and nothing is prepared by what it is judged by."""

import numpy as np
import pytest

from trainingwheels.engine import InvalidSetting, load_dataset
from trainingwheels.engine.data.splits import folded, folded_within, load_with_test


def rows(*arrays):
    return sorted(map(tuple, np.concatenate(arrays)))


def test_the_test_set_is_what_nobody_trains_on_or_chooses_by():
    given, data = load_dataset("digits"), load_with_test("digits", seed=3)
    assert (data.X_train == given.X_train).all()
    assert (len(data.y_val), len(data.y_test)) == (180, 180)
    assert rows(data.X_val, data.X_test) == rows(given.X_val)
    assert (load_with_test("digits", seed=4).X_val != data.X_val).any()


def test_training_examples_that_are_left_over_are_tested_on():
    given, data = load_dataset("digits"), load_with_test("digits", 437, validation=100)
    assert (len(data.y_train), len(data.y_val), len(data.y_test)) == (437, 100, 1260)
    assert rows(data.X_train, data.X_val, data.X_test) == rows(given.X_train, given.X_val)


def test_each_example_is_left_out_once():
    given, sets = load_dataset("digits"), folded("digits", 5, seed=1)
    assert [len(data.y_val) for data in sets] == [287] * 5
    assert [len(data.y_train) for data in sets] == [1148] * 5
    left_out = rows(*[data.X_val for data in sets])
    for data in sets:
        assert rows(data.X_train, data.X_val) == left_out
        assert (data.X_test == given.X_val).all()


def test_preprocessing_knows_what_is_trained_on_alone():
    for data in (*folded("digits", 4, preprocessing="normalize"), load_with_test("digits", 300, None, "normalize")):
        np.testing.assert_allclose(data.X_train.mean(axis=0), 0, atol=1e-4)
        assert np.abs(data.X_val.mean(axis=0)).max() > 1e-3


def test_folds_within_a_fold_never_see_it():
    outer = folded("digits", 3, 300, seed=2)
    for fold, sets in zip(outer, folded_within("digits", 3, 4, 300, seed=2), strict=True):
        for data in sets:
            assert rows(data.X_test) == rows(fold.X_val)
            assert rows(data.X_train, data.X_val) == rows(fold.X_train)


def test_what_cannot_be_split_is_refused():
    with pytest.raises(InvalidSetting, match="folds = 1 is out of range: choose a whole number from 2 to 1,437 parts"):
        folded("digits", 1)
    with pytest.raises(InvalidSetting, match=r"validation = 360 is out of range: .* the others are the test set"):
        load_with_test("digits", validation=360)
