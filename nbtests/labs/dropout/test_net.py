"""The drawn net: buttons, script, and each training step seen with its mask."""

import numpy as np
import pytest

from nbtests.labs.using import change, run


def test_a_press_draws_another_mask_for_the_same_net(make):
    lab = make()
    before = lab.result
    lab.view.draw_another()
    lab.settle()
    assert lab.draw == 1
    assert lab.result.net is before.net
    assert any((a != b).any() for a, b in zip(lab.result.kept, before.kept, strict=True))
    for kind in ("vanilla", "inverted"):
        np.testing.assert_array_equal(lab.result.test[kind].out, before.test[kind].out)


def test_training_shows_each_step_with_its_mask(make):
    lab = make(step=10)
    shown, present = [], lab._present

    def watched(result):
        present(result)
        shown.append(lab.result.step)

    lab._present = watched
    lab.view.train()
    lab.settle()
    assert lab.step == 40
    assert shown == list(range(10, 41))
    lab.step = 300
    lab.settle()
    lab.view.train()
    lab.settle()
    assert lab.step == 30  # from the beginning


@pytest.mark.parametrize(
    "settings", [{}, {"bend": "linear", "keep": 0.8, "draw": 3, "example": 4, "step": 20, "seed": 2}]
)
def test_the_script_is_what_is_drawn(make, settings):
    lab = make(**settings)
    names, result = run(lab), lab.result
    for kind in ("vanilla", "inverted"):
        np.testing.assert_allclose(names[kind], result.masked[kind].out, atol=1e-8)
        np.testing.assert_allclose(names[f"{kind}_test"], result.test[kind].out, atol=1e-8)
        np.testing.assert_allclose(names[f"{kind}_mean"], result.expected[kind].out, atol=0.1)


def test_vanilla_and_inverted_differ_by_the_scale(make):
    result = change(make(), keep=0.4)
    np.testing.assert_allclose(result.masked["vanilla"].H1, 0.4 * result.masked["inverted"].H1)
    np.testing.assert_allclose(result.test["vanilla"].H1, 0.4 * result.test["inverted"].H1)
