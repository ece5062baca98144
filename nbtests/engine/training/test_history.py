import pytest

from trainingwheels.engine.training.history import place


@pytest.mark.parametrize(
    ("x_is", "step", "words"),
    [
        ("step", 0, "step 0"),
        ("step", 1200, "step 1,200"),
        ("epoch", 100.0, "epoch 100"),
        ("epoch", 8 / 3, "epoch 2.67"),
        ("epoch", 1.5, "epoch 1.5"),
    ],
)
def test_a_place_has_no_more_digits_than_it_needs(x_is, step, words):
    assert place(x_is, step) == words
