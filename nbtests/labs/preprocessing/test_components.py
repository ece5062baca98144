"""Components: the script and the slide say what the engine found."""

import numpy as np
import pytest

from nbtests.labs.using import apply, run
from nbtests.words import numbers


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
    view = apply(lab, "components")
    assert view.components.kept(12) == pytest.approx(0.79, abs=0.01)
    assert numbers("# of 64 components keep # % of the variance", lab.text) == pytest.approx(
        [12, 100 * view.components.kept(12)], abs=0.51
    )
