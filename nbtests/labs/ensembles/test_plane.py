"""In the plane: the average is that of the first nets, and what is said of it."""

import numpy as np
import pytest

from nbtests.labs.using import change
from nbtests.words import numbers
from trainingwheels.engine.evaluation import combine


def test_the_average_is_that_of_the_first_nets(make):
    lab = make(show="plane", learned=16)
    for together in (2, 7):
        result = change(lab, together=together)
        p = np.stack([plane.probabilities for plane in result.planes])
        np.testing.assert_allclose(result.together.probabilities, combine(p[:together]))
        assert f"the first {together} are right" in lab.text
        chosen = p[:together].argmax(axis=-1)
        share = (chosen != chosen[0]).any(axis=0).mean()
        assert numbers("They disagree on # %", lab.text)[0] == pytest.approx(100 * share, abs=0.51)
