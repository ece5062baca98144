"""Gradient descent: the script and the slide say what the engine found."""

import pytest

from nbtests.labs.using import apply, run


@pytest.mark.parametrize("settings", [{}, {"condition": 200.0, "rate": 0.7, "angle": 80.0}, {"rate": 2.1}])
def test_the_script_of_gradient_descent_takes_as_many_steps(make, settings):
    lab = make(show="descent", **settings)
    taken = run(lab)["taken"]
    for name, steps in lab.result.steps.items():
        assert taken[name] == steps or abs(taken[name] - steps) <= 1e-3 * steps + 1


def test_the_gradient_descent_slide_is_right(make):
    view = apply(make(), "gradient-descent")
    steps = [view.steps[name] for name in ("centred", "whitened", "normalized", "original")]
    assert steps == pytest.approx([90, 10, 79, 208], abs=1)  # a loss just above the goal takes one step more
