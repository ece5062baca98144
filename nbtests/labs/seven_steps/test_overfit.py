"""Step 2: the healthy net learns the sample by heart, and a net without signal does not."""

import numpy as np
import pytest

from nbtests.labs.using import run, trained


def test_the_sample_is_learned_by_heart(make):
    lab = make(show="overfit", batches=6)
    assert lab.text.startswith("Step 2 is passed when all training examples are right. Press Start.")
    result = trained(lab)
    assert (result.verdict.passed, lab.passed) == (True, [2])
    assert lab.text.startswith("Step 2 is passed: 150 of 150 training examples are right")
    np.testing.assert_allclose(run(lab)["losses"], result.histories[0].train_loss, rtol=1e-2, atol=1e-4)


@pytest.mark.parametrize(("lr", "word"), [(1e-4, "does not go down"), (10.0, "too high")])
def test_the_lectures_hints(make, lr, word):
    lab = make(show="overfit", sample_lr=lr)
    assert not trained(lab).verdict.passed
    assert word in lab.text


def test_no_learning_rate_helps_patient_b(make):
    lab = make(show="overfit", patient="b", sample_epochs=20)
    assert not trained(lab).verdict.passed
    assert "mend the net" in lab.text
    lab.set(repair="initialization", sample_epochs=40)
    lab.settle()
    assert lab.passed == []
    assert trained(lab).verdict.passed


def test_curves_do_not_give_wrong_labels_away(make):
    lab = make(show="overfit", patient="e")
    assert all(history.wrong_labels == 0 for history in lab.result.histories)
    (config,), _ = lab.view.configs(lab._named())
    assert config.label_noise > 0
