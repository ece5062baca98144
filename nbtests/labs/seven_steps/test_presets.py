"""The slides: what each answer says is so."""

import numpy as np
import pytest

from nbtests.labs.using import apply, trained


def ended(lab, name):
    result = apply(lab, name)
    return result if lab._nets is None else trained(lab)


@pytest.mark.parametrize(
    ("name", "passed"),
    [("patient-a", False), ("patient-b", False), ("patient-c", False), ("patient-d", False)],
)
def test_a_patient_is_stopped_where_the_slide_says(make, name, passed):
    assert ended(make(), name).verdict.passed == passed


def test_patient_a_begins_ten_times_as_high_g_even_higher_and_b_where_it_should(make):
    lab = make()
    high = apply(lab, "patient-a")
    assert high.losses.min() > 10 * high.even
    assert apply(lab, "patient-g").losses.mean() > 50 * high.even
    lab.repair = "initialization"
    lab.settle()
    assert not lab.result.verdict.passed
    lab.repair = "inputs"
    lab.settle()
    assert lab.result.verdict.passed
    lab.set(patient="b", repair="none")
    lab.settle()
    np.testing.assert_allclose(lab.result.losses, lab.result.even, atol=5e-4)


def test_two_of_four_rates_work(make):
    left = ended(make(), "four-rates").lines[0].y  # of 0.0001, 0.001, 0.01, 0.1
    assert left[3] < 0.2
    assert left[2] < 0.3
    assert 0.5 < left[1] < 0.9 < left[0]


def test_the_learning_rate_matters_more_than_a_small_decay(make):
    val = np.array([line.y for line in ended(make(), "coarse").lines])
    assert np.ptp(val, axis=1).max() > 0.1
    assert np.ptp(val[:, :3], axis=0).max() < 0.03


def test_patient_e_knows_fewer_of_its_own(make):
    runs = ended(lab := make(), "patient-e").curves.histories
    assert "look at the training labels" in lab.text
    assert max(run.val_accuracy[-1] for run in runs) > 0.9
    assert all(run.train_accuracy[-1] < run.val_accuracy[-1] - 0.1 for run in runs)
