"""Sets made of others by their names: the classes, the ways to see them, what their code leaves, and refusals."""

import numpy as np
import pytest

from trainingwheels.engine import DATASETS, InvalidSetting, RunConfig, load_dataset
from trainingwheels.engine.data.kin import VIEWINGS

NAMES = [
    "digits-0-4",
    "digits-5-9",
    "digits-turned-3-4",
    "mnist1d-0-4",
    "spirals-1-2",
    *(f"digits-{v}" for v in VIEWINGS),
]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_set_like_any_other(name):
    data, dataset = load_dataset(name), DATASETS[name]
    assert dataset.name == name
    assert name not in list(DATASETS)  # none of endlessly many is listed
    assert RunConfig(dataset=name).dataset == name
    for X, y in ((data.X_train, data.y_train), (data.X_val, data.y_val)):
        assert X.shape == (len(y), dataset.features)
        assert set(np.unique(y)) == set(range(dataset.classes))
    assert len(data.y_train) == dataset.examples


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [None, 40])
def test_its_code_leaves_the_same(name, size):
    names = {"np": np}
    dataset, data = DATASETS[name], load_dataset(name, size)
    exec(dataset.code.replace("{size}", str(size or 500)).replace("{noise}", str(dataset.noise)), names)
    there = slice(None) if dataset.noise is not None else slice(size)
    np.testing.assert_array_equal(names["X_train"][there].astype(np.float32), data.X_train)
    np.testing.assert_array_equal(names["y_train"][there], data.y_train)
    np.testing.assert_array_equal(names["X_val"].astype(np.float32), data.X_val)


def test_classes_are_counted_anew_and_the_two_halves_are_all():
    whole, low, high = (load_dataset(name) for name in ("digits", "digits-0-4", "digits-5-9"))
    np.testing.assert_array_equal(low.X_val, whole.X_val[whole.y_val < 5])
    np.testing.assert_array_equal(high.y_val, whole.y_val[whole.y_val > 4] - 5)


def test_a_turned_digit_is_a_digit_that_is_turned_back():
    plain, turned = (load_dataset(name).X_val[0].reshape(8, 8) for name in ("digits", "digits-turned"))
    np.testing.assert_array_equal(np.rot90(turned, -1), plain)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("digits-5-12", "dataset = 'digits-5-12' is not there: digits has the classes 0 to 9; choose two or more"),
        ("digits-4-4", "dataset = 'digits-4-4' is not there"),
        ("digits-9-5", "dataset = 'digits-9-5' is not there"),
        ("digit-0-4", "dataset = 'digit-0-4' is not known: did you mean 'digits'?"),
        ("digits-upside-0-4", "dataset = 'digits-upside-0-4' is not known"),
        ("spirals-turned", "dataset = 'spirals-turned' turns images, and spirals has none"),
        ("digits-" + "9" * 400, "dataset = 'digits-99"),
    ],
)
def test_an_unknown_one_is_one_line(name, says):
    with pytest.raises(InvalidSetting) as refused:
        RunConfig(dataset=name)
    assert str(refused.value).startswith(says)
    assert "\n" not in str(refused.value)
    assert name not in DATASETS
