"""Components: the script and the slide say what the engine found."""

import numpy as np
import pytest

from nbtests.labs.preprocessing.conftest import apply, run


@pytest.mark.parametrize("settings", [{}, {"examples": 20, "keep": 40}])
def test_the_script_of_the_components(make, settings):
    lab = make(show="components", **settings)
    left, view = run(lab), lab.result
    assert left["kept"] == pytest.approx(view.components.kept(view.k), abs=1e-4)
    some = len(view.images)
    if lab.keep < view.components.rank:  # beyond it any axes will do
        np.testing.assert_allclose(left["rebuilt"][:some], view.components.rebuilt(view.images, view.k), atol=1e-3)
    np.testing.assert_allclose(left["whitened"][:some], view.components.whitened(view.images), rtol=0.05, atol=0.05)


def test_the_components_slide_is_right(make):
    lab = make()
    apply(lab, "components")
    assert "12 of 64 components keep 79 % of the variance" in lab.text
