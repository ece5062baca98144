"""Weights that turn: the script and the slide say what the engine found."""

import numpy as np
import pytest

from nbtests.labs.using import apply, run


@pytest.mark.parametrize("settings", [{}, {"turn": -40.0, "after": "normalized", "shift_y": -6.0, "points": 50}])
def test_the_script_of_turning_weights(make, settings):
    lab = make(show="turn", **settings)
    losses = run(lab)["losses"]
    for name, turned in lab.result.steps.items():
        if name in ("decorrelated", "whitened"):
            continue  # eigh leaves the signs of the axes open, and with one mirrored the turn goes the other way
        assert losses[name, "best"] == pytest.approx(turned.lowest, rel=1e-3)
        assert losses[name, "turned"] == pytest.approx(np.interp(lab.turn, np.arange(-90, 91), turned.losses), rel=1e-3)


def test_the_why_it_matters_slide_is_right(make):
    view = apply(make(), "why-it-matters")
    turns = [view.steps[name].turn_to() for name in ("original", "centred", "whitened")]
    assert turns == pytest.approx([5, 11.5, 28], abs=0.5)
