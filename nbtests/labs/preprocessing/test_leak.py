"""Whose statistics: the script and the slide say what the engine found."""

import numpy as np
import pytest

from nbtests.labs.preprocessing.conftest import apply, change, run
from trainingwheels.engine import PREPROCESSING


@pytest.mark.parametrize("method", PREPROCESSING)
def test_the_script_of_the_leak(make, method):
    lab = make(show="leak", method=method, train_size=300, test_size=100, drift=0.1)
    for name, values in run(lab)["accuracies"].items():
        np.testing.assert_allclose(values, lab.result.accuracies[name], atol=0.021)  # rounding tips an image or two


def test_the_honest_statistics_slide_is_right(make):
    lab = make()
    view = apply(lab, "leak")
    means = [view.accuracies[name].mean() for name in ("train", "both", "test")]
    assert means == pytest.approx([0.51, 0.57, 0.75], abs=0.01)  # rounding tips an image or two
    view = change(lab, train_size=512)
    assert all(abs(view.difference(name).mean()) < 0.003 for name in ("both", "test"))
    assert lab.text.count("no effect can be told from chance") == 2
