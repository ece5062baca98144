"""The integral: the script's means are the lab's; the picture's scale follows the kind of output."""

import numpy as np
import pytest

from nbtests.labs.using import change, run


@pytest.mark.parametrize("net", ["linear", "softmax", "deep"])
@pytest.mark.parametrize("settings", [{}, {"keep": 0.3, "units": 7, "size": 3.0, "seed": 5}])
def test_the_script(make, net, settings):
    lab = make(show="integral", net=net, **settings)
    names, result = run(lab), lab.result
    np.testing.assert_allclose(names["scaled"], result.scaled, atol=1e-9)
    np.testing.assert_allclose(names["arithmetic"], result.arithmetic, atol=1e-9)
    np.testing.assert_allclose(names["drawn"], result.drawn[-1], atol=1e-9)
    if net != "linear":
        np.testing.assert_allclose(names["geometric"], result.geometric, atol=1e-9)


def test_scores_have_a_scale_of_their_own(make):
    lab = make(show="integral", net="deep")
    axes = lab._picture._now._panels[0].axes
    assert axes.get_ylim() == (0, 1)
    assert axes.yaxis.get_major_formatter()(0.5) == "50 %"
    result = change(lab, net="linear", size=5.0)
    low, high = axes.get_ylim()
    assert low <= result.scaled.max() <= high
    assert "%" not in axes.yaxis.get_major_formatter()(0.5)
