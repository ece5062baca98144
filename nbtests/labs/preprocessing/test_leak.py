"""Whose statistics: the script and the slide say what the engine found."""

import numpy as np
import pytest

from nbtests.labs.using import apply, change, run
from trainingwheels.engine import PREPROCESSING


@pytest.mark.parametrize("method", PREPROCESSING)
def test_the_script_of_the_leak(make, method):
    lab = make(show="leak", method=method, train_size=300, test_size=100, drift=0.1)
    names = run(lab)
    for name in lab.result.test:  # rounding tips an image or two
        np.testing.assert_allclose(names["accuracies"][name], lab.result.test[name], atol=0.021)
        np.testing.assert_allclose(names["unseen"][name], lab.result.unseen[name], atol=0.021)


def test_the_honest_statistics_slide_is_right(make):
    lab = make()
    view = apply(lab, "leak")
    means = [view.test[name].mean() for name in ("train", "both", "test")]
    assert means == pytest.approx([0.51, 0.57, 0.75], abs=0.01)  # rounding tips an image or two
    unseen = [view.unseen[name].mean() for name in ("train", "both", "test")]
    assert unseen == pytest.approx(means, abs=0.02)
    view = change(lab, train_size=512)
    assert all(abs(view.change(name).mean()) < 0.003 for name in ("both", "test"))
    assert lab.text.count("no change that can be told from chance") == 2
