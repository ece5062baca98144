"""What a report says, and that it says nothing that is not so."""

import numpy as np
import pytest

from trainingwheels.engine import gradient_check
from trainingwheels.engine.gradients.differences import VERDICTS


def squares(x):
    return (x**2).sum()


def twice(x):
    return 2 * x


def test_nothing_judged_is_not_right():
    """A slope at a kink, between those on the two sides, and one lost in rounding."""
    kinked = gradient_check(lambda x: np.abs(x).sum(), np.zeros(3), np.sign)
    lost = gradient_check(squares, np.ones(3, np.float32), twice, h=3e-7, dtype="float32")
    for report in (kinked, lost):
        assert not report
        assert report.error == 0
        assert report.verdict.word == "not judged"
        assert report.verdict not in VERDICTS
        assert str(report).count("Not judged.") == 1
        assert "not judged: " in str(report).splitlines()[-1]


def test_one_array_of_which_nothing_is_known_is_named():
    report = gradient_check(
        lambda a, b: squares(a) + np.abs(b).sum(), (np.ones(3), np.zeros(2)), lambda a, b: (2 * a, np.sign(b))
    )
    assert not report
    assert str(report).endswith("not judged: nothing of x1 can be told at these kinks; check at another x.")


def test_a_forgotten_mask_is_asked_after():
    report = gradient_check(lambda x: np.maximum(0, x).sum(), -np.ones(3), np.ones_like)
    assert report.verdict.word == "probably wrong"
    assert "f does not change with x. It is flat there (a ReLU that is off: is its mask missing" in str(report)
    assert "reads something else" in str(report)


def test_many_names_are_cut_short():
    x = {f"b{place}": np.zeros(1) for place in range(5)}
    report = gradient_check(
        lambda p: sum(np.abs(b).sum() for b in p.values()), x, lambda p: {name: np.sign(b) for name, b in p.items()}
    )
    assert "nothing of b0, b1, b2 and 2 more can be told" in str(report)


def test_an_error_beside_entries_that_are_not_judged_is_an_error():
    report = gradient_check(lambda x: np.abs(x).sum(), np.array([0.0, 2.0]), lambda x: 1.1 * np.sign(x))
    assert report.verdict.word == "probably wrong"
    assert report.worst.worst_index == (1,)


def test_what_was_looked_at_more_closely_is_counted():
    report = gradient_check(lambda x: np.maximum(0, x).sum(), np.array([1.0, 1e-6, 3e-7]), lambda x: 1.0 * (x > 0))
    assert report.ok
    assert "2 entries have a kink or a sharp bend within h" in str(report)
    assert "down to 1e-07" in str(report)


@pytest.mark.parametrize("wrong", [0.0, 1.0, 1e-6])
def test_at_a_minimum_only_zero_is_right(wrong):
    report = gradient_check(lambda x: 1 + squares(x), np.zeros(3), lambda x: x + wrong)
    assert report.ok is (wrong == 0)
    assert ("both gradients are zero everywhere" in str(report)) is (wrong == 0)
