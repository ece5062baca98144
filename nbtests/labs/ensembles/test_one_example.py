"""One example: the most disputed first, and a click chooses."""

import numpy as np
import pytest

from nbtests.labs.ensembles.conftest import FEW
from nbtests.labs.using import change
from nbtests.words import numbers


def test_the_most_disputed_come_first_and_are_told(make):
    lab = make(show="example", **FEW)
    votes = [np.bincount(each, minlength=10).max() for each in lab.result.p.argmax(axis=2).T]
    assert votes == sorted(votes)
    for pick in (1, 9, 32):
        result = change(lab, pick=pick)
        label, average = result.labels[pick - 1], result.average[pick - 1]
        said = int(average.argmax())
        assert lab.text.startswith(f"It is {'an' if label == 8 else 'a'} {label}.")
        assert numbers(f"gives {said} a probability of # %", lab.text)[0] == pytest.approx(
            100 * average[said], abs=0.51
        )
        assert f"and is {'right' if said == label else 'wrong'}" in lab.text


def test_what_is_clicked_on_is_chosen(make):
    lab = make(show="example", **FEW)
    for at in (6, 32):
        assert lab.view.drag(lab._named(), at, at) == {"pick": at}
    assert lab._picture.point(2, 2) is None
